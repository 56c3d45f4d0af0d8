import { describe, expect, test } from 'vitest'
import type { MarkIdentity, RawCall } from '../../../src/authority/marketplace.ts'
import { kitTimeStampOf } from '../../../src/marketplace/huawei/caller-kit.ts'
import { channel, keyOf, MOMENT, NONCE, NOW, open } from './fixture.ts'
import { APPLICATION, arrivingBelow, kit, kitBy, signedBelow, TENANT } from './kit-fixture.ts'

const sent = (version: 1 | 2 = 2) => arrivingBelow(kit[version].tenantSync(TENANT, MOMENT))

describe('a mark', () => {
  const markOf = (call: RawCall) => (open(call) as { mark: MarkIdentity }).mark

  test('of version 2 has the signature in lower case and the nonce, and lasts twice the window and a minute', () => {
    expect(markOf(sent())).toEqual({
      signature: sent().below!.headers['x-sign']!.toLowerCase(),
      nonce: NONCE,
      request: expect.stringMatching(/^[0-9a-f]{64}$/),
      expires: Math.floor(NOW / 1000) + 180,
    })
  })

  test('of version 1 has no nonce, and lasts twice its own window and a minute', () => {
    expect(markOf(sent(1))).toMatchObject({ nonce: null, expires: Math.floor(NOW / 1000) + 1860 })
  })

  test('tells the same body at another address apart, under the same signature', () => {
    const body = JSON.stringify({ ...TENANT, ...APPLICATION, timeStamp: kitTimeStampOf(NOW) })
    const marks = ['tenantSync', 'applicationSync'].map((name) => markOf(signedBelow(name, body)))
    expect(marks[0]!.signature).toBe(marks[1]!.signature)
    expect(marks[0]!.request).not.toBe(marks[1]!.request)
  })
})

test('every live key of the channel opens calls of both versions', () => {
  const keys = ['one', 'two', 'three'].map((secret, i) => keyOf(`${i}`, secret))
  for (const [i, secret] of ['one', 'two', 'three'].entries())
    for (const version of [1, 2] as const) {
      const call = arrivingBelow(kitBy(secret, version).tenantSync(TENANT, MOMENT))
      expect(open(call, { ...channel, keys })).toMatchObject({ type: 'authentic', key: { id: `${i}` } })
    }
})
