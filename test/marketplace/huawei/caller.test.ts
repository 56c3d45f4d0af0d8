import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nodeCrypto } from '../../../src/crypto/node.ts'
import {
  expireTimeOf,
  type HuaweiCall,
  type HuaweiCaller,
  huaweiCaller,
} from '../../../src/marketplace/huawei/caller.ts'
import {
  ACCESS_KEY,
  arriving,
  caller,
  channel,
  intentOf,
  keyOf,
  MOMENT,
  NOW,
  open,
  plugin,
} from './fixture.ts'

const END = expireTimeOf(NOW + 86_400_000)
const RENEWAL = { orderId: 'CS-2', instanceId: 'i-1', expireTime: END }
const CODE_RENEWAL = {
  scene: 'RENEWAL',
  orderId: 'CS-2',
  orderLineId: 'CS-2-000001',
  license: 'PL1',
  expireTime: END,
}

test.each<[keyof HuaweiCaller, HuaweiCall, string]>([
  ['getLicense', caller.getLicense({ customerId: 'c', orderId: 'CS-1', productId: 'P' }, MOMENT), 'sale'],
  ['refreshLicense', caller.refreshLicense(RENEWAL, MOMENT), 'renew'],
  ['expireLicense', caller.expireLicense(RENEWAL, MOMENT), 'freeze'],
  ['releaseLicense', caller.releaseLicense(RENEWAL, MOMENT), 'release'],
  ['refreshLicenseCode', caller.refreshLicenseCode(CODE_RENEWAL, MOMENT), 'renew'],
  [
    'updateLicenseCodeStatus',
    caller.updateLicenseCodeStatus({ license: 'PL1', status: 'UNFREEZE' }, MOMENT),
    'reinstate',
  ],
  ['releaseLicenseCode', caller.releaseLicenseCode({ license: 'PL1' }, MOMENT), 'release'],
])('%s is built so that the plug-in reads it', (activity, call, meaning) => {
  const opened = open(arriving(call))
  expect(opened).toMatchObject({ type: 'authentic', activity })
  const intent = intentOf(opened)
  expect(intent.type === 'demand' ? intent.command.type : intent.type).toBe(meaning)
})

test('a purchase is named anew by its businessId on every call', () => {
  const purchase = { customerId: 'c', orderId: 'CS-1', productId: 'P' }
  const businessId = (nonce: string) =>
    new URL(caller.getLicense(purchase, { nowMs: NOW, nonce }).url).searchParams.get('businessId')
  expect([businessId('nonce-0001'), businessId('nonce-0002')]).toEqual(['nonce-0001', 'nonce-0002'])
})

test('whatever the key and the values, both sides agree on the signature', () => {
  const key = fc.string({ unit: 'binary', minLength: 1, maxLength: 70 })
  const value = fc.string({ unit: 'binary', maxLength: 40 }).filter((text) => !/&[A-Za-z]\w*=/.test(text))
  const name = fc
    .stringMatching(/^[A-Za-z][A-Za-z0-9_]{0,12}$/)
    .filter((text) => text !== 'authToken' && text !== 'timeStamp')
  fc.assert(
    fc.property(key, fc.dictionary(name, value, { maxKeys: 6 }), (secret, fields) => {
      const theirs = huaweiCaller(nodeCrypto, 'https://x.example/p', secret)
      const to = { ...channel, keys: [keyOf('k', secret)] }
      expect(open(arriving(theirs.get(fields, MOMENT)), to).type).toBe('authentic')
      expect(open(arriving(theirs.post(fields, MOMENT)), to).type).toBe('authentic')
    }),
    { numRuns: 300 },
  )
})

test('whatever the key and the body, the answer’s signature is read back, and by no other key', () => {
  const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 60 })
  fc.assert(
    fc.property(text, text, text, (secret, body, other) => {
      fc.pre(other !== secret)
      const header = plugin.headers(body, keyOf('k', secret))['Body-Sign']!
      expect(huaweiCaller(nodeCrypto, 'https://x.example/p', secret).bodySignHolds(body, header)).toBe(true)
      expect(huaweiCaller(nodeCrypto, 'https://x.example/p', other).bodySignHolds(body, header)).toBe(false)
    }),
    { numRuns: 200 },
  )
})

test.each([
  ['nothing', null],
  ['an empty header', ''],
  ['another algorithm', 'sign_type="HMAC-SHA1", signature= "AAAA"'],
  ['no quotes', 'sign_type=HMAC-SHA256, signature=AAAA'],
])('%s is no Body-Sign', (_, header) => {
  expect(caller.bodySignHolds('{}', header)).toBe(false)
})

test('the address keeps its path, and the key is nowhere in a call', () => {
  for (const call of [caller.get({}, MOMENT), caller.post({ activity: 'x' }, MOMENT)]) {
    expect(call.url).toMatch(/^https:\/\/license\.example\/callbacks\/huawei\?/)
    expect(JSON.stringify(call)).not.toContain(ACCESS_KEY)
  }
})
