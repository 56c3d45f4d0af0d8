import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  timingSafeEqual,
} from 'node:crypto'
import type { Crypto, PromptSigner } from '../authority/host.ts'
import { concat, equalBytes, fromHex } from '../format/bytes.ts'
import { engine } from '../verify/node.ts'

/** A PKCS #8 Ed25519 private key up to its 32 bytes (RFC 8410 7). */
export const PRIVATE_KEY_PREFIX = fromHex('302e020100300506032b657004220420')!

const KEY_BYTES = 32

/** The authority's cryptography on Node: synchronous, keys prepared once, verification the same as shipped software's. */
export const nodeCrypto: Crypto = {
  sha256: engine.sha256,
  hmacSha256,
  equal: (a, b) => a.length === b.length && timingSafeEqual(a, b),
  verify: engine.verify,
  signer,
  keptSigner: signer,
  newKeyPair,
}

/**
 * The key goes in as text with a code per byte: given bare bytes, `createHmac` makes and drops an error of its own,
 * four times the cost of the HMAC, and a key object of its own costs as much as the HMAC.
 */
function hmacSha256(key: Uint8Array, bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('latin1')
  return createHmac('sha256', text, { encoding: 'latin1' }).update(bytes).digest()
}

/**
 * Whoever signs with one private key under two public keys gives the private key away (RFC 8032 5.1.6 hashes
 * the public one), so the pair is checked before anything is signed.
 */
function signer(privateKey: Uint8Array, publicKey: Uint8Array): PromptSigner {
  if (privateKey.length !== KEY_BYTES) throw new RangeError('an Ed25519 private key has 32 bytes')
  const der = Buffer.from(concat(PRIVATE_KEY_PREFIX, privateKey))
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  if (!equalBytes(publicHalf(key), publicKey)) {
    throw new Error('the private key does not belong to the public key')
  }
  return { sign: (message) => sign(null, message, key) }
}

/** Ends the DER of a public key (RFC 8410 4). */
const publicHalf = (key: KeyObject): Uint8Array =>
  createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-KEY_BYTES)

function newKeyPair() {
  const { privateKey } = generateKeyPairSync('ed25519')
  const der = privateKey.export({ format: 'der', type: 'pkcs8' })
  return {
    privateKey: Uint8Array.from(der.subarray(-KEY_BYTES)),
    publicKey: Uint8Array.from(publicHalf(privateKey)),
  }
}
