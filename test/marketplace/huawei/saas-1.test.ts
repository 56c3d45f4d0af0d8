import { describe, expect, test } from 'vitest'
import { nodeCrypto } from '../../../src/crypto/node.ts'
import type { Fields } from '../../../src/marketplace/huawei/caller.ts'
import { saas1Caller } from '../../../src/marketplace/huawei/caller-saas-1.ts'
import { ACCESS_KEY, arriving, channel, fate, intentOf, MOMENT, open, openGet, openPost } from './fixture.ts'

const BUY = {
  activity: 'newInstance',
  customerId: '68cbc86abc2018ab880d92f36422fa0e',
  customerName: '张三',
  businessId: '61e834ba-7b97-4418-b8f7-e5345137278c',
  orderId: 'CS-1',
  productId: 'OFFI123',
  expireTime: '20271121093000',
}
const NAMED = { orderId: 'CS-2', instanceId: 'i-1' }
const REFRESH = { activity: 'refreshInstance', ...NAMED, expireTime: '20271121093000' }
const EXPIRE = { activity: 'expireInstance', ...NAMED }
const RELEASE = { activity: 'releaseInstance', ...NAMED }
const UPGRADE = { activity: 'upgrade', ...NAMED, productId: 'OFFI123', skuCode: 'sku-gold' }
const STATUS = { activity: 'instanceStatus', instanceId: 'i-1', instanceStatus: 'FREEZE' }
const EVERY: readonly Fields[] = [BUY, REFRESH, EXPIRE, RELEASE, UPGRADE, STATUS]

const END = Date.UTC(2027, 10, 21, 9, 30) / 1000
const SALE = {
  type: 'sale',
  test: false,
  shown: 'as_instance',
  order: { id: 'CS-1', line: '' },
  marketplaceProduct: 'OFFI123',
  sku: null,
  quantity: null,
  paidUntil: END,
  trial: false,
  customer: JSON.stringify({ customerId: BUY.customerId, customerName: '张三' }),
}
const DEMAND = { type: 'demand', test: false, instance: 'i-1', unknown: 'park', order: null }
const REF = { id: 'CS-2', line: 'i-1' }
const renewal = (formal: boolean) => ({
  ...DEMAND,
  command: { type: 'renew', order: 'CS-2', paidUntil: END, formal },
  order: { ref: REF, cause: formal ? 'formal' : 'renewal', learn: false },
})

test.each<[Fields, object]>([
  [BUY, SALE],
  [
    { ...BUY, skuCode: 'sku-gold', amount: '5', diskSize: '40', chargingMode: '1', periodType: 'year' },
    { ...SALE, sku: 'sku-gold', quantity: '5' },
  ],
  [
    { ...BUY, expireTime: undefined },
    { ...SALE, paidUntil: null },
  ],
  [
    { ...BUY, trialFlag: '1' },
    { ...SALE, trial: true },
  ],
  [REFRESH, renewal(false)],
  [{ ...REFRESH, trialToFormal: '0' }, renewal(false)],
  [
    { ...REFRESH, trialToFormal: '1', productId: 'OFFI9', periodNumber: 1, orderAmount: '9.999' },
    renewal(true),
  ],
  [{ ...REFRESH, expireTime: '20271121093000999' }, renewal(false)],
  [EXPIRE, { ...DEMAND, command: { type: 'freeze', cause: 'expiry_call' } }],
  [RELEASE, { ...DEMAND, command: { type: 'release' } }],
  [
    UPGRADE,
    {
      type: 'upgrade',
      test: false,
      instance: 'i-1',
      order: REF,
      bought: { marketplaceProduct: 'OFFI123', sku: 'sku-gold', quantity: null },
    },
  ],
  [
    { ...UPGRADE, amount: 9, diskSize: 1 },
    expect.objectContaining({ bought: expect.objectContaining({ quantity: '9' }) }),
  ],
  [STATUS, { ...DEMAND, command: { type: 'freeze', cause: 'status_call' } }],
  [
    { ...STATUS, instanceStatus: 'NORMAL' },
    { ...DEMAND, command: { type: 'reinstate' } },
  ],
])('%j is what it asks for, also with parameters of next year', (fields, intent) => {
  expect(intentOf(openGet(fields))).toEqual(intent)
  expect(intentOf(openGet({ ...fields, ofNextYear: 'x', another: '' }))).toEqual(intent)
})

test('the far side says the same', () => {
  const far = saas1Caller(nodeCrypto, 'https://license.example/callbacks/huawei', ACCESS_KEY)
  const { activity: _, businessId: __, ...purchase } = BUY
  const calls = [
    far.newInstance(purchase, MOMENT),
    far.refreshInstance({ ...NAMED, expireTime: '20271121093000' }, MOMENT),
    far.expireInstance(NAMED, MOMENT),
    far.releaseInstance(NAMED, MOMENT),
    far.upgrade({ ...NAMED, productId: 'OFFI123', skuCode: 'sku-gold' }, MOMENT),
    far.instanceStatus({ instanceId: 'i-1', instanceStatus: 'FREEZE' }, MOMENT),
  ]
  expect(calls.map((call) => intentOf(open(arriving(call))))).toEqual(
    EVERY.map((fields) => intentOf(openGet(fields))),
  )
})

test('an end is read in the time zone of the channel', () => {
  const shanghai = { ...channel, timeZone: '+08:00' }
  expect(intentOf(openGet(BUY, shanghai))).toMatchObject({ paidUntil: END - 8 * 3600 })
  expect(intentOf(openGet(REFRESH, shanghai))).toMatchObject({ command: { paidUntil: END - 8 * 3600 } })
})

describe.each(EVERY)('$activity', (fields) => {
  test.each(['1', 1])('with testFlag %j is a test call', (testFlag) => {
    expect(intentOf(openGet({ ...fields, testFlag }))).toMatchObject({ test: true })
  })

  test.each(['', '2', 'true', '01', '１'])('with testFlag %j is malformed', (testFlag) => {
    expect(fate(openGet({ ...fields, testFlag }))).toBe('faulty')
  })

  if ('orderId' in fields)
    test('about a mock order of the debugging console is a test call', () => {
      expect(intentOf(openGet({ ...fields, orderId: 'MOCKPERIODYEARNEW' }))).toMatchObject({ test: true })
    })

  const optional = fields === BUY ? 'expireTime' : fields === EXPIRE ? 'orderId' : null
  const mandatory = Object.keys(fields).filter((name) => name !== 'activity' && name !== optional)
  const long = 'x'.repeat(101)
  const bad = mandatory.flatMap((name): [string, Fields][] => [
    [`no ${name}`, { [name]: undefined }],
    [`an empty ${name}`, { [name]: '' }],
    [`a long ${name}`, { [name]: long }],
    ...(name === 'customerName'
      ? []
      : ([[`a control character in ${name}`, { [name]: 'a\u0000b' }]] as [string, Fields][])),
    [`a parameter in ${name}`, { [name]: 'a&expireTime=20990101000000' }],
  ])
  test.each(bad)('with %s is malformed', (_, damage) => {
    expect(fate(openGet({ ...fields, ...damage }))).toBe('faulty')
  })
})

test.each<[string, Fields]>([
  ['an order line that is too long', { ...BUY, orderLineId: 'x'.repeat(65) }],
  ['a period without an end', { ...BUY, expireTime: undefined, periodType: 'year' }],
  ['a periodic sale without an end', { ...BUY, expireTime: undefined, chargingMode: '1' }],
  ['a perpetual trial', { ...BUY, expireTime: undefined, trialFlag: '1' }],
  ['a 31st of February', { ...BUY, expireTime: '20270231000000' }],
  ['an end of 15 digits', { ...REFRESH, expireTime: '202711210930001' }],
  ['a trial that turns 2', { ...REFRESH, trialToFormal: '2' }],
  ['a trial that turns nothing', { ...REFRESH, trialToFormal: '' }],
  ['a product that is too long', { ...REFRESH, productId: 'x'.repeat(65) }],
  ['the word of SaaS 2.0', { ...STATUS, instanceStatus: 'UNFREEZE' }],
  ['a status in small letters', { ...STATUS, instanceStatus: 'normal' }],
  ['an expiry of an order that is too long', { ...EXPIRE, orderId: 'x'.repeat(65) }],
])('%s is malformed', (_, fields) => {
  expect(fate(openGet(fields))).toBe('faulty')
})

test.each(['upgrade', 'instanceStatus', 'expireInstance'])('%s by POST is none', (activity) => {
  expect(fate(openPost({ ...UPGRADE, ...STATUS, activity }))).toBe('faulty')
})

test('an expiry without its order freezes all the same', () => {
  expect(intentOf(openGet({ ...EXPIRE, orderId: undefined }))).toEqual(intentOf(openGet(EXPIRE)))
})
