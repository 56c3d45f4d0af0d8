import { describe, expect, test } from 'vitest'
import { sortedCompact } from '../../../src/marketplace/huawei/sorted-json.ts'
import { ACCESS_KEY, fate, intentOf, MOMENT, open, signedBody } from './fixture.ts'

const GOOD = '{"activity":"releaseLicenseCode","license":"PL1"}'
const nested = (depth: number) =>
  `{"activity":"releaseLicenseCode","deep":${'['.repeat(depth)}${']'.repeat(depth)},"license":"PL1"}`

describe('a body that is signed as sent', () => {
  test.each([
    ['compact', GOOD],
    ['spaced', '{ "license" : "PL1" ,\r\n\t"activity" : "releaseLicenseCode" }\n'],
    ['with a member twice, equal', '{"license":"PL1","activity":"releaseLicenseCode","license":"PL1"}'],
    [
      'with nested members nobody reads',
      '{"activity":"releaseLicenseCode","license":"PL1","x":{"license":"PL2","n":1e2}}',
    ],
    ['with __proto__', '{"__proto__":{"testFlag":"1"},"activity":"releaseLicenseCode","license":"PL1"}'],
    ['nested 16 deep', nested(15)],
    ['with an empty member name', '{"":1,"activity":"releaseLicenseCode","license":"PL1"}'],
  ])('%s is read', (_, body) => {
    expect(intentOf(open(signedBody(body)))).toMatchObject({
      instance: 'PL1',
      test: false,
      command: { type: 'release' },
    })
  })

  test.each([
    ['empty', ''],
    ['a list', `[${GOOD}]`],
    ['a text', '"releaseLicenseCode"'],
    ['null', 'null'],
    ['a number', '1'],
    ['cut short', GOOD.slice(0, -1)],
    ['followed by another', GOOD + GOOD],
    ['with a trailing comma', '{"activity":"releaseLicenseCode","license":"PL1",}'],
    ['with a comment', `${GOOD}/* */`],
    ['in single quotes', GOOD.replaceAll('"', "'")],
    ['with NaN', '{"activity":"releaseLicenseCode","license":"PL1","x":NaN}'],
    ['with a number beyond range', '{"activity":"releaseLicenseCode","license":"PL1","x":1e999}'],
    ['nested 17 deep', nested(16)],
    ['nested 30,000 deep', nested(30_000)],
    ['with a member twice, different', '{"license":"PL1","activity":"releaseLicenseCode","license":"PL2"}'],
    [
      'with a member twice, once escaped',
      '{"license":"PL1","activity":"releaseLicenseCode","licens\\u0065":"PL2"}',
    ],
    ['with a nested member twice', '{"activity":"releaseLicenseCode","license":"PL1","x":{"a":1,"a":2}}'],
    ['with only a prototype', '{"__proto__":{"activity":"releaseLicenseCode","license":"PL1"}}'],
  ])('%s is malformed, and leaves a mark', (_, body) => {
    const call = signedBody(body)
    expect(open(call)).toMatchObject({
      type: 'authentic',
      activity: null,
      intent: null,
      mark: { nonce: MOMENT.nonce },
    })
    const forged = { ...call, query: call.query.replace(/signature=../, 'signature=zz') }
    expect(fate(open(forged))).toBe('unauthenticated')
  })
})

/** A call whose signature is over `signed` while `sent` is what arrives. */
const signedAs = (signed: string, sent: string) => ({
  ...signedBody(signed),
  body: new TextEncoder().encode(sent),
})

describe('a body that is signed in its sorted spelling', () => {
  test.each([
    ['members in another order', '{"license":"PL1","activity":"releaseLicenseCode"}'],
    ['spaces', '{"activity": "releaseLicenseCode", "license": "PL1"}\n'],
    ['a null member', '{"activity":"releaseLicenseCode","license":"PL1","testFlag":null}'],
    ['escapes nobody needs', '{"activity":"release\\u004cicenseCode","license":"PL1"}'],
  ])('%s', (_, sent) => {
    expect(intentOf(open(signedAs(GOOD, sent)))).toMatchObject({ instance: 'PL1' })
  })

  test.each([
    ['another value', '{"license":"PL2","activity":"releaseLicenseCode"}'],
    ['a member more', '{"license":"PL1","activity":"releaseLicenseCode","testFlag":"1"}'],
    ['a member less', '{"license":"PL1"}'],
    ['a nested null', '{"license":"PL1","activity":"releaseLicenseCode","x":[null]}'],
    ['a member twice, different', '{"license":"PL2","license":"PL1","activity":"releaseLicenseCode"}'],
  ])('but not %s', (_, sent) => {
    expect(fate(open(signedAs(GOOD, sent)))).toBe('unauthenticated')
  })
})

test.each([
  ['{ }', '{}'],
  ['{"b":1,"a":2}', '{"a":2,"b":1}'],
  ['{"a":null,"b":"null","c":[null]}', '{"b":"null","c":[null]}'],
  [
    '{"n":1.0,"m":1e2,"k":-0,"big":12345678901234567890}',
    '{"big":12345678901234567890,"k":-0,"m":1e2,"n":1.0}',
  ],
  ['{"z":{"b":1, "a":[ 1 , {"d":2,"c":3} ]},"a":true}', '{"a":true,"z":{"b":1,"a":[1,{"d":2,"c":3}]}}'],
  ['{"x":{"2":0,"1":0}}', '{"x":{"2":0,"1":0}}'],
  ['{"b":"","a":{},"c":[]}', '{"a":{},"b":"","c":[]}'],
  ['{"u":"\\u4e2d\\/\\u00e9\\u007f"}', '{"u":"中/é\x7f"}'],
  ['{"c":"\\u0001\\u001F\\b\\t\\n\\f\\r\\"\\\\"}', '{"c":"\\u0001\\u001F\\b\\t\\n\\f\\r\\"\\\\"}'],
  ['{"s":"{[,:\\" ]}","r":"a:b"}', '{"r":"a:b","s":"{[,:\\" ]}"}'],
  ['{"é":1,"z":2,"Z":3,"中":4,"😀":5,"\uffee":6}', '{"Z":3,"z":2,"é":1,"中":4,"😀":5,"\uffee":6}'],
  ['{"a":1,"a":1}', '{"a":1}'],
  ['{"\\u0061":1}', '{"a":1}'],
  ['{"":":","a":","}', '{"":":","a":","}'],
])('%s is spelled %s', (text, spelled) => {
  expect(sortedCompact(text)).toBe(spelled)
  expect(sortedCompact(spelled)).toBe(spelled)
})

test('64 KiB of nesting, escapes or text is spelled in no time', () => {
  const deep = `{"a":${'['.repeat(15)}${'1,'.repeat(30_000)}1${']'.repeat(15)}}`
  const escapes = `{"a":"${'\\\\'.repeat(30_000)}"}`
  const text = `{"a":"${'x'.repeat(60_000)}"}`
  for (const body of [deep, escapes, text]) expect(sortedCompact(body)).toBe(body)
})

test('the sorted spelling signed with another key is refused', () => {
  const call = signedBody(GOOD, MOMENT, `${ACCESS_KEY}!`)
  expect(fate(open({ ...call, body: new TextEncoder().encode(` ${GOOD}`) }))).toBe('unauthenticated')
})
