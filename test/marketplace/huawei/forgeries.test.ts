import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { RawCall } from '../../../src/authority/marketplace.ts'
import { nodeCrypto } from '../../../src/crypto/node.ts'
import { huaweiCaller } from '../../../src/marketplace/huawei/caller.ts'
import { arriving, caller, fate, MOMENT, open, PURCHASE, RENEWAL } from './fixture.ts'

const GET = arriving(caller.get({ ...PURCHASE, amount: '5', skuCode: 'sku-gold', testFlag: '0' }, MOMENT))
const POST = arriving(caller.post({ ...RENEWAL, productId: 'OFFI0001', testFlag: '0' }, MOMENT))
const RUNS = 50

type Pair = readonly [name: string, value: string]
const pairsOf = (call: RawCall): Pair[] => [...new URLSearchParams(call.query)]
const withPairs = (call: RawCall, pairs: readonly Pair[]): RawCall => ({
  ...call,
  query: new URLSearchParams(pairs.map(([name, value]) => [name, value])).toString(),
})

const swapCase = (text: string) =>
  text.replace(/[a-z]/gi, (c) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase()))

/** Changes of one value; each must give another value or it is no forgery. */
const tampering = fc.oneof(
  fc.string({ minLength: 1, maxLength: 3 }).map((tail) => (value: string) => value + tail),
  fc.string({ minLength: 1, maxLength: 3 }).map((head) => (value: string) => head + value),
  fc
    .nat()
    .map((at) => (value: string) => value.slice(0, at % value.length) + value.slice((at % value.length) + 1)),
  fc.constant(swapCase),
  fc.constant((value: string) => [...value].reverse().join('')),
  fc.string({ maxLength: 20 }).map((other) => () => other),
)

const body = (members: object): Uint8Array => new TextEncoder().encode(JSON.stringify(members))
const membersOf = (call: RawCall): Record<string, unknown> => JSON.parse(new TextDecoder().decode(call.body!))

/** Every generated call must be refused; a draw that changes nothing is drawn again. */
function refused(forgery: fc.Arbitrary<RawCall>, genuine: RawCall): void {
  fc.assert(
    fc.property(forgery, (call) => {
      fc.pre(call.query !== genuine.query || Buffer.compare(call.body!, genuine.body!) !== 0)
      expect(['unauthenticated', 'malformed']).toContain(fate(open(call)))
    }),
    { numRuns: RUNS },
  )
}

test('the genuine calls are accepted, or nothing below would mean anything', () => {
  expect([fate(open(GET)), fate(open(POST))]).toEqual(['accepted', 'accepted'])
})

test('License 1.0: any parameter altered, 50 forgeries', () => {
  const pairs = pairsOf(GET)
  refused(
    fc.tuple(fc.nat(pairs.length - 1), tampering).map(([at, tamper]) => {
      return withPairs(
        GET,
        pairs.map(([name, value], i) => [name, i === at ? tamper(value) : value]),
      )
    }),
    GET,
  )
})

test('License 1.0: any parameter missing, renamed or in another case, 50 forgeries', () => {
  const pairs = pairsOf(GET)
  const renaming = fc.oneof(
    fc.constant(null),
    fc.constant(swapCase),
    fc.constant((name: string) => `${name}0`),
  )
  refused(
    fc.tuple(fc.nat(pairs.length - 1), renaming).map(([at, rename]) => {
      const changed = pairs.map(([name, value], i): Pair => [i === at && rename ? rename(name) : name, value])
      return withPairs(GET, rename ? changed : changed.filter((_, i) => i !== at))
    }),
    GET,
  )
})

test('License 1.0: any parameter repeated or added, 50 forgeries', () => {
  const pairs = pairsOf(GET)
  const name = fc.oneof(fc.constantFrom(...pairs.map(([known]) => known)), fc.stringMatching(/^[a-z]{1,8}$/))
  refused(
    fc.tuple(name, fc.string({ maxLength: 5 }), fc.boolean()).map(([extra, value, first]) => {
      return withPairs(GET, first ? [[extra, value], ...pairs] : [...pairs, [extra, value]])
    }),
    GET,
  )
})

test('License 1.0: signed with another key, 50 forgeries', () => {
  refused(
    fc.string({ minLength: 1, maxLength: 40 }).map((key) => {
      return arriving(
        huaweiCaller(nodeCrypto, 'https://x.example/p', key).get({ ...PURCHASE, by: 'another' }, MOMENT),
      )
    }),
    GET,
  )
})

test('License 1.0: values of two parameters exchanged, 50 forgeries', () => {
  const pairs = pairsOf(GET)
  const at = fc.nat(pairs.length - 1)
  refused(
    fc.tuple(at, at).map(([a, b]) => {
      return withPairs(
        GET,
        pairs.map(([name, value], i) => [name, i === a ? pairs[b]![1] : i === b ? pairs[a]![1] : value]),
      )
    }),
    GET,
  )
})

test('License 2.0: timestamp, nonce or the digits of the signature altered, 50 forgeries', () => {
  const pairs = pairsOf(POST)
  // The case of the hex digits is no part of the signature's value.
  const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()
  refused(
    fc
      .tuple(fc.nat(pairs.length - 1), tampering)
      .filter(([at, tamper]) => at > 0 || !same(pairs[0]![1], tamper(pairs[0]![1])))
      .map(([at, tamper]) => {
        return withPairs(
          POST,
          pairs.map(([name, value], i) => [name, i === at ? tamper(value) : value]),
        )
      }),
    POST,
  )
})

test('License 2.0: signature, timestamp or nonce missing, repeated or in another case, 50 forgeries', () => {
  const pairs = pairsOf(POST)
  const at = fc.nat(pairs.length - 1)
  const missing = at.map((i) =>
    withPairs(
      POST,
      pairs.filter((_, j) => j !== i),
    ),
  )
  const repeated = fc
    .tuple(at, tampering)
    .map(([i, tamper]) => withPairs(POST, [...pairs, [pairs[i]![0], tamper(pairs[i]![1])]]))
  const recased = at.map((i) =>
    withPairs(
      POST,
      pairs.map(([name, value], j) => [j === i ? swapCase(name) : name, value]),
    ),
  )
  refused(fc.oneof(missing, repeated, recased), POST)
})

test('License 2.0: any member altered, missing or added, 50 forgeries', () => {
  const members = membersOf(POST) as Record<string, string>
  const name = fc.constantFrom(...Object.keys(members))
  const altered = fc
    .tuple(name, tampering)
    .map(([member, tamper]) => ({ ...members, [member]: tamper(members[member]!) }))
  const missing = name.map((member) => ({ ...members, [member]: undefined }))
  const added = fc
    .tuple(fc.stringMatching(/^[a-z]{1,8}$/), fc.string())
    .map(([member, value]) => ({ ...members, [member]: value }))
  const retyped = name.map((member) => ({ ...members, [member]: [members[member]] }))
  refused(
    fc.oneof(altered, missing, added, retyped).map((changed) => ({ ...POST, body: body(changed) })),
    POST,
  )
})

test('License 2.0: signed with another key, 50 forgeries', () => {
  refused(
    fc.string({ minLength: 1, maxLength: 40 }).map((key) => {
      return arriving(huaweiCaller(nodeCrypto, 'https://x.example/p', key).post(RENEWAL, MOMENT))
    }),
    POST,
  )
})

test('License 2.0: any byte of the body changed, 50 forgeries', () => {
  refused(
    fc.tuple(fc.nat(POST.body!.length - 1), fc.integer({ min: 1, max: 255 })).map(([at, mask]) => {
      return { ...POST, body: POST.body!.map((byte, i) => (i === at ? byte ^ mask : byte)) }
    }),
    POST,
  )
})
