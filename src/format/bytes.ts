/** SHA-256 of the bytes, 32 bytes. An engine hands it in; this floor has none. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** A lone surrogate becomes U+FFFD: check `isWellFormed` first where that matters. */
export const utf8 = (text: string): Uint8Array => encoder.encode(text)

/** Throws when the bytes are not UTF-8. A byte order mark is kept as U+FEFF, so a strict reader sees it. */
export const fromUtf8 = (bytes: Uint8Array): string => decoder.decode(bytes)

/** `fromUtf8`, and null when the bytes are not UTF-8. */
export function readUtf8(bytes: Uint8Array): string | null {
  try {
    return fromUtf8(bytes)
  } catch {
    return null
  }
}

export const isText = (value: unknown): value is string => typeof value === 'string'

/**
 * True when the text has no lone surrogate, so that UTF-8 can carry it unchanged. With the u flag a paired one is one
 * character outside this range: only a lone one matches.
 */
export const isWellFormed = (text: string): boolean => !/[\ud800-\udfff]/u.test(text)

const HEX = '0123456789abcdef'

/** Lower case, two digits a byte. */
export const toHex = (bytes: Uint8Array): string => {
  let text = ''
  for (const byte of bytes) text += HEX[byte >> 4]! + HEX[byte & 15]
  return text
}

const HEX_PAIRS = /^(?:[0-9a-f]{2})*$/

/** Lower-case digits in pairs and nothing else: one value has one spelling. Otherwise null. */
export function fromHex(text: string): Uint8Array | null {
  if (!HEX_PAIRS.test(text)) return null
  const bytes = new Uint8Array(text.length / 2)
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16)
  return bytes
}

export function concat(...parts: Uint8Array[]): Uint8Array {
  let length = 0
  for (const part of parts) length += part.length
  const whole = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** For public values only: it stops at the first difference, so its time tells where that is. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}
