import type { Sha256 } from './bytes.ts'
import { decodeKeyCertificate, type KeyCertificate } from './key-certificate.ts'
import { decodeLicenseCode, type LicenseCode } from './license-code.ts'
import { CERTIFICATES_PER_TEXT, LICENSE_TEXT_BYTES } from './limits.ts'
import { foldPaste } from './paste.ts'
import { checked, type Guarded, type Prefix, type Spelled, unspell } from './spelling.ts'

/** An object that was read. The check symbols agreed; the signature was not verified. */
export interface SignedObject<T> {
  readonly value: T
  readonly body: Uint8Array
  readonly signature: Uint8Array
  /** SHA-256(prefix ‖ body ‖ signature): the check symbols are its first 25 bits. */
  readonly digest: Uint8Array
}

/** Why a text is not read, in the order of the checks: each is judged on all objects before the next. */
export type TextFault = 'malformed' | 'mistyped' | 'unsupported_version'

export type LicenseTextRead =
  | {
      readonly ok: true
      readonly code: SignedObject<LicenseCode>
      /** In the order of the text. */
      readonly certificates: readonly SignedObject<KeyCertificate>[]
    }
  | { readonly ok: false; readonly reason: TextFault }

export type KeyCertificateRead =
  | { readonly ok: true; readonly certificate: SignedObject<KeyCertificate> }
  | { readonly ok: false; readonly reason: TextFault }

/** Certificates that were read before, by the exact text they stood in. */
export interface CertificateTexts {
  get(text: string): readonly SignedObject<KeyCertificate>[] | undefined
  set(text: string, certificates: readonly SignedObject<KeyCertificate>[]): void
}

/**
 * Reads what a customer pasted: one license code and up to 16 key certificates, in any order (contract 1.2).
 * Tolerates what `paste.ts` lists and nothing else. Verifies no signature. With `known`, certificates that end a
 * text as they ended one before are not read again: all codes of a key end alike. The result is the same.
 */
export function readLicenseText(text: string, sha256: Sha256, known?: CertificateTexts): LicenseTextRead {
  // A character takes 3 bytes at most: shorter texts are within the limit whatever they hold.
  const at = text.length * 3 > LICENSE_TEXT_BYTES ? -1 : text.indexOf('LK1-')
  if (known === undefined || at <= 0) return readWhole(text, sha256)
  const tail = text.slice(at)
  const certificates = known.get(tail)
  // Only where the part before them is a whole code is the cut one between two objects.
  const head = certificates === undefined ? null : readWhole(text.slice(0, at), sha256)
  if (head?.ok && certificates !== undefined && head.certificates.length === 0)
    return { ...head, certificates }
  const read = readWhole(text, sha256)
  if (read.ok && read.certificates.length === objectsIn(tail)) known.set(tail, read.certificates)
  return read
}

/** How many objects a text holds; 0 when it is not made of whole ones. */
const objectsIn = (text: string): number => splitObjects(text)?.length ?? 0

function readWhole(text: string, sha256: Sha256): LicenseTextRead {
  const spelled = splitObjects(text)
  if (spelled === null || !isLicenseText(spelled)) return refuse('malformed')
  const objects = checkAll(spelled, sha256)
  if (objects === null) return refuse('mistyped')
  const codes = decodeAll(objects, 'LC1', decodeLicenseCode)
  const certificates = decodeAll(objects, 'LK1', decodeKeyCertificate)
  if (codes === null || certificates === null) return refuse('unsupported_version')
  return { ok: true, code: codes[0]!, certificates }
}

export type KeyCertificatesRead =
  | {
      readonly ok: true
      /** In the order of the text. */
      readonly certificates: readonly SignedObject<KeyCertificate>[]
    }
  | { readonly ok: false; readonly reason: TextFault }

/** Reads one to 16 key certificates and nothing beside them, as tolerantly as a license text. */
export function readKeyCertificates(text: string, sha256: Sha256): KeyCertificatesRead {
  const spelled = splitObjects(text)
  if (spelled === null || !areCertificates(spelled)) return refuse('malformed')
  const objects = checkAll(spelled, sha256)
  if (objects === null) return refuse('mistyped')
  const certificates = decodeAll(objects, 'LK1', decodeKeyCertificate)
  return certificates === null ? refuse('unsupported_version') : { ok: true, certificates }
}

/** Reads one key certificate and nothing beside it, as tolerantly as a license text. */
export function readKeyCertificate(text: string, sha256: Sha256): KeyCertificateRead {
  const spelled = splitObjects(text)
  if (spelled?.length !== 1 || spelled[0]!.prefix !== 'LK1') return refuse('malformed')
  const read = readKeyCertificates(text, sha256)
  return read.ok ? { ok: true, certificate: read.certificates[0]! } : read
}

/** The license text: objects as they were written, one space between them. */
export function writeLicenseText(code: string, certificates: readonly string[]): string {
  return [code, ...certificates].join(' ')
}

const refuse = (reason: TextFault) => ({ ok: false, reason }) as const

/** Object by object: only at the end of one may the next prefix stand. null when anything else does. */
function splitObjects(text: string): readonly Spelled[] | null {
  const codes = foldPaste(text, LICENSE_TEXT_BYTES)
  if (codes === null) return null
  const objects: Spelled[] = []
  for (let at = 0; at < codes.length; ) {
    const object = unspell(codes, at)
    if (object === null) return null
    objects.push(object)
    at = object.end
  }
  return objects
}

function areCertificates(objects: readonly Spelled[]): boolean {
  const isCount = objects.length >= 1 && objects.length <= CERTIFICATES_PER_TEXT
  return isCount && objects.every((object) => object.prefix === 'LK1')
}

function isLicenseText(objects: readonly Spelled[]): boolean {
  const codes = objects.filter((object) => object.prefix === 'LC1').length
  return codes === 1 && objects.length - codes <= CERTIFICATES_PER_TEXT
}

function checkAll(spelled: readonly Spelled[], sha256: Sha256): readonly Guarded[] | null {
  const objects: Guarded[] = []
  for (const one of spelled) {
    const object = checked(one, sha256)
    if (object === null) return null
    objects.push(object)
  }
  return objects
}

function decodeAll<T>(
  objects: readonly Guarded[],
  prefix: Prefix,
  decode: (body: Uint8Array) => T | null,
): readonly SignedObject<T>[] | null {
  const read: SignedObject<T>[] = []
  for (const { prefix: kind, body, signature, digest } of objects) {
    if (kind !== prefix) continue
    const value = decode(body)
    if (value === null) return null
    read.push({ value, body, signature, digest })
  }
  return read
}
