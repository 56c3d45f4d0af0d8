import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readLicenseText } from '../../src/format/license-text.ts'
import { hex, sha256, vectors } from './kit.ts'

const { good } = vectors<{ good: { name: string; text: string }[] }>('license-text')
const ORIGINAL = good.find((one) => one.name === 'a code and its certificate')!.text

/** Security G8. Every character that contract 1.1 drops, written out once more. */
const DROPPED = [
  ...'-\t\n\u000b\f\r \u0085\u00a0\u00ad\u1680\u180e',
  ...'\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u200c\u200d\u200e\u200f',
  ...'\u2010\u2011\u2012\u2013\u2014\u2015\u2028\u2029\u202f\u205f\u2060\u2212\u3000\ufeff\uff0d',
]

interface Noise {
  /** Which spelling of the symbol, as an index into what `spellings` lists. */
  readonly spelling: number
  readonly behind: readonly string[]
}

const noise: fc.Arbitrary<Noise> = fc.record({
  spelling: fc.nat({ max: 23 }),
  behind: fc.oneof(
    { weight: 4, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(fc.constantFrom(...DROPPED), { maxLength: 3 }) },
  ),
})

/** Every tolerated way to type a symbol; a symbol of a prefix has no misreadings. */
function spellings(symbol: string, inPrefix: boolean): string[] {
  const misread = inPrefix ? [] : symbol === '0' ? ['O'] : symbol === '1' ? ['I', 'L'] : []
  const cases = [symbol, ...misread].flatMap((one) => [one, one.toLowerCase()])
  return cases.flatMap((one) => [one, String.fromCharCode(one.charCodeAt(0) + 0xfee0)])
}

/** The symbols and dashes of the original, each with every way to type it. */
const WAYS = ORIGINAL.split(' ').flatMap((object) =>
  [...object].map((symbol, at) => (symbol === '-' ? [] : spellings(symbol, at < 3))),
)

/** The original typed with noise; the plan repeats when the text is longer. */
function noisy(plan: readonly Noise[], dash: string): string {
  let typed = ''
  WAYS.forEach((ways, at) => {
    const { spelling, behind } = plan[at % plan.length]!
    typed += (ways.length === 0 ? dash : ways[spelling % ways.length]) + behind.join('')
  })
  return typed
}

describe('noise of a paste', { timeout: 60_000 }, () => {
  test('never changes what is read, in 10,000 random mixes of what is tolerated', () => {
    const original = readLicenseText(ORIGINAL, sha256)
    if (!original.ok) throw new Error(original.reason)
    const plans = fc.array(noise, { minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(plans, fc.constantFrom('', '-', '\u2013'), (plan, dash) => {
        const read = readLicenseText(noisy(plan, dash), sha256)
        if (!read.ok) throw new Error(read.reason)
        expect(hex(read.code.digest)).toBe(hex(original.code.digest))
        expect(hex(read.certificates[0]!.digest)).toBe(hex(original.certificates[0]!.digest))
      }),
      { numRuns: 10_000 },
    )
  })

  test('is all there may be: no other text is accepted, and none behind a good one throws', () => {
    const symbols = fc.string({ unit: fc.constantFrom(...'LCK1O0-2VZ \u200b\uff2c'), maxLength: 400 })
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), symbols), (text) => {
        expect(readLicenseText(text, sha256).ok).toBe(false)
        expect(() => readLicenseText(ORIGINAL + text, sha256)).not.toThrow()
      }),
      { numRuns: 1_000 },
    )
  })
})
