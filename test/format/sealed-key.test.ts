import { describe, expect, test } from 'vitest'
import { readSealedKey, type SealedKey, writeSealedKey } from '../../src/format/sealed-key.ts'
import { bytes, sha256 } from './kit.ts'

const range = (length: number, from: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i * 37 + from) % 256)

const KEY: SealedKey = {
  purpose: 'root',
  publicKey: range(32, 5),
  sealed: { cost: { logN: 17, r: 8, p: 1 }, salt: range(16, 1), iv: range(12, 2), text: range(48, 3) },
}

const read = (text: string) => readSealedKey(text, sha256)
const text = writeSealedKey(KEY, sha256)
const lines = text.split('\n').filter((line) => /^\d/.test(line))
const withLine = (number: number, changed: string): string =>
  lines.map((line, i) => (i === number - 1 ? changed : line)).join('\n')

describe('a sealed key file', () => {
  test.each(['root', 'spare'] as const)('is read back as it was written: %s', (purpose) => {
    const key = { ...KEY, purpose }
    expect(read(writeSealedKey(key, sha256))).toEqual({ ok: true, key })
  })

  test('is twelve numbered lines that fit on paper, and says what it is', () => {
    expect(lines).toHaveLength(12)
    for (const [i, line] of lines.entries())
      expect(line).toMatch(
        new RegExp(`^${`${i + 1}`.padStart(2, '0')}  ([0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]{5}$`),
      )
    expect(text).toContain('# Licet root key')
    expect(text).toContain('scrypt N=2^17 r=8 p=1')
  })

  test('has the bytes that keys/README.md describes', () => {
    const symbols = lines.map((line) => line.slice(4, 23).replaceAll('-', '')).join('')
    const bits = [...symbols].map((s) =>
      '0123456789ABCDEFGHJKMNPQRSTVWXYZ'.indexOf(s).toString(2).padStart(5, '0'),
    )
    const body = bytes(
      BigInt(`0b1${bits.join('')}`)
        .toString(16)
        .slice(1),
    )
    expect([...body.subarray(0, 5)]).toEqual([1, 1, 17, 8, 1])
    const { salt, iv, text: sealed } = KEY.sealed
    expect(body.subarray(5, 113)).toEqual(Uint8Array.from([...salt, ...iv, ...sealed, ...KEY.publicKey]))
    const digest = sha256(Buffer.concat([Buffer.from('licet-sealed-key\n'), body.subarray(0, 113)]))
    expect(Buffer.from(body.subarray(113)).equals(Buffer.from(digest.subarray(0, 7)))).toBe(true)
  })

  test.each([
    ['small letters', text.toLowerCase()],
    ['O for 0', lines.join('\n').replaceAll('0', 'O')],
    ['I for 1', lines.join('\n').replaceAll('1', 'I')],
    ['small l for 1', lines.join('\n').replaceAll('1', 'l')],
    ['no dashes', lines.join('\n').replaceAll('-', '')],
    ['blanks for dashes', lines.join('\n').replaceAll('-', ' ')],
    [
      'full-width letters',
      lines.join('\n').replace(/[0-9A-Z]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0)),
    ],
    ['line ends of Windows and a byte order mark', `\ufeff${text.replaceAll('\n', '\r\n')}`],
    ['empty lines and remarks between', lines.join('\n\n# a remark\n')],
  ])('is typed back with %s', (_, typed) => {
    expect(read(typed)).toEqual({ ok: true, key: KEY })
  })

  test.each([
    ['a salt of another length', { salt: range(15, 1) }],
    ['an iv of another length', { iv: range(13, 1) }],
    ['a sealed text of another length', { text: range(47, 1) }],
  ])('is not written with %s', (_, changed) => {
    expect(() => writeSealedKey({ ...KEY, sealed: { ...KEY.sealed, ...changed } }, sha256)).toThrow(
      RangeError,
    )
  })
})

describe('a typing error', () => {
  const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
  const places = [...lines[6]!].flatMap((symbol, at) => (ALPHABET.includes(symbol) ? [at] : []))

  test('of one symbol anywhere in a line is found, and the line is named', () => {
    for (const at of places) {
      for (const other of ALPHABET) {
        const line = lines[6]!
        if (other === line[at]) continue
        const found = read(withLine(7, line.slice(0, at) + other + line.slice(at + 1)))
        expect(found, `${other} at ${at}`).toEqual({ ok: false, line: 7, why: 'mistyped' })
      }
    }
  })

  test('that swaps two neighbours is found in every line', () => {
    let swaps = 0
    for (const [i, line] of lines.entries()) {
      for (let at = 0; at + 1 < line.length; at++) {
        const [a, b] = [line[at]!, line[at + 1]!]
        if (a === b || !ALPHABET.includes(a) || !ALPHABET.includes(b)) continue
        const found = read(withLine(i + 1, line.slice(0, at) + b + a + line.slice(at + 2)))
        expect(found).toEqual({ ok: false, line: i + 1, why: 'mistyped' })
        swaps++
      }
    }
    expect(swaps).toBeGreaterThan(150)
  })

  test.each([
    ['a symbol left out', lines[2]!.slice(0, -1)],
    ['a symbol doubled', `${lines[2]!}${lines[2]!.slice(-1)}`],
    ['a letter that does not occur', lines[2]!.replace(/.$/, 'U')],
    ['a number without its zero', lines[2]!.slice(1)],
    ['a character of no alphabet', lines[2]!.replace(/.$/, '?')],
    ['a line without end', `${lines[2]!}${' '.repeat(5_000)}`],
  ])('is a line that is none: %s', (_, changed) => {
    expect(read(withLine(3, changed))).toEqual({ ok: false, line: 3, why: 'malformed' })
  })
})

describe('a damaged sealed key file', () => {
  const without = (number: number): string => lines.filter((_, i) => i !== number - 1).join('\n')

  test.each([
    ['nothing', '', 1, 'missing'],
    ['a remark alone', '# Licet root key', 1, 'missing'],
    ['half of it', lines.slice(0, 6).join('\n'), 7, 'missing'],
    ['all but the last line', without(12), 12, 'missing'],
    ['all but line 4', without(4), 4, 'misplaced'],
    ['two lines in the wrong order', [lines[1], lines[0], ...lines.slice(2)].join('\n'), 1, 'misplaced'],
    ['a line twice', [...lines.slice(0, 5), lines[4], ...lines.slice(5)].join('\n'), 6, 'misplaced'],
    ['a line more', `${lines.join('\n')}\n${lines[0]}`, 12, 'surplus'],
    ['another text', 'licet, it is permitted', 1, 'malformed'],
    ['a great deal of text', 'A'.repeat(100_000), 1, 'malformed'],
  ])('is refused, and the line is named: %s', (_, damaged, line, why) => {
    expect(read(damaged)).toEqual({ ok: false, line, why })
  })

  test('made of the lines of two keys is refused as a whole', () => {
    const other = writeSealedKey({ ...KEY, publicKey: range(32, 99) }, sha256)
    const strange = other.split('\n').find((line) => line.startsWith('11'))!
    expect(strange).not.toBe(lines[10])
    expect(read(withLine(11, strange))).toEqual({ ok: false, line: 0, why: 'altered' })
  })

  test.each([
    ['128 times the usual memory', { logN: 24, r: 8, p: 1 }],
    ['64 times the usual passes', { logN: 17, r: 8, p: 64 }],
    ['the longest that a byte can say', { logN: 255, r: 255, p: 255 }],
    ['no block', { logN: 17, r: 0, p: 1 }],
    ['no pass', { logN: 17, r: 8, p: 0 }],
    ['one round', { logN: 0, r: 8, p: 1 }],
  ])('asks for no work beyond what is usual: %s', (_, cost) => {
    const costly = writeSealedKey({ ...KEY, sealed: { ...KEY.sealed, cost } }, sha256)
    expect(read(costly)).toEqual({ ok: false, line: 0, why: 'too_costly' })
  })

  test('of a kind that this version does not know is refused', () => {
    const unknown = writeSealedKey({ ...KEY, purpose: 'checkpoint' as 'root' }, sha256)
    expect(read(unknown)).toEqual({ ok: false, line: 0, why: 'unsupported_version' })
  })
})
