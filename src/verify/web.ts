import { remember } from '../format/remember.ts'
import type { Engine } from './engine.ts'
import { createVerifier } from './index.ts'
import { sha256 } from './sha256.ts'
import { isStrict1 } from './strict-1.ts'

export type * from './index.ts'

/** Imported keys kept at hand. */
const IMPORTED_KEYS = 256

const imported = new Map<string, Promise<CryptoKey>>()

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
      const [text, mark] = [copy(message), copy(signature)]
      return await crypto.subtle.verify('Ed25519', await keyOf(copy(publicKey)), mark, text)
    } catch {
      await assertEd25519()
      return false
    }
  },
}

export const { verify, openTrust, verifyStatement, verifyList } = createVerifier(engine)

type Bytes = Uint8Array<ArrayBuffer>

const copy = (bytes: Uint8Array): Bytes => new Uint8Array(bytes)

function keyOf(publicKey: Bytes): Promise<CryptoKey> {
  const name = publicKey.join()
  return imported.get(name) ?? remember(imported, IMPORTED_KEYS, name, importKey(publicKey))
}

const importKey = (publicKey: Bytes): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', publicKey, 'Ed25519', false, ['verify'])

/** A host that cannot import the base point (RFC 8032 5.1) as a key has no Ed25519. */
async function assertEd25519(): Promise<void> {
  try {
    await importKey(new Uint8Array(32).fill(0x66).fill(0x58, 0, 1))
  } catch (cause) {
    throw new Error('this host has no Ed25519 in WebCrypto: import licet/verify/fallback instead', { cause })
  }
}
