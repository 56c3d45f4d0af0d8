import { readUtf8, utf8 } from '../../format/bytes.ts'

/** What SaaS 1.0 asks for and nothing else here does; SHA-1 only stretches a secret. */
export interface LegacyCrypto {
  sha1(bytes: Uint8Array): Uint8Array
  /** AES-CBC with PKCS #5 padding, 128 or 256 bits by the length of the key. */
  encryptCbc(key: Uint8Array, iv: Uint8Array, plain: Uint8Array): Uint8Array
  /** null when the padding is none. */
  decryptCbc(key: Uint8Array, iv: Uint8Array, sealed: Uint8Array): Uint8Array | null
}

/** `1` is AES-256, `2` AES-128 (reference 3.7). */
export type EncryptType = '1' | '2'

const KEY_BYTES: Readonly<Record<EncryptType, number>> = { 1: 32, 2: 16 }
const IV_CHARACTERS = 16
const AES_BLOCK = 16
/** Canonical base64 of whole AES blocks is at least one block. */
const SEALED =
  /^[0-9A-Za-z]{16}(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)$/

/**
 * A user name or password for the marketplace (reference 3.7): 16 characters of initialisation vector, then base64 of
 * AES-CBC. `random` gives bytes; the vector must never have been used before with this key. The scheme has no
 * integrity: whoever can alter the text alters what is read.
 */
export function encryptSensitive(
  crypto: LegacyCrypto,
  type: EncryptType,
  accessKey: Uint8Array,
  text: string,
  random: (length: number) => Uint8Array,
): string {
  const iv = ivOf(random(IV_CHARACTERS))
  const sealed = crypto.encryptCbc(keyOf(crypto, type, accessKey), utf8(iv), utf8(text))
  return iv + btoa(String.fromCharCode(...sealed))
}

/** A mobile number or an e-mail address as sent, or null when this key and type do not open it. */
export function decryptSensitive(
  crypto: LegacyCrypto,
  type: EncryptType,
  accessKey: Uint8Array,
  text: string,
): string | null {
  if (!SEALED.test(text)) return null
  const sealed = decodeBase64(text.slice(IV_CHARACTERS))
  if (sealed.length % AES_BLOCK !== 0) return null
  const iv = utf8(text.slice(0, IV_CHARACTERS))
  const plain = crypto.decryptCbc(keyOf(crypto, type, accessKey), iv, sealed)
  return plain && readUtf8(plain)
}

/** A loop: to map the characters costs ten times as much, twice for every purchase. */
function decodeBase64(text: string): Uint8Array {
  const characters = atob(text)
  const bytes = new Uint8Array(characters.length)
  for (let at = 0; at < bytes.length; at++) bytes[at] = characters.charCodeAt(at)
  return bytes
}

/** For as long as an access key is in use: deriving costs more than what is done with the key. */
const derived = { 1: new WeakMap<Uint8Array, Uint8Array>(), 2: new WeakMap<Uint8Array, Uint8Array>() }

function keyOf(crypto: LegacyCrypto, type: EncryptType, accessKey: Uint8Array): Uint8Array {
  const known = derived[type].get(accessKey)
  if (known !== undefined) return known
  const key = sha1Prng(crypto, accessKey, KEY_BYTES[type])
  derived[type].set(accessKey, key)
  return key
}

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** 62 of 256 byte values are folded onto each character more or less evenly; the vector need not be secret. */
const ivOf = (bytes: Uint8Array): string => [...bytes].map((byte) => DIGITS[byte % DIGITS.length]).join('')

/**
 * The first bytes of the Sun provider's SHA1PRNG seeded with `seed` (reference 3.7): what Java's `KeyGenerator` makes
 * an AES key from, and so the contract, whatever a provider calls by that name.
 */
export function sha1Prng(crypto: LegacyCrypto, seed: Uint8Array, length: number): Uint8Array {
  const stream = new Uint8Array(length)
  let state = Uint8Array.from(crypto.sha1(seed))
  for (let at = 0; at < length; ) {
    const output = crypto.sha1(state)
    stream.set(output.subarray(0, length - at), at)
    at += output.length
    state = nextState(state, output)
  }
  return stream
}

/** Adds state and output as signed bytes with a carry that starts as one; a state must never stay as it is. */
function nextState(state: Uint8Array, output: Uint8Array): Uint8Array<ArrayBuffer> {
  const next = new Uint8Array(state.length)
  let carry = 1
  for (let i = 0; i < state.length; i++) {
    const sum = signed(state[i]!) + signed(output[i]!) + carry
    next[i] = sum & 0xff
    carry = sum >> 8
  }
  if (next.every((byte, i) => byte === state[i])) next[0] = next[0]! + 1
  return next
}

const signed = (byte: number): number => (byte << 24) >> 24
