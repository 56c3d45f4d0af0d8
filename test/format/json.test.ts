import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Json, readJson } from '../../src/format/json.ts'

const STRICT = { maxDepth: 16, duplicates: 'refuse' } as const
const LENIENT = { maxDepth: 16, duplicates: 'allow_equal' } as const

function value(
  text: string,
  rule: { maxDepth: number; duplicates: 'refuse' | 'allow_equal' } = STRICT,
): Json {
  const read = readJson(text, rule)
  if (!read.ok) throw new Error(`${read.why} at ${read.at}`)
  return read.value
}

/** Prototypes are a matter of their own; this compares what the members say. */
const plain = (json: Json): unknown => JSON.parse(JSON.stringify(json))

describe('JSON that is read', { timeout: 60_000 }, () => {
  test('is what JSON.parse reads, for every valid text', () => {
    fc.assert(
      fc.property(fc.json({ depthSize: 'medium' }), (text) => {
        expect(plain(value(text, { ...STRICT, maxDepth: 1_000 }))).toEqual(JSON.parse(text))
      }),
      { numRuns: 500 },
    )
  })

  test('is what JSON.parse reads, with any Unicode text and any layout', () => {
    const anything = fc.jsonValue({ stringUnit: 'binary' })
    fc.assert(
      fc.property(anything, fc.constantFrom(0, 1, '\t', ' \r\n'.slice(0, 2)), (original, space) => {
        const text = JSON.stringify(original, null, space)
        expect(plain(value(text, { ...STRICT, maxDepth: 1_000 }))).toEqual(JSON.parse(text))
      }),
      { numRuns: 500 },
    )
  })

  test.each([
    ['0', 0],
    ['-1.5e3', -1500],
    ['1E+2', 100],
    ['123456789012345678901234567890', 1.2345678901234568e29],
    [' \t\r\n[ 1 , 2 ] ', [1, 2]],
    ['{}', {}],
    ['[[],{}]', [[], {}]],
    ['"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00"', '"\\/\b\f\n\r\té😀'],
    ['"\u007f\u2028é😀"', '\u007f\u2028é😀'],
    ['""', ''],
    ['true', true],
    ['null', null],
  ])('%s', (text, expected) => {
    expect(value(text)).toEqual(expected)
  })

  test('keeps the sign of zero, as JSON.parse does', () => {
    expect(Object.is(value('-0'), -0)).toBe(true)
  })

  test('gives objects that inherit nothing', () => {
    const read = value('{"a":{}}') as { a: object }
    expect(Object.getPrototypeOf(read)).toBeNull()
    expect('toString' in read.a).toBe(false)
  })

  test('takes __proto__ and constructor for members like any other', () => {
    const read = value('{"__proto__":{"trial":true},"constructor":1}') as Record<string, Json>
    expect(Object.keys(read)).toEqual(['__proto__', 'constructor'])
    expect(read.trial).toBeUndefined()
    expect(({} as Record<string, unknown>).trial).toBeUndefined()
  })

  test('may be as deep as the rule says', () => {
    expect(value('[[{}]]', { ...STRICT, maxDepth: 3 })).toEqual([[{}]])
    expect(value('7', { ...STRICT, maxDepth: 0 })).toBe(7)
  })

  test('may name a member twice where equal values are allowed', () => {
    expect(value('{"a":1,"b":2,"a":1.0}', LENIENT)).toEqual({ a: 1, b: 2 })
    expect(value('{"a":"x","\\u0061":"\\u0078"}', LENIENT)).toEqual({ a: 'x' })
    expect(value('{"a":[{"b":1,"c":null}],"a":[{"c":null,"b":1}]}', LENIENT)).toEqual({
      a: [{ b: 1, c: null }],
    })
  })

  test('takes time in proportion to its length', () => {
    const started = performance.now()
    for (const text of [
      `"${'\\n'.repeat(500_000)}"`,
      `[${'1,'.repeat(500_000)}1]`,
      `{${members(100_000)}}`,
    ]) {
      expect(readJson(text, STRICT).ok).toBe(true)
    }
    expect(performance.now() - started).toBeLessThan(10_000)
  })
})

const members = (count: number) => Array.from({ length: count }, (_, i) => `"m${i}":${i}`).join(',')
