import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readJson } from '../../src/format/json.ts'

const STRICT = { maxDepth: 16, duplicates: 'refuse' } as const
const LENIENT = { maxDepth: 16, duplicates: 'allow_equal' } as const

describe('JSON is refused', { timeout: 60_000 }, () => {
  test.each([
    ['nothing', '', 0, 'expected a value'],
    ['blanks', ' \n', 2, 'expected a value'],
    ['a byte order mark', '\ufeff{}', 0, 'expected a value'],
    ['a no-break space', '\u00a0{}', 0, 'expected a value'],
    ['a vertical tab', '\u000b1', 0, 'expected a value'],
    ['a word', 'nul', 0, 'expected a value'],
    ['a word in capitals', 'True', 0, 'expected a value'],
    ['NaN', 'NaN', 0, 'expected a value'],
    ['a word with a tail', 'nullx', 4, 'text after the value'],
    ['two values', '1 2', 2, 'text after the value'],
    ['garbage behind an object', '{} x', 3, 'text after the value'],
    ['NUL behind an object', '{}\u0000', 2, 'text after the value'],
    ['a comment', '/**/1', 0, 'expected a value'],
    ['a plus sign', '+1', 0, 'expected a value'],
    ['a bare minus', '-', 0, 'expected a number'],
    ['minus infinity', '-Infinity', 0, 'expected a number'],
    ['a point in front', '.5', 0, 'expected a value'],
    ['a point behind', '[1.]', 2, 'expected a comma or the end of the array'],
    ['an empty exponent', '[1e]', 2, 'expected a comma or the end of the array'],
    ['a leading zero', '[01]', 2, 'expected a comma or the end of the array'],
    ['a hexadecimal number', '0x10', 1, 'text after the value'],
    ['a separator in a number', '1_000', 1, 'text after the value'],
    ['a number beyond a double', '[1e400]', 1, 'number out of range'],
    ['a single quote', "'a'", 0, 'expected a value'],
    ['a string without an end', '"abc', 4, 'string without an end'],
    ['a backslash at the end', '"abc\\', 4, 'unknown escape in a string'],
    ['an escaped closing quote', '"abc\\"', 6, 'string without an end'],
    ['a tab in a string', '"a\tb"', 2, 'control character in a string'],
    ['a line end in a string', '"a\nb"', 2, 'control character in a string'],
    ['NUL in a string', '"\u0000"', 1, 'control character in a string'],
    ['an unknown escape', '"\\x41"', 1, 'unknown escape in a string'],
    ['the name of an inherited member as escape', '"\\constructor"', 1, 'unknown escape in a string'],
    ['a short unicode escape', '"\\u12"', 1, 'unknown escape in a string'],
    ['a unicode escape that is no hex', '"\\u12g4"', 1, 'unknown escape in a string'],
    ['the first surrogate alone', '["\ud800"]', 1, 'lone surrogate in a string'],
    ['the last surrogate alone', '["\udfff"]', 1, 'lone surrogate in a string'],
    ['the last surrogate alone, escaped', '["\\udfff"]', 1, 'lone surrogate in a string'],
    ['a lone high surrogate, escaped', '["\\ud83d"]', 1, 'lone surrogate in a string'],
    ['a lone low surrogate, escaped', '["\\ude00"]', 1, 'lone surrogate in a string'],
    ['surrogates in the wrong order', '["\\ude00\\ud83d"]', 1, 'lone surrogate in a string'],
    ['a high surrogate before a letter', '["\\ud83dx"]', 1, 'lone surrogate in a string'],
    ['a raw lone surrogate', '["\ud83d"]', 1, 'lone surrogate in a string'],
    ['a lone surrogate in a name', '{"\\ud800":1}', 1, 'lone surrogate in a string'],
    ['an array without an end', '[1', 2, 'expected a comma or the end of the array'],
    ['an array of nothing', '[,]', 1, 'expected a value'],
    ['a comma behind the last item', '[1,]', 3, 'expected a value'],
    ['the wrong bracket', '[1}', 2, 'expected a comma or the end of the array'],
    ['an object without an end', '{"a":1', 6, 'expected a comma or the end of the object'],
    ['a name without quotes', '{a:1}', 1, 'expected the name of a member'],
    ['a name in single quotes', "{'a':1}", 1, 'expected the name of a member'],
    ['a number as a name', '{1:1}', 1, 'expected the name of a member'],
    ['a comma behind the last member', '{"a":1,}', 7, 'expected the name of a member'],
    ['no colon', '{"a" 1}', 5, 'expected a colon'],
    ['no value', '{"a":}', 5, 'expected a value'],
  ])('%s', (_, text, at, why) => {
    expect(readJson(text, STRICT)).toEqual({ ok: false, at, why })
  })

  test.each([
    ['refused even if equal', '{"a":1,"a":1}', STRICT, 7],
    ['spelled with an escape', '{"a":1,"\\u0061":2}', STRICT, 7],
    ['deep inside', '[{"x":{"b":0,"a":0,"b":0}}]', STRICT, 19],
    ['__proto__', '{"__proto__":1,"__proto__":1}', STRICT, 15],
    ['the empty name', '{"":1,"":1}', STRICT, 6],
    ['with different values', '{"a":1,"a":2}', LENIENT, 7],
    ['text and number', '{"a":"1","a":1}', LENIENT, 9],
    ['null and false', '{"a":null,"a":false}', LENIENT, 10],
    ['null and an object', '{"a":null,"a":{}}', LENIENT, 10],
    ['an object and null', '{"a":{},"a":null}', LENIENT, 8],
    ['an object and a number', '{"a":{},"a":1}', LENIENT, 8],
    ['a number and an object', '{"a":1,"a":{}}', LENIENT, 7],
    ['an array and an object', '{"a":[],"a":{}}', LENIENT, 8],
    ['an object and an array', '{"a":{},"a":[]}', LENIENT, 8],
    ['arrays of different order', '{"a":[1,2],"a":[2,1]}', LENIENT, 11],
    ['arrays of different length', '{"a":[1],"a":[1,2]}', LENIENT, 9],
    ['objects of different members', '{"a":{"b":1},"a":{"c":1}}', LENIENT, 13],
    ['objects of different size', '{"a":{"b":1},"a":{"b":1,"c":1}}', LENIENT, 13],
    ['an inherited member against none', '{"a":{"toString":null},"a":{"x":null}}', LENIENT, 23],
    ['different at the third time', '{"a":1,"a":1,"a":2}', LENIENT, 13],
  ])('a repeated member: %s', (_, text, rule, at) => {
    expect(readJson(text, rule)).toEqual({ ok: false, at, why: 'repeated member' })
  })

  test('one level deeper than the rule says, before the rest is read', () => {
    expect(readJson('[[[', { ...STRICT, maxDepth: 2 })).toEqual({ ok: false, at: 2, why: 'nested too deep' })
    expect(readJson('{"a":{"b":{', { ...STRICT, maxDepth: 2 })).toEqual({
      ok: false,
      at: 10,
      why: 'nested too deep',
    })
    expect(readJson('[]', { ...STRICT, maxDepth: 0 })).toEqual({ ok: false, at: 0, why: 'nested too deep' })
  })

  test('a million brackets, without exhausting the stack', () => {
    expect(readJson('['.repeat(1_000_000), STRICT)).toEqual({ ok: false, at: 16, why: 'nested too deep' })
  })

  test('whatever is cut off or damaged, exactly where JSON.parse refuses or the rules are stricter', () => {
    const damaged = fc
      .tuple(fc.json(), fc.nat(), fc.constantFrom('', '"', '\\', '{', ']', ',', ':', '0', '\u0000', '\ud800'))
      .map(
        ([text, at, put]) =>
          text.slice(0, at % (text.length + 1)) + put + text.slice((at % (text.length + 1)) + 1),
      )
    fc.assert(
      fc.property(damaged, (text) => {
        const read = readJson(text, { maxDepth: 1_000, duplicates: 'refuse' })
        const strictly =
          !read.ok &&
          ['repeated member', 'lone surrogate in a string', 'number out of range'].includes(read.why)
        if (!strictly) expect(read.ok).toBe(parses(text))
      }),
      { numRuns: 3_000 },
    )
  })

  test('without a word of the text in the answer', () => {
    const read = readJson('{"secret":"hunter2" "x":1}', STRICT)
    expect(JSON.stringify(read)).not.toMatch(/secret|hunter2/)
  })
})

function parses(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
