import { expect, test } from 'vitest'
import { legacyCrypto } from '../../../src/crypto/legacy.ts'
import { nodeCrypto } from '../../../src/crypto/node.ts'
import { huaweiCaller } from '../../../src/marketplace/huawei/caller.ts'
import { huaweiMarketplace } from '../../../src/marketplace/huawei/index.ts'
import {
  ACCESS_KEY,
  arriving,
  caller,
  channel,
  keyOf,
  MOMENT,
  NONCE,
  NOW,
  open,
  PURCHASE,
  RENEWAL,
  signedBody,
} from './fixture.ts'

function markOf(opened: ReturnType<typeof open>) {
  if (opened.type !== 'authentic') throw new Error(`rejected: ${opened.why}`)
  return opened.mark
}

test('a License 2.0 mark keeps the signature in lower case, the nonce, and lasts twice the window and a minute', () => {
  const call = arriving(caller.post(RENEWAL, MOMENT))
  const signature = new URLSearchParams(call.query).get('signature')!
  expect(signature).toMatch(/[A-F]/)
  expect(markOf(open(call))).toEqual({
    signature: signature.toLowerCase(),
    nonce: NONCE,
    request: expect.stringMatching(/^[0-9a-f]{64}$/),
    expires: Math.floor(NOW / 1000) + 180,
  })
})

test('a License 1.0 mark keeps the token as hex, no nonce, and lasts twice its own window and a minute', () => {
  const call = arriving(caller.get(PURCHASE, MOMENT))
  const token = new URLSearchParams(call.query).get('authToken')!
  expect(markOf(open(call))).toEqual({
    signature: Buffer.from(token, 'base64').toString('hex'),
    nonce: null,
    request: expect.stringMatching(/^[0-9a-f]{64}$/),
    expires: Math.floor(NOW / 1000) + 1860,
  })
})

test('the same raw request has the same digest, any other spelling another one', () => {
  const call = arriving(caller.post(RENEWAL, MOMENT))
  const digest = markOf(open(call)).request
  const [signature, ...rest] = call.query.split('&')
  const respelled = [
    { ...call, query: [signature!.toLowerCase(), ...rest].join('&') },
    { ...call, query: [...rest, signature].join('&') },
    { ...call, query: `${call.query}&x=1` },
    { ...call, query: call.query.replace('nonce=', 'n%6Fnce=') },
  ]
  expect(markOf(open({ ...call, contentType: null })).request).toBe(digest)
  for (const other of respelled) expect(markOf(open(other)).request).not.toBe(digest)
})

test('bytes moved between query and body make another digest', () => {
  const call = arriving(caller.get(PURCHASE, MOMENT))
  const inQuery = { ...call, query: `${call.query}&` }
  const inBody = { ...call, body: new TextEncoder().encode('&') }
  expect(markOf(open(inQuery)).request).not.toBe(markOf(open(inBody)).request)
})

test('one signature over two spellings of a body makes two digests', () => {
  const call = arriving(caller.post(RENEWAL, MOMENT))
  const spaced = { ...call, body: new TextEncoder().encode(` ${JSON.stringify(RENEWAL)}`) }
  const marks = [markOf(open(call)), markOf(open(spaced))]
  expect(marks[0]!.signature).toBe(marks[1]!.signature)
  expect(marks[0]!.request).not.toBe(marks[1]!.request)
})

test('an authentic call with bad fields leaves a mark too', () => {
  expect(markOf(open(signedBody('[]')))).toMatchObject({ nonce: NONCE })
  expect(markOf(open(arriving(caller.get({ activity: 'upgrade' }, MOMENT))))).toMatchObject({ nonce: null })
})

test('every live key opens calls, and the mark names the one that did', () => {
  const channelOfThree = {
    ...channel,
    keys: ['one', 'two', 'three'].map((secret, i) => keyOf(`${i}`, secret)),
  }
  for (const [i, secret] of ['one', 'two', 'three'].entries()) {
    const theirs = huaweiCaller(nodeCrypto, 'https://x.example/p', secret)
    for (const call of [theirs.get(PURCHASE, MOMENT), theirs.post(RENEWAL, MOMENT)]) {
      expect(open(arriving(call), channelOfThree)).toMatchObject({ type: 'authentic', key: { id: `${i}` } })
    }
  }
})

test('every key is tried, whichever it was', () => {
  let compared = 0
  const equal = (a: Uint8Array, b: Uint8Array) => {
    compared++
    return nodeCrypto.equal(a, b)
  }
  const keys = [ACCESS_KEY, 'two', 'three'].map((secret, i) => keyOf(`${i}`, secret))
  const counting = huaweiMarketplace({ ...nodeCrypto, equal }, legacyCrypto)
  for (const call of [caller.get(PURCHASE, MOMENT), caller.post(RENEWAL, MOMENT)]) {
    counting.open(arriving(call), { ...channel, keys }, NOW)
  }
  expect(compared).toBe(6)
})

test('a channel without keys refuses everyone', () => {
  const closed = { ...channel, keys: [] }
  for (const call of [caller.get(PURCHASE, MOMENT), caller.post(RENEWAL, MOMENT)]) {
    expect(open(arriving(call), closed)).toMatchObject({
      type: 'rejected',
      reply: { type: 'unauthenticated' },
    })
  }
})
