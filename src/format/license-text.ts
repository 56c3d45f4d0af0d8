import type { Sha256 } from './bytes.ts'
import { decodeKeyCertificate, type KeyCertificate } from './key-certificate.ts'
import { decodeLicenseCode, type LicenseCode } from './license-code.ts'
import { CERTIFICATES_PER_TEXT, LICENSE_TEXT_BYTES } from './limits.ts'
import { foldPaste } from './paste.ts'
import { type Guarded, isCode, splitObjects, unspell } from './spelling.ts'

/** An object that was read. The check symbols agreed; the signature was not verified. */
export interface SignedObject<T> extends Guarded {
  readonly value: T
}

export type SignedCode = SignedObject<LicenseCode>
export interface SignedCertificate extends SignedObject<KeyCertificate> {
  /** The digest as a text: what was found out about a certificate is kept under it. */
  readonly name: string
}

/** Why a text is not read, in the order of the checks: each is judged on all objects before the next. */
export type TextFault = 'malformed' | 'mistyped' | 'unsupported_version'

/** What stands in a text: its license code, if one is asked for, and the certificates in their order. */
export type Objects = readonly [code: SignedCode | null, certificates: readonly SignedCertificate[]]

/** Reads the objects of a text; a reader may remember what it read. */
export type Reader = (text: string, sha256: Sha256) => TextFault | Objects

/**
 * Reads what a customer pasted: one license code and up to 16 key certificates, in any order (contract 1.2).
 * Tolerates what `paste.ts` lists and nothing else. Verifies no signature.
 */
export const readObjects: Reader = (text, sha256) => readWhole(text, sha256, 1)

/** Reads one to 16 key certificates and nothing beside them, as tolerantly as a license text. */
export function readCertificates(text: string, sha256: Sha256): TextFault | readonly SignedCertificate[] {
  const read = readWhole(text, sha256, 0)
  return typeof read === 'string' ? read : read[1]
}

/** `codes` is how many license codes the text has to hold. */
function readWhole(text: string, sha256: Sha256, codes: 0 | 1): TextFault | Objects {
  const folded = foldPaste(text, LICENSE_TEXT_BYTES)
  const spelled = folded && splitObjects(folded)
  if (!spelled || spelled.length === 0) return 'malformed'
  const count = spelled.filter(isCode).length
  if (count !== codes || spelled.length - count > CERTIFICATES_PER_TEXT) return 'malformed'
  let code: SignedCode | null = null
  const certificates: SignedCertificate[] = []
  let isSupported = true
  for (const text of spelled) {
    const object = unspell(text, sha256)
    if (object === null) return 'mistyped'
    const { body, signature, digest } = object
    if (isCode(text)) {
      const value = decodeLicenseCode(body)
      if (value) code = { value, body, signature, digest }
      else isSupported = false
    } else {
      const value = decodeKeyCertificate(body)
      if (value) certificates.push({ value, body, signature, digest, name: String.fromCharCode(...digest) })
      else isSupported = false
    }
  }
  return isSupported ? [code, certificates] : 'unsupported_version'
}

export type LicenseTextRead =
  | {
      readonly ok: true
      readonly code: SignedCode
      /** In the order of the text. */
      readonly certificates: readonly SignedCertificate[]
    }
  | { readonly ok: false; readonly reason: TextFault }

export type KeyCertificateRead =
  | { readonly ok: true; readonly certificate: SignedCertificate }
  | { readonly ok: false; readonly reason: TextFault }

/** `readObjects` of a text on its own. */
export function readLicenseText(text: string, sha256: Sha256): LicenseTextRead {
  const read = readWhole(text, sha256, 1)
  if (typeof read === 'string') return { ok: false, reason: read }
  return { ok: true, code: read[0]!, certificates: read[1] }
}

/** Reads one key certificate and nothing beside it, as tolerantly as a license text. */
export function readKeyCertificate(text: string, sha256: Sha256): KeyCertificateRead {
  const read = readCertificates(text, sha256)
  if (typeof read === 'string') return { ok: false, reason: read }
  const [certificate] = read
  return certificate && read.length === 1 ? { ok: true, certificate } : { ok: false, reason: 'malformed' }
}

/** The license text: objects as they were written, one space between them. */
export function writeLicenseText(code: string, certificates: readonly string[]): string {
  return [code, ...certificates].join(' ')
}
