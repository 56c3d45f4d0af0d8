import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Json, readJson } from '../../src/format/json.ts'
import { SIGNED_JSON_DEPTH } from '../../src/format/limits.ts'
import { parseStrict } from '../../src/format/strict-json.ts'

/** What the reader of the doors says of a text: it is written by hand from RFC 8259 and shares nothing. */
function byHand(text: string): Json | undefined {
  const read = readJson(text, { maxDepth: SIGNED_JSON_DEPTH, duplicates: 'refuse' })
  return read.ok ? read.value : undefined
}

/** Without prototypes: one reader gives its objects none. */
const plain = (value: unknown): unknown => (value === undefined ? value : JSON.parse(JSON.stringify(value)))

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)

describe('the JSON of a signed object', () => {
  test.each([
    '{}',
    '[]',
    'null',
    '0',
    '-0',
    '1e308',
    '"\\u00e9\\ud83d\\ude00"',
    '"😀"',
    ' \t\r\n{ "a" : [ 1 , { "b" : "x:{}[]\\"\\\\" } ] } ',
    '{"__proto__":1,"constructor":2,"toString":3}',
    '{"a":{"a":{"a":1}},"b":[{"a":1},{"a":1}]}',
    '{"":1}',
    '{"Infinity":"Infinity"}',
    '{"kid":"12e45678"}',
    '["Infinity",["-Infinity"]]',
    nested(16),
    `"${'['.repeat(40)}"`,
  ])('is read: %s', (text) => {
    expect(byHand(text)).not.toBeUndefined()
    expect(plain(parseStrict(text))).toEqual(plain(byHand(text)))
  })

  test.each([
    '',
    ' ',
    '{',
    '{"a":1,}',
    "{'a':1}",
    '{"a":1}x',
    '{"a":1}{"a":1}',
    '\ufeff{}',
    '{"a":1,"a":1}',
    '{"a":1,"a":2}',
    '{"a":1,"\\u0061":2}',
    '{"x":{"a":1,"b":2,"a":1}}',
    '[{"a":[{"b":1,"b":1}]}]',
    '{"__proto__":1,"__proto__":1}',
    '{"a:":1,"a:":1}',
    '1e999',
    '[-1e999]',
    '{"a":{"b":1e400}}',
    '"\\ud800"',
    '"\\udc00\\ud800"',
    '"\ud800"',
    '{"\\ud800":1}',
    '{"\\ud800":"\\udc00"}',
    '"\\x41"',
    '"\n"',
    '01',
    '+1',
    '.5',
    'NaN',
    'undefined',
    nested(17),
    nested(100_000),
    `{"a":${'{"a":'.repeat(16)}1${'}'.repeat(17)}`,
  ])('is refused: %#', (text) => {
    expect(byHand(text)).toBeUndefined()
    expect(parseStrict(text)).toBeUndefined()
  })

  test('is judged by both readers alike, whatever the text', () => {
    const token = fc.constantFrom(
      ...'{}[],:"\\ 01e-.',
      '"a"',
      '"b"',
      '"a":1',
      '"a":',
      '{"a":1}',
      '1e999',
      'true',
      'null',
      '\\u0061',
      '\\ud800',
      '"\\u0061"',
      '\ud800',
      '\n',
    )
    const mixed = fc.array(token, { maxLength: 12 }).map((tokens) => tokens.join(''))
    const objects = fc
      .array(fc.tuple(fc.constantFrom('a', 'b', '\\u0061', ':', '{', '\\"'), fc.json({ maxDepth: 2 })), {
        maxLength: 4,
      })
      .map((members) => `{${members.map(([name, value]) => `"${name}":${value}`).join(',')}}`)
    fc.assert(
      fc.property(fc.oneof(fc.json(), mixed, objects, fc.string({ unit: 'binary' })), (text) => {
        expect(plain(parseStrict(text))).toEqual(plain(byHand(text)))
      }),
      { numRuns: 20_000 },
    )
  })
})
