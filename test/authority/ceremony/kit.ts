import { randomBytes } from 'node:crypto'
import { signDraft } from '../../../src/authority/ceremony/manifest.ts'
import type { OpenedKeyFile } from '../../../src/authority/ceremony/root-key.ts'
import { nodeCrypto } from '../../../src/crypto/node.ts'
import { createPassphraseSealing } from '../../../src/crypto/passphrase.ts'
import {
  type CertificationRequest,
  requestPayload,
  requestSigned,
  writeRequest,
} from '../../../src/format/certification-request.ts'
import { keyId } from '../../../src/format/jws.ts'
import { type RootManifest, writeManifest, writeManifestPayload } from '../../../src/format/root-manifest.ts'

/** A work factor for tests: what it protects are test keys. */
export const passphrases = createPassphraseSealing((length) => randomBytes(length), { logN: 4, r: 8, p: 1 })

/** 2026-03-01T00:00:00Z */
export const NOW = 1_772_323_200
export const DAY = 86_400

export function newKey(): OpenedKeyFile {
  const { privateKey, publicKey } = nodeCrypto.newKeyPair()
  const signer = nodeCrypto.signer(privateKey, publicKey)
  return { kid: keyId(publicKey, nodeCrypto.sha256), privateKey, publicKey, signer }
}

/** As a server asks for the certificate of `key`: codes of every product, of any term, for a year. */
export function requestText(key: OpenedKeyFile, changed: Partial<CertificationRequest> = {}): string {
  const payload = requestPayload({ ...requestOf(key), ...changed })
  return writeRequest(key.kid, payload, key.signer.sign(requestSigned(key.kid, payload)))
}

export const requestOf = ({ kid, publicKey }: OpenedKeyFile): CertificationRequest => ({
  kid,
  publicKey,
  usage: 'codes',
  serial: 1,
  from: NOW,
  to: NOW + 366 * DAY,
  product: 0,
  maxTermMonths: 0,
  issuer: 'https://license.example.com',
  createdAt: NOW,
})

export const manifestBy = (
  roots: readonly OpenedKeyFile[],
  changed: Partial<RootManifest> = {},
): RootManifest => ({
  version: 1,
  threshold: 2,
  keys: roots.map(({ kid, publicKey }) => ({ kid, publicKey })),
  revoked: [],
  issuedAt: NOW,
  ...changed,
})

export const signedManifest = (manifest: RootManifest, signers: readonly OpenedKeyFile[]): string =>
  signers.reduce(
    (text, root) => signDraft(text, root, nodeCrypto),
    writeManifest(writeManifestPayload(manifest), []),
  )
