import { decodeBase64url } from '../../format/base64url.ts'
import { equalBytes } from '../../format/bytes.ts'
import type { KeyCertificate } from '../../format/key-certificate.ts'
import { readKeyCertificate } from '../../format/license-text.ts'
import type { RootManifest } from '../../format/root-manifest.ts'
import { countedCertificates } from '../ceremony/count.ts'
import type { Crypto } from '../host.ts'
import type { StoredKey } from '../key-store.ts'

type Held = Pick<StoredKey, 'kid' | 'publicKey' | 'certificates'>

/** Certificates of a stored key that count under a chain (contract 1.2), as texts; none of a key it revokes. */
export function countedTexts(
  { kid, publicKey, certificates }: Held,
  chain: readonly RootManifest[],
  crypto: Pick<Crypto, 'sha256' | 'verify'>,
): readonly string[] {
  const key = publicKeyOf({ kid, publicKey })
  if (isRevokedBy(chain, key)) return []
  return countedCertificates(chain, key, certificates, crypto).counted
}

/** As `countedTexts`, read. */
export function counted(
  key: Held,
  chain: readonly RootManifest[],
  crypto: Pick<Crypto, 'sha256' | 'verify'>,
): readonly KeyCertificate[] {
  return countedTexts(key, chain, crypto).map((text) => certificateOf(key.kid, text, crypto))
}

/** Certificates are checked before they are stored; one that cannot be read is damage. */
export function certificateOf(kid: string, text: string, { sha256 }: Pick<Crypto, 'sha256'>): KeyCertificate {
  const read = readKeyCertificate(text, sha256)
  if (!read.ok) throw new Error(`the stored certificate of key ${kid} is ${read.reason}`)
  return read.certificate.value
}

export function publicKeyOf({ kid, publicKey }: Pick<StoredKey, 'kid' | 'publicKey'>): Uint8Array {
  const bytes = decodeBase64url(publicKey)
  if (bytes === null) throw new Error(`the stored public key of ${kid} cannot be read`)
  return bytes
}

/** Whether the newest manifest revokes a signing key. */
export const isRevokedBy = (chain: readonly RootManifest[], publicKey: Uint8Array): boolean =>
  chain.at(-1)?.revoked.some((entry) => equalBytes(entry.publicKey, publicKey)) ?? false
