import type { Engine } from './engine.ts'
import { createVerifier } from './index.ts'
import { sha256 } from './sha256.ts'
import { isStrict1 } from './strict-1.ts'

export type * from './index.ts'

/**
 * The engine of browsers, workers and every other host with Ed25519 in WebCrypto. Its hash is plain JavaScript,
 * since the host's is asynchronous. On a host that has no Ed25519 `verify` rejects and says so: to answer
 * `bad_signature` there would blame the license.
 */
export const engine: Engine = {
  sha256,
  async verify(publicKey, message, signature) {
    try {
      if (!isStrict1(publicKey, signature) || !(message instanceof Uint8Array)) return false
      // WebCrypto reads its input later: a copy cannot change until then.
      const [key, text, mark] = [publicKey, message, signature].map(
        (bytes) => new Uint8Array(bytes),
      ) as Copies
      return await crypto.subtle.verify('Ed25519', await imported(key), mark, text)
    } catch {
      await assertEd25519()
      return false
    }
  },
}

export const { verify, openTrust } = createVerifier(engine)

type Bytes = Uint8Array<ArrayBuffer>
type Copies = [Bytes, Bytes, Bytes]

const imported = (publicKey: Bytes): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', publicKey, 'Ed25519', false, ['verify'])

/** A host that cannot import the base point (RFC 8032 5.1) as a key has no Ed25519. */
async function assertEd25519(): Promise<void> {
  try {
    await imported(new Uint8Array(32).fill(0x66).fill(0x58, 0, 1))
  } catch (cause) {
    throw Error('no Ed25519 in WebCrypto here: import licet/verify/fallback', { cause })
  }
}
