import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeBase64url, encodeBase64url } from '../../src/format/base64url.ts'
import { testWithVectors } from '../verify/shared-vectors.ts'
import { bytes, hex, vectors } from './kit.ts'

const { good, bad } = vectors<{
  good: { why: string; hex: string; text: string }[]
  bad: { why: string; text: string }[]
}>('base64url')

describe('base64url', () => {
  test.each(good)('spells and reads $text ($why)', ({ hex: expected, text }) => {
    expect(encodeBase64url(bytes(expected))).toBe(text)
    expect(hex(decodeBase64url(text)!)).toBe(expected)
  })

  test.each(bad)('refuses %o', ({ text }) => {
    expect(decodeBase64url(text)).toBeNull()
  })

  test('reads back whatever it spelled, as other implementations spell it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (value) => {
        const text = encodeBase64url(value)
        expect(text).toBe(Buffer.from(value).toString('base64url'))
        expect(decodeBase64url(text)).toEqual(value)
      }),
    )
  })

  test('knows its 64 characters and no other unit of UTF-16', () => {
    const known = []
    for (let unit = 0; unit <= 0xffff; unit++) {
      if (decodeBase64url(`AAA${String.fromCharCode(unit)}`) !== null) known.push(unit)
    }
    expect(String.fromCharCode(...known)).toBe(
      '-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz',
    )
  })

  test('accepts no two texts for one value', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'AQgw-_5='), maxLength: 8 }), (text) => {
        const value = decodeBase64url(text)
        if (value !== null) expect(encodeBase64url(value)).toBe(text)
      }),
      { numRuns: 2_000 },
    )
  })
})

interface Wycheproof {
  testGroups: {
    comment: string
    private: { k: string }
    tests: { tcId: number; jws: string; result: string }[]
  }[]
}

/** HS256 over our decoder: what the group tests is spelling, so the rest is the plainest there is. */
function accepts(jws: string, key: Uint8Array): boolean {
  const parts = jws.split('.')
  const [header, body, mac] = parts.map(decodeBase64url)
  if (parts.length !== 3 || !header || !body || !mac) return false
  if (JSON.parse(Buffer.from(header).toString()).alg !== 'HS256') return false
  const expected = createHmac('sha256', key).update(`${parts[0]}.${parts[1]}`).digest()
  return expected.equals(mac)
}

describe('Wycheproof, JWS group base64', () => {
  // They hold a character outside the alphabet, yet are marked valid; we refuse them.
  const DIVERGENT = [372, 373]
  // Marked invalid for their padding, which the file has lost: letter for letter they are the valid test 357.
  const LOST_THEIR_PADDING = [367, 370]

  testWithVectors<Wycheproof>(
    'jws_wycheproof.json',
    'is accepted exactly where the file says valid, four tests apart',
    ({ testGroups }) => {
      const groups = testGroups.filter((group) => group.comment === 'base64')
      const tests = groups.flatMap(({ private: { k }, tests }) => tests.map((one) => ({ ...one, k })))
      const jwsOf = (tcId: number) => tests.find((one) => one.tcId === tcId)!.jws
      const accepted = tests.filter(({ jws, k }) => accepts(jws, decodeBase64url(k)!))
      const valid = tests.filter((one) => one.result === 'valid' && !DIVERGENT.includes(one.tcId))

      expect(tests).toHaveLength(21)
      expect(LOST_THEIR_PADDING.map(jwsOf)).toEqual([jwsOf(357), jwsOf(357)])
      expect(accepted.map((one) => one.tcId).filter((tcId) => !LOST_THEIR_PADDING.includes(tcId))).toEqual(
        valid.map((one) => one.tcId),
      )
    },
  )

  testWithVectors<Wycheproof>(
    'jws_wycheproof.json',
    'is refused with the padding it lost',
    ({ testGroups }) => {
      const group = testGroups.find((one) => one.comment === 'base64')!
      const [header, body, mac] = group.tests[0]!.jws.split('.')
      const key = decodeBase64url(group.private.k)!
      expect(accepts(`${header}.${body}.${mac}`, key)).toBe(true)
      for (const padded of [
        `${header}.${body}.${mac}=`,
        `${header}.${body}==.${mac}`,
        `${header}=.${body}.${mac}`,
      ]) {
        expect(accepts(padded, key)).toBe(false)
      }
    },
  )
})
