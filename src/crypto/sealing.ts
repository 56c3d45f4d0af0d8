import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto'
import type { Sealing } from '../authority/host.ts'
import { decodeBase64url, encodeBase64url } from '../format/base64url.ts'
import { concat, utf8 } from '../format/bytes.ts'

/** The sealed text was altered, was sealed for another purpose or under another master key. Which, it does not say. */
export class SealBroken extends Error {
  constructor(purpose: string) {
    super(`What is sealed as ${purpose} does not open: another master key, another purpose, or altered.`)
    this.name = 'SealBroken'
  }
}

const MASTER_KEY_BYTES = 32
const IV_BYTES = 12
const TAG_BYTES = 16

/**
 * Sealing under one 32-byte master key: a JWE (RFC 7516, `dir`, `A256GCM`) with the purpose in its protected header,
 * which is authenticated. The header follows from the purpose, so it is left out: a sealed text is a dot and base64url
 * of initialisation vector, ciphertext and tag, and `jweOf` makes of it what any JOSE library opens. A whole JWE in
 * compact serialization (RFC 7516 3.1) opens as well. `random` makes the 96-bit initialisation vectors: unpredictable,
 * and good for 2^32 seals under one key (NIST SP 800-38D 8.3). Throws RangeError for a master key of another length.
 */
export function createSealing(masterKey: Uint8Array, random: (length: number) => Uint8Array): Sealing {
  if (masterKey.length !== MASTER_KEY_BYTES) throw new RangeError('A master key has 32 bytes.')
  const key = createSecretKey(masterKey)
  return {
    seal: (purpose, secret) => seal(key, random(IV_BYTES), purpose, secret),
    open(purpose, sealed) {
      const secret = open(key, purpose, sealed)
      if (secret === null) throw new SealBroken(purpose)
      return secret
    },
  }
}

/** The one header a purpose has, byte for byte; nothing else is read from it. */
const headerOf = (purpose: string): string =>
  encodeBase64url(utf8(`{"alg":"dir","enc":"A256GCM","purpose":${JSON.stringify(purpose)}}`))

/** Begins a sealed text whose header is left out; no JWE begins with it. */
const BARE = '.'

function seal(key: KeyObject, iv: Uint8Array, purpose: string, secret: Uint8Array): string {
  const cipher = createCipheriv('aes-256-gcm', key, iv)
  cipher.setAAD(utf8(headerOf(purpose)))
  // The final call brings no bytes: Galois/Counter Mode has no padding.
  const text = cipher.update(secret)
  cipher.final()
  return BARE + Buffer.concat([iv, text, cipher.getAuthTag()]).toString('base64url')
}

/** The JWE in compact serialization that a sealed text is short for; null for one that is damaged. */
export function jweOf(purpose: string, sealed: string): string | null {
  const parts = partsOf(purpose, sealed)
  // The encrypted key between the first two dots is empty: the master key is used directly.
  return parts && `${headerOf(purpose)}..${parts.map(encodeBase64url).join('.')}`
}

/** Initialisation vector, ciphertext and tag. */
type Parts = readonly [Uint8Array, Uint8Array, Uint8Array]

function partsOf(purpose: string, sealed: string): Parts | null {
  if (!sealed.startsWith(BARE)) return partsOfJwe(`${headerOf(purpose)}..`, sealed)
  const bytes = decodeBase64url(sealed.slice(BARE.length))
  if (bytes === null || bytes.length < IV_BYTES + TAG_BYTES) return null
  return [bytes.subarray(0, IV_BYTES), bytes.subarray(IV_BYTES, -TAG_BYTES), bytes.subarray(-TAG_BYTES)]
}

function partsOfJwe(beginning: string, sealed: string): Parts | null {
  if (!sealed.startsWith(beginning)) return null
  const parts = sealed.slice(beginning.length).split('.').map(decodeBase64url)
  const [iv, text, tag] = parts
  if (parts.length !== 3 || iv?.length !== IV_BYTES || !text || tag?.length !== TAG_BYTES) return null
  return [iv, text, tag]
}

function open(key: KeyObject, purpose: string, sealed: string): Uint8Array | null {
  const parts = partsOf(purpose, sealed)
  if (parts === null) return null
  const [iv, text, tag] = parts
  const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES })
  decipher.setAAD(utf8(headerOf(purpose)))
  decipher.setAuthTag(tag)
  try {
    return concat(decipher.update(text), decipher.final())
  } catch {
    return null
  }
}
