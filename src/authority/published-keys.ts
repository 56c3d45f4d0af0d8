import { encodeBase64url } from '../format/base64url.ts'
import type { Keyring } from './keyring.ts'

export interface Jwk {
  readonly kty: 'OKP'
  readonly crv: 'Ed25519'
  readonly alg: 'EdDSA'
  readonly use: 'sig'
  readonly kid: string
  readonly x: string
}

/** Pending, active and retired signing keys (RFC 8037 2); a revoked key is published only by the manifest that names it. */
export function publishedJwks(keyring: Keyring): { readonly keys: readonly Jwk[] } {
  const published = keyring.known.filter(({ status }) => status !== 'revoked')
  return { keys: published.map(({ kid, publicKey }) => jwkOf(kid, publicKey)) }
}

function jwkOf(kid: string, publicKey: Uint8Array): Jwk {
  return { kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', use: 'sig', kid, x: encodeBase64url(publicKey) }
}
