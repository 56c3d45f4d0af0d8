import { bounded } from './bounded.ts'
import type { Engine } from './engine.ts'
import { createVerifier } from './index.ts'
import { sha256 } from './sha256.ts'
import { isStrict1 } from './strict-1.ts'

export * from './index.ts'

/** Imported keys kept at hand. */
const IMPORTED_KEYS = 256

const imported = bounded<string, Promise<CryptoKey>>(IMPORTED_KEYS)

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
      return await subtleVerify(copy(publicKey), copy(message), copy(signature))
    } catch {
      await assertEd25519()
      return false
    }
  },
}

export const { verify, openTrust, verifyStatement, verifyList } = createVerifier(engine)

type Bytes = Uint8Array<ArrayBuffer>

/** WebCrypto reads its input later: a copy cannot change until then. */
const copy = (bytes: Uint8Array): Bytes => new Uint8Array(bytes)

async function subtleVerify(publicKey: Bytes, message: Bytes, signature: Bytes): Promise<boolean> {
  const name = String.fromCharCode(...publicKey)
  const known = imported.get(name)
  const key = known ?? importKey(publicKey)
  if (known === undefined) imported.set(name, key)
  return crypto.subtle.verify('Ed25519', await key, signature, message)
}

function importKey(publicKey: Bytes): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', publicKey, 'Ed25519', false, ['verify'])
}

/** The public key of RFC 8032 7.1, test 1: a host that cannot import it has no Ed25519. */
const SOME_KEY = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a'

async function assertEd25519(): Promise<void> {
  const bytes = Uint8Array.from(SOME_KEY.match(/../g)!, (pair) => Number.parseInt(pair, 16))
  try {
    await importKey(bytes)
  } catch (cause) {
    throw new Error('this host has no Ed25519 in WebCrypto: import licet/verify/fallback instead', { cause })
  }
}
