import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto'

/** A key of the vectors. Its seed is published in the files that use it: never trust it outside tests. */
export interface VectorKey {
  readonly label: string
  readonly seed_hex: string
  readonly x: string
  readonly kid: string
  sign(message: string | Uint8Array): Buffer
}

export const sha256 = (...parts: (string | Uint8Array)[]): Buffer => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

// PKCS #8 of an Ed25519 key is this prefix and the 32 bytes of its seed (RFC 8410 7).
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex')

/** Always the same key for the same label. */
export function keyOf(label: string): VectorKey {
  const seed = sha256(`licet test vectors: ${label}`)
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' })
  const { x } = createPublicKey(key).export({ format: 'jwk' }) as { x: string }
  return {
    label,
    seed_hex: seed.toString('hex'),
    x,
    kid: sha256(`{"crv":"Ed25519","kty":"OKP","x":"${x}"}`).toString('hex', 0, 4),
    sign: (message) => sign(null, Buffer.from(message), key),
  }
}

/** What a vector file publishes of its keys. */
export function published(...keys: VectorKey[]): readonly object[] {
  return keys.map(({ label, seed_hex, x, kid }) => ({ label, seed_hex, x, kid }))
}
