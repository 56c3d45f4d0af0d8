import type { Sha256 } from './bytes.ts'
import { decodeKeyCertificate, type KeyCertificate } from './key-certificate.ts'
import { VERSION } from './layout.ts'
import { decodeLicenseCode, type LicenseCode } from './license-code.ts'
import { CERTIFICATES_PER_TEXT, LICENSE_TEXT_BYTES } from './limits.ts'
import { foldPaste } from './paste.ts'
import { type Guarded, splitObjects, unspell } from './spelling.ts'

/** Why a text is not read, in the order of the checks: each is judged on all objects before the next. */
export type TextFault = 'malformed' | 'mistyped' | 'unsupported_version'

/** A certificate, and its digest as a text: what was found out about it is kept under that name. */
export type NamedCertificate = readonly [...Guarded, name: string]

/** What stands in a text: its license code, undefined where none is asked for, and its certificates in their order. */
export type Objects = readonly [code: Guarded | undefined, certificates: readonly NamedCertificate[]]

/** Reads the objects of a text; a reader may remember what it read. */
export type Reader = (text: unknown, sha256: Sha256) => TextFault | Objects

/**
 * Reads what a customer pasted: one license code and up to 16 key certificates, in any order (contract 1.2).
 * Tolerates what `paste.ts` lists and nothing else. Verifies no signature.
 */
export const readObjects: Reader = (text, sha256) => readWhole(text, sha256, 1)

/** Reads one to 16 key certificates and nothing beside them, as tolerantly as a license text. */
export function readCertificates(text: unknown, sha256: Sha256): TextFault | readonly NamedCertificate[] {
  const read = readWhole(text, sha256, 0)
  return typeof read === 'string' ? read : read[1]
}

/** `most` is how many license codes the text has to hold. */
function readWhole(text: unknown, sha256: Sha256, most: 0 | 1): TextFault | Objects {
  const folded = typeof text === 'string' ? foldPaste(text, LICENSE_TEXT_BYTES) : null
  const split = folded && splitObjects(folded)
  if (!split) return 'malformed'
  const [codes, certificates] = split
  const count = certificates.length
  if (codes.length !== most || count > CERTIFICATES_PER_TEXT || !(most + count)) return 'malformed'
  const read = [...codes, ...certificates].map((one) => unspell(one, sha256))
  if (!read.every((one) => one !== null)) return 'mistyped'
  // A flag that is unknown makes another layout: a code may have two, a certificate none.
  if (read.some(([[version, flags]], i) => version !== VERSION || flags! > (i < most ? 3 : 0)))
    return 'unsupported_version'
  return [read[most - 1], read.slice(most).map((one) => [...one, String.fromCharCode(...one[2])])]
}

/** An object that was read. The check symbols agreed; the signature was not verified. */
export interface SignedObject<T> {
  readonly value: T
  readonly body: Uint8Array
  readonly signature: Uint8Array
  /** SHA-256(prefix ‖ body ‖ signature). */
  readonly digest: Uint8Array
}

export type SignedCode = SignedObject<LicenseCode>
export type SignedCertificate = SignedObject<KeyCertificate>

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

/** `readObjects` of a text on its own, by name. */
export function readLicenseText(text: string, sha256: Sha256): LicenseTextRead {
  const read = readWhole(text, sha256, 1)
  if (typeof read === 'string') return { ok: false, reason: read }
  return { ok: true, code: codeOf(read[0]!), certificates: read[1].map(certificateOf) }
}

/** Reads one key certificate and nothing beside it, as tolerantly as a license text. */
export function readKeyCertificate(text: string, sha256: Sha256): KeyCertificateRead {
  const read = readCertificates(text, sha256)
  if (typeof read === 'string') return { ok: false, reason: read }
  const [certificate] = read
  return certificate && read.length === 1
    ? { ok: true, certificate: certificateOf(certificate) }
    : { ok: false, reason: 'malformed' }
}

/** The code with its fields; those of an object that was read can be decoded. */
export const codeOf = ([body, signature, digest]: Guarded): SignedCode => ({
  value: decodeLicenseCode(body)!,
  body,
  signature,
  digest,
})

const certificateOf = ([body, signature, digest]: NamedCertificate): SignedCertificate => ({
  value: decodeKeyCertificate(body)!,
  body,
  signature,
  digest,
})

/** The license text: objects as they were written, one space between them. */
export function writeLicenseText(code: string, certificates: readonly string[]): string {
  return [code, ...certificates].join(' ')
}
