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
 * Sealing under one 32-byte master key as JWE compact serialization (RFC 7516 3.1): `dir`, `A256GCM`, and the
 * purpose in the protected header, which is authenticated. Any JOSE library opens it. `random` makes the
 * 96-bit initialisation vectors: unpredictable, and good for 2^32 seals under one key (NIST SP 800-38D 8.3).
 * Throws RangeError for a master key of another length.
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

function seal(key: KeyObject, iv: Uint8Array, purpose: string, secret: Uint8Array): string {
  const header = headerOf(purpose)
  const cipher = createCipheriv('aes-256-gcm', key, iv)
  cipher.setAAD(utf8(header))
  // The final call brings no bytes: Galois/Counter Mode has no padding.
  const text = cipher.update(secret)
  cipher.final()
  const parts = [Buffer.from(iv), text, cipher.getAuthTag()].map((part) => part.toString('base64url'))
  // The encrypted key between the first two dots is empty: the master key is used directly.
  return `${header}..${parts.join('.')}`
}

function open(key: KeyObject, purpose: string, sealed: string): Uint8Array | null {
  const header = headerOf(purpose)
  if (!sealed.startsWith(`${header}..`)) return null
  const parts = sealed
    .slice(header.length + 2)
    .split('.')
    .map(decodeBase64url)
  const [iv, text, tag] = parts
  if (parts.length !== 3 || iv?.length !== IV_BYTES || !text || tag?.length !== TAG_BYTES) return null
  const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES })
  decipher.setAAD(utf8(header))
  decipher.setAuthTag(tag)
  try {
    return concat(decipher.update(text), decipher.final())
  } catch {
    return null
  }
}
