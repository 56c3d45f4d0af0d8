import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Intent, Opened, RawCall } from '../../../src/authority/marketplace.ts'
import { arriving, caller, fate, MOMENT, NOW, open, openGet, PURCHASE, RENEWAL } from './fixture.ts'

/** The two-call attack F6a: the same token over other parameters. */
function recut(call: RawCall, parameters: Readonly<Record<string, string>>): RawCall {
  const token = new URLSearchParams(call.query).get('authToken')!
  return { ...call, query: new URLSearchParams({ ...parameters, authToken: token }).toString() }
}

const timeStamp = '20261121093000250'
const { expireTime: _, ...perpetual } = PURCHASE

test('a name that holds an expireTime is refused, and its mark bars the re-cut', () => {
  const joined = arriving(
    caller.get({ ...perpetual, customerName: 'Acme&expireTime=20991231000000' }, MOMENT),
  )
  const split = recut(joined, { ...perpetual, customerName: 'Acme', expireTime: '20991231000000', timeStamp })
  const [first, second] = [open(joined), open(split)]
  expect(fate(first)).toBe('faulty')
  expect(fate(second)).toBe('accepted')
  // Alone the second is a genuine call, and no check could tell; after the first it is a replay.
  const marks = [first, second].map((opened) => opened.type === 'authentic' && opened.mark)
  expect(marks[0]).toMatchObject({ signature: (marks[1] as { signature: string }).signature })
  expect(marks[0]).not.toEqual(marks[1])
})

test('parameters swallowed into a name are refused', () => {
  const split = arriving(caller.get({ ...PURCHASE, customerName: 'Acme' }, MOMENT))
  const { expireTime, customerName, ...rest } = PURCHASE
  const joined = recut(split, { ...rest, customerName: `Acme&expireTime=${expireTime}`, timeStamp })
  expect(fate(open(split))).toBe('accepted')
  expect(fate(open(joined))).toBe('faulty')
})

test.each([
  'orderNote',
  'zzz',
  'productKind',
])('an order id that swallows the unknown parameter %s is refused', (name) => {
  const split = arriving(caller.get({ ...PURCHASE, orderId: 'CS1', [name]: '1' }, MOMENT))
  const joined = recut(split, { ...PURCHASE, orderId: `CS1&${name}=1`, timeStamp })
  expect(fate(open(split))).toBe('accepted')
  expect(fate(open(joined))).not.toBe('accepted')
})

test('a name with an ampersand and no parameter behind it is welcome', () => {
  for (const customerName of [
    'R&D=good',
    'Tom & Jerry',
    '&',
    'a&b',
    '&=',
    'Acme&orderid=1',
    'Acme&xorderId=1',
  ]) {
    const opened = openGet({ ...PURCHASE, customerName })
    expect(opened).toMatchObject({
      intent: { customer: expect.stringContaining(JSON.stringify(customerName)) },
    })
  }
})

/** What a call decides; the texts for people are not part of it. */
function meaning(opened: Opened): Intent | null {
  if (opened.type !== 'authentic' || opened.intent === null) return null
  return opened.intent.type === 'sale' ? { ...opened.intent, customer: null } : opened.intent
}

/** Every way to cut one signed text into parameters. */
function* cuts(text: string): Generator<Record<string, string>> {
  const pieces = text.split('&')
  for (let choice = 0; choice < 2 ** (pieces.length - 1); choice++) {
    const joined = pieces.reduce(
      (sum, piece, i) => `${sum}${i > 0 && (choice >> (i - 1)) & 1 ? '\n' : '&'}${piece}`,
    )
    const pairs = joined
      .split('\n')
      .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)])
    const parameters = Object.fromEntries(pairs)
    if (Object.keys(parameters).length === pairs.length) yield parameters
  }
}

const nastyText = fc
  .array(
    fc.constantFrom(
      'A',
      ' ',
      '中',
      '&',
      '=',
      '&B=',
      '&customerX=1',
      '&ordex=',
      '&pzz=',
      '&orderId=',
      '&testFlag=1',
    ),
    {
      maxLength: 2,
    },
  )
  .map((parts) => `A${parts.join('')}`)

test('one token never has two accepted meanings, however its text is cut', () => {
  const call = fc.record({ customerName: nastyText, orderId: nastyText })
  let accepted = 0
  fc.assert(
    fc.property(call, (texts) => {
      const fields = { activity: 'getLicense', businessId: 'b', customerId: 'c', productId: 'p', ...texts }
      const sent = arriving(caller.get(fields, MOMENT))
      const text = [...new URLSearchParams(sent.query)]
        .filter(([name]) => name !== 'authToken')
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, value]) => `${name}=${value}`)
        .join('&')
      const meanings = new Set<string>()
      for (const parameters of cuts(text)) {
        const read = meaning(open(recut(sent, parameters)))
        if (read !== null) meanings.add(JSON.stringify(read))
      }
      accepted += meanings.size
      expect(meanings.size).toBeLessThanOrEqual(1)
    }),
    { numRuns: 100 },
  )
  expect(accepted).toBeGreaterThan(10)
})

test('no digit can be moved between nonce and timestamp (F6b)', () => {
  const nonce = 'Nonce-1234567890'
  const call = arriving(caller.post(RENEWAL, { nowMs: NOW, nonce }))
  const signed = `${nonce}${NOW}`
  const signature = new URLSearchParams(call.query).get('signature')
  const accepted = []
  for (let cut = 0; cut <= signed.length; cut++) {
    const query = `signature=${signature}&timestamp=${signed.slice(cut)}&nonce=${signed.slice(0, cut)}`
    if (fate(open({ ...call, query })) === 'accepted') accepted.push(signed.slice(0, cut))
  }
  expect(accepted).toEqual([nonce])
})
