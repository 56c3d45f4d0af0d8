import { createCipheriv, createDecipheriv, createHash, createSecretKey, type KeyObject } from 'node:crypto'

/** Algorithms a marketplace of the past still speaks (SaaS 1.0); nothing of ours is protected by them. */
export const legacyCrypto = { sha1, encryptCbc, decryptCbc }

function sha1(bytes: Uint8Array): Uint8Array {
  return createHash('sha1').update(bytes).digest()
}

const cipherOf = (key: Uint8Array): string => `aes-${key.length * 8}-cbc`

function encryptCbc(key: Uint8Array, iv: Uint8Array, plain: Uint8Array): Uint8Array {
  const cipher = createCipheriv(cipherOf(key), key, iv)
  return Buffer.concat([cipher.update(plain), cipher.final()])
}

function decryptCbc(key: Uint8Array, iv: Uint8Array, sealed: Uint8Array): Uint8Array | null {
  const decipher = createDecipheriv(cipherOf(key), prepared(key), iv)
  try {
    return Buffer.concat([decipher.update(sealed), decipher.final()])
  } catch {
    return null
  }
}

const keys = new WeakMap<Uint8Array, KeyObject>()

/** Bare bytes cost several times the decryption. */
function prepared(key: Uint8Array): KeyObject {
  const known = keys.get(key)
  if (known !== undefined) return known
  const object = createSecretKey(key)
  keys.set(key, object)
  return object
}
