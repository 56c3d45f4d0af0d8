import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkIn, checkOf, symbolValue, writeCheck, writeSymbols } from '../../src/format/crockford.ts'
import { foldPaste } from '../../src/format/paste.ts'
import { regroup } from '../../src/format/regroup.ts'
import { bytes, hex, vectors } from './kit.ts'

const { groups, folded, refused } = vectors<{
  groups: { hex: string; symbols: string }[]
  folded: { why: string; text: string; symbols: string }[]
  refused: { why: string; text: string }[]
}>('crockford')

const ANY_SIZE = 8192

/** The whole bytes of these symbols. */
function bytesIn(symbols: Uint8Array): Uint8Array {
  const values = symbols.map(symbolValue)
  return regroup(values, 5, 8).slice(0, (symbols.length * 5) / 8)
}

/** Five bytes from a pasted text of eight symbols; null when it is refused. */
function read(text: string): Uint8Array | null {
  const folded = foldPaste(text, ANY_SIZE)
  return folded?.length === 8 && !folded.includes(0x55) ? bytesIn(folded) : null
}

describe('base32 of license texts', () => {
  test.each(groups)('spells $hex as $symbols', ({ hex: expected, symbols }) => {
    expect(writeSymbols(bytes(expected))).toBe(symbols)
    expect(hex(read(symbols)!)).toBe(expected)
  })

  test.each(folded)('tolerates: $why', ({ text, symbols }) => {
    expect(read(text)).toEqual(read(symbols))
    expect(read(text)).not.toBeNull()
  })

  test.each(refused)('refuses: $why', ({ text }) => {
    expect(read(text)).toBeNull()
  })

  test('tolerates no unit of UTF-16 that the contract does not list', () => {
    const listed = new Set<number>()
    const list = (first: number, last = first) => {
      for (let unit = first; unit <= last; unit++) listed.add(unit)
    }
    for (const letter of '0123456789ABCDEFGHIJKLMNOPQRSTVWXYZabcdefghijklmnopqrstvwxyz-') {
      list(letter.charCodeAt(0))
      list(letter.charCodeAt(0) + 0xfee0)
    }
    const dropped = '9-D 20 85 A0 AD 1680 180E 2000-200F 2010-2015 2028 2029 202F 205F 2060 2212 3000 FEFF'
    for (const range of dropped.split(' ')) {
      const [first, last] = range.split('-').map((end) => Number.parseInt(end, 16))
      list(first!, last)
    }
    const tolerated = (unit: number) => {
      const folded = foldPaste(`0000000${String.fromCharCode(unit)}`, ANY_SIZE)
      return folded !== null && !folded.includes(0x55)
    }
    const wrong = []
    for (let unit = 0; unit <= 0xffff; unit++) if (tolerated(unit) !== listed.has(unit)) wrong.push(unit)
    expect(wrong).toEqual([])
  })

  test('reads back whatever it spelled', () => {
    const blocks = fc
      .array(fc.uint8Array({ minLength: 5, maxLength: 5 }), { maxLength: 30 })
      .map((parts) => Uint8Array.from(parts.flatMap((part) => [...part])))
    fc.assert(
      fc.property(blocks, (value) => {
        expect(bytesIn(foldPaste(writeSymbols(value), ANY_SIZE)!)).toEqual(value)
      }),
    )
  })

  test('refuses to spell bytes that would leave pad bits', () => {
    expect(() => writeSymbols(new Uint8Array(4))).toThrow(RangeError)
  })
})

describe('check symbols', () => {
  test('are the first 25 bits of the digest', () => {
    const spelled = (digest: string) => writeCheck(checkOf(bytes(digest)))
    expect(spelled('ffffff80')).toBe('ZZZZZ')
    expect(spelled('0000007f')).toBe('00000')
    expect(spelled('00000080')).toBe('00001')
    expect(spelled('80000000')).toBe('G0000')
  })

  test('are read as they were written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0x1ffffff }), (check) => {
        expect(checkIn(foldPaste(writeCheck(check), ANY_SIZE)!.map(symbolValue))).toBe(check)
      }),
    )
  })
})
