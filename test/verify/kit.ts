import {
  createHash,
  createPrivateKey,
  createPublicKey,
  sign as cryptoSign,
  type KeyObject,
} from 'node:crypto'
import { keyId, signingInput } from '../../src/format/jws.ts'
import {
  encodeKeyCertificate,
  type KeyCertificate,
  USAGE,
  writeKeyCertificate,
} from '../../src/format/key-certificate.ts'
import { encodeLicenseCode, type LicenseCode, writeLicenseCode } from '../../src/format/license-code.ts'
import {
  manifestSigned,
  type RootManifest,
  writeManifest,
  writeManifestPayload,
} from '../../src/format/root-manifest.ts'

/** A small issuing side, so that the verifier is tested against signatures made by other code than its own. */

export const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest()

export interface TestKey {
  readonly kid: string
  readonly publicKey: Uint8Array
  sign(message: Uint8Array): Uint8Array
}

const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex')

/** The key that always belongs to this label. */
export function keyOf(label: string | number): TestKey {
  const seed = sha256(Buffer.from(`verifier test key ${label}`))
  const secret: KeyObject = createPrivateKey({
    key: Buffer.concat([PKCS8_HEAD, seed]),
    format: 'der',
    type: 'pkcs8',
  })
  const publicKey = new Uint8Array(
    createPublicKey(secret).export({ format: 'der', type: 'spki' }).subarray(12),
  )
  return {
    kid: keyId(publicKey, sha256),
    publicKey,
    sign: (message) => new Uint8Array(cryptoSign(null, message, secret)),
  }
}

export const DAY = 86_400
/** 2026-01-01T00:00:00Z */
export const ISSUED = 1_767_225_600
export const PAID_UNTIL = ISSUED + 365 * DAY

export const ROOT = keyOf('root')
export const SIGNER = keyOf('signer')

export function manifestOf(over: Partial<RootManifest> = {}): RootManifest {
  return { version: 1, threshold: 1, keys: [ROOT], revoked: [], issuedAt: ISSUED - DAY, ...over }
}

export function manifestText(
  manifest: RootManifest = manifestOf(),
  signers: readonly TestKey[] = [ROOT],
): string {
  const payload = writeManifestPayload(manifest)
  return writeManifest(
    payload,
    signers.map((key) => ({ kid: key.kid, signature: key.sign(manifestSigned(key.kid, payload)) })),
  )
}

/** A certificate for `SIGNER`, for codes of every product, of any term, in the year of `ISSUED`. */
export function certificateText(over: Partial<KeyCertificate> = {}, root: TestKey = ROOT): string {
  const body = encodeKeyCertificate({
    rootKid: root.kid,
    serial: 1,
    usages: USAGE.codes,
    from: ISSUED - DAY,
    to: ISSUED + 365 * DAY,
    publicKey: SIGNER.publicKey,
    product: 0,
    maxTermMonths: 0,
    ...over,
  })
  return writeKeyCertificate(body, root.sign(signingInput(root.kid, 'lk1', body)), sha256)
}

/** A year of edition 2 of product 1001 for 50 seats, three days of grace, features 0 and 2. */
export function codeText(over: Partial<LicenseCode> = {}, key: TestKey = SIGNER): string {
  const body = encodeLicenseCode({
    trial: false,
    kid: key.kid,
    licenseId: '1ef6fc706daff69a',
    product: 1001,
    edition: 2,
    seats: 50,
    issuedAt: ISSUED,
    paidUntil: PAID_UNTIL,
    revision: 7,
    graceDays: 3,
    features: 0b101,
    binding: null,
    ...over,
  })
  return writeLicenseCode(body, key.sign(signingInput(key.kid, 'lc1', body)), sha256)
}

export const licenseText = (over: Partial<LicenseCode> = {}): string =>
  `${codeText(over)} ${certificateText()}`
