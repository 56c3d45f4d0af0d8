import { createPublicKey, verify } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { signingInput } from '../../src/format/jws.ts'
import { writeLicenseCode } from '../../src/format/license-code.ts'
import { readLicenseText } from '../../src/format/license-text.ts'
import { hex, sha256, vectors } from './kit.ts'

const { keys, good } = vectors<{
  keys: { x: string }[]
  good: { name: string; code: string }[]
}>('license-code')

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const PLAIN = symbolsOf('a year of a plain license')
const BOUND = symbolsOf('bound to a device')

/** The symbols of a code behind its prefix. */
function symbolsOf(name: string): string {
  return good
    .find((one) => one.name === name)!
    .code.replaceAll('-', '')
    .slice(3)
}

/** Judged by reading alone, so no key is touched: the reason, or what was wrongly accepted. */
const judge = (symbols: string): string => {
  const read = readLicenseText(`LC1${symbols}`, sha256)
  return read.ok ? `accepted ${symbols}` : read.reason
}

const positions = (symbols: string) => [...symbols].map((_, at) => at)
const replace = (symbols: string, at: number, by: string, length = 1) =>
  symbols.slice(0, at) + by + symbols.slice(at + length)

// Security G6.
describe.each([
  ['a plain code', PLAIN, 165],
  ['a bound code', BOUND, 181],
])('a typing error in %s is noticed without a key', (_, symbols, count) => {
  const refusals = (typed: readonly string[]) => new Set(typed.map(judge))

  test('every single substitution', () => {
    const typed = positions(symbols).flatMap((at) =>
      [...ALPHABET].filter((other) => other !== symbols[at]).map((other) => replace(symbols, at, other)),
    )
    expect(typed).toHaveLength(count * 31)
    // A plain flag typed as bound changes the length that is expected; anything else is mistyped.
    expect(refusals(typed)).toEqual(new Set(['mistyped', 'malformed']))
  })

  test('every transposition of neighbours', () => {
    const typed = positions(symbols)
      .slice(1)
      .filter((at) => symbols[at] !== symbols[at - 1])
      .map((at) => replace(symbols, at - 1, symbols[at]! + symbols[at - 1]!, 2))
    expect(typed.length).toBeGreaterThan(count * 0.85)
    for (const reason of refusals(typed)) expect(['mistyped', 'malformed']).toContain(reason)
  })

  test('every deletion', () => {
    const typed = positions(symbols).map((at) => replace(symbols, at, ''))
    expect(typed).toHaveLength(count)
    for (const reason of refusals(typed)) expect(['mistyped', 'malformed']).toContain(reason)
  })

  test('every doubling', () => {
    const typed = positions(symbols).map((at) => replace(symbols, at, symbols[at]! + symbols[at]!))
    expect(typed).toHaveLength(count)
    for (const reason of refusals(typed)) expect(['mistyped', 'malformed']).toContain(reason)
  })

  test('while a letter that is read as its digit is no error', () => {
    const typed = positions(symbols).flatMap((at) => {
      const others = symbols[at] === '0' ? ['O', 'o'] : symbols[at] === '1' ? ['I', 'L', 'i', 'l'] : []
      return others.map((other) => replace(symbols, at, other))
    })
    expect(typed.length).toBeGreaterThan(20)
    expect(typed.filter((one) => !judge(one).startsWith('accepted'))).toEqual([])
  })
})

// Security G7.
test('every flipped bit whose check symbols were repaired reaches the verifier as other bytes, and fails there', () => {
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: keys[0]!.x }, format: 'jwk' })
  const read = readLicenseText(`LC1${PLAIN}`, sha256)
  if (!read.ok) throw new Error(read.reason)
  const whole = Buffer.concat([read.code.body, read.code.signature])
  const signed = (body: Uint8Array) => signingInput(hex(body.subarray(2, 6)), 'lc1', body)
  expect(verify(null, signed(read.code.body), key, read.code.signature)).toBe(true)

  let unread = 0
  for (let bit = 0; bit < whole.length * 8; bit++) {
    const flipped = Buffer.from(whole)
    flipped[bit >> 3]! ^= 1 << (bit & 7)
    const text = writeLicenseCode(flipped.subarray(0, 36), flipped.subarray(36), sha256)
    const again = readLicenseText(text, sha256)
    if (again.ok) {
      expect(hex(again.code.body) + hex(again.code.signature)).toBe(flipped.toString('hex'))
      expect(verify(null, signed(again.code.body), key, again.code.signature)).toBe(false)
    } else unread++
  }
  // The bits of version and flags, but for trial, which a plain code may have.
  expect(whole.length * 8).toBe(800)
  expect(unread).toBe(15)
})
