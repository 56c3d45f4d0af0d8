import type { Sha256 } from './bytes.ts'
import { decodeKeyCertificate, type KeyCertificate } from './key-certificate.ts'
import { decodeLicenseCode, type LicenseCode } from './license-code.ts'
import { type Objects, objectsIn, type TextFault } from './objects.ts'
import type { Guarded } from './spelling.ts'
import { hashed } from './steps.ts'

export type { TextFault } from './objects.ts'

/** Reads the objects of a text at once; a reader may remember what it read. */
export type Reader = (text: unknown, sha256: Sha256) => TextFault | Objects

/** `objectsIn` of a license text. */
export const readObjects: Reader = (text, sha256) => hashed(objectsIn(text, 1), sha256)

/** Reads one to 16 key certificates and nothing beside them, as tolerantly as a license text. */
export function readCertificates(text: unknown, sha256: Sha256): TextFault | readonly Guarded[] {
  const read = hashed(objectsIn(text, 0), sha256)
  return typeof read === 'string' ? read : read[1]
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
  const read = readObjects(text, sha256)
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

const certificateOf = ([body, signature, digest]: Guarded): SignedCertificate => ({
  value: decodeKeyCertificate(body)!,
  body,
  signature,
  digest,
})

/** The license text: objects as they were written, one space between them. */
export function writeLicenseText(code: string, certificates: readonly string[]): string {
  return [code, ...certificates].join(' ')
}
