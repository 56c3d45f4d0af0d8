import type { Authority } from '../authority/authority.ts'
import type { Keyring } from '../authority/keyring.ts'
import { publishedJwks } from '../authority/published-keys.ts'
import { inTime } from './deadline.ts'
import { problem } from './problem.ts'
import { type Answering, json, type Reply } from './reply.ts'

/** Seconds a client may keep the keys: well below the time a key is published before it signs. */
const CACHE = { 'cache-control': 'public, max-age=300' }

/** `GET /v1/keys`: root manifests, certificates and signing keys; all of it public. */
export function publishedKeys(authority: Authority, deadline: number): Answering {
  return ofKeyring(authority, deadline, (keyring) => {
    const roots = keyring.manifests.map((text) => JSON.parse(text))
    return json(200, { roots, certificates: keyring.certificates, jwks: publishedJwks(keyring) }, CACHE)
  })
}

/** `GET /.well-known/jwks.json`: the signing keys as a JWK set (RFC 7517 5, RFC 8037 2). */
export function jwks(authority: Authority, deadline: number): Answering {
  return ofKeyring(authority, deadline, (keyring) =>
    json(200, publishedJwks(keyring), { ...CACHE, 'content-type': 'application/jwk-set+json' }),
  )
}

function ofKeyring(authority: Authority, deadline: number, answer: (keyring: Keyring) => Reply): Answering {
  const look = async () => answer((await authority.configuration.current(authority.ambient.now())).keyring)
  return (_, requestId) => inTime(authority, requestId, deadline, look, () => problem('unavailable'))
}
