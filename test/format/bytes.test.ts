import { describe, expect, test } from 'vitest'
import { concat, equalBytes, fromHex, isWellFormed, readUtf8, toHex, utf8 } from '../../src/format/bytes.ts'

describe('UTF-8', () => {
  test('keeps a byte order mark visible', () => {
    expect(readUtf8(Uint8Array.of(0xef, 0xbb, 0xbf, 0x41))).toBe('\ufeffA')
  })

  test.each([
    ['a lone continuation byte', [0x80]],
    ['a sequence cut short', [0xe5, 0xb7]],
    ['an overlong zero', [0xc0, 0x80]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['a character beyond Unicode', [0xf4, 0x90, 0x80, 0x80]],
    ['Latin-1', [0x63, 0x61, 0x66, 0xe9]],
  ])('refuses %s', (_, values) => {
    expect(readUtf8(Uint8Array.from(values))).toBeNull()
  })

  test('knows a lone surrogate from a pair', () => {
    expect(isWellFormed('工 𝟎 \ud835\udfce')).toBe(true)
    for (const text of ['\ud800', 'a\udc00', '\udc00\ud800', '\ud83d\ud83d\ude00'])
      expect(isWellFormed(text)).toBe(false)
  })
})

describe('hex', () => {
  test('writes and reads lower-case pairs', () => {
    expect(toHex(Uint8Array.of(0, 9, 16, 255))).toBe('000910ff')
    expect(fromHex('000910ff')).toEqual(Uint8Array.of(0, 9, 16, 255))
    expect(fromHex('')).toEqual(new Uint8Array(0))
  })

  test.each(['0', 'FF', 'fF', '0x00', '0g', ' 00', '00\n', '+1', '-1', '0.'])('refuses %j', (text) => {
    expect(fromHex(text)).toBeNull()
  })
})

test('bytes are equal only in length and in every byte', () => {
  const bytes = concat(utf8('ab'), new Uint8Array(0), utf8('c'))
  expect(equalBytes(bytes, utf8('abc'))).toBe(true)
  for (const other of ['ab', 'abcd', 'abd', 'bbc', '']) expect(equalBytes(bytes, utf8(other))).toBe(false)
})
