import { describe, expect, test } from 'vitest'
import type { Fields } from '../../../src/marketplace/huawei/caller.ts'
import { channel, fate, intentOf, openGet, PURCHASE } from './fixture.ts'

const { expireTime: _, ...UNTIMED } = PURCHASE
const END = Date.UTC(2027, 10, 21, 9, 30) / 1000
const DEMAND = { orderId: 'CS-2', instanceId: '00112233aabbccdd' }
const long = (length: number) => 'x'.repeat(length)

describe('getLicense', () => {
  test('is a sale by order, product and buyer', () => {
    expect(intentOf(openGet(PURCHASE))).toEqual({
      type: 'sale',
      test: false,
      order: { id: PURCHASE.orderId, line: '' },
      marketplaceProduct: 'OFFI123',
      sku: null,
      quantity: null,
      paidUntil: END,
      trial: false,
      customer: JSON.stringify({ customerId: PURCHASE.customerId, customerName: '张三' }),
    })
  })

  test('carries what is optional, as sent', () => {
    const optional = {
      orderLineId: 'CS-1-000001',
      skuCode: 'sku-gold',
      amount: '007',
      periodType: 'year',
      periodNumber: '1',
      chargingMode: '1',
      trialFlag: '1',
      testFlag: '1',
      userId: 'u',
      userName: '用户',
      mobilePhone: 'AbCdEfGh01234567fKwJiTOdeoN0V39RC5pH5w==',
      email: 'enc+rypted/==',
      diskSize: '40',
      aParameterOfNextYear: 'x',
    }
    const intent = intentOf(openGet({ ...PURCHASE, ...optional }))
    expect(intent).toMatchObject({
      test: true,
      order: { line: 'CS-1-000001' },
      sku: 'sku-gold',
      quantity: '007',
      trial: true,
    })
    const { userId, userName, mobilePhone, email } = optional
    const customer = {
      customerId: PURCHASE.customerId,
      customerName: '张三',
      userId,
      userName,
      mobilePhone,
      email,
    }
    expect(intent.type === 'sale' && JSON.parse(intent.customer!)).toEqual(customer)
  })

  test.each([
    ['no expireTime and nothing periodic', {}],
    [
      'an empty expireTime and empty options',
      { expireTime: '', periodType: '', chargingMode: '', skuCode: '', amount: '' },
    ],
    ['one-time charging', { chargingMode: '3' }],
  ])('with %s is perpetual', (_, fields) => {
    expect(intentOf(openGet({ ...UNTIMED, ...fields }))).toMatchObject({
      paidUntil: null,
      sku: null,
      quantity: null,
    })
  })

  test('reads expireTime in the channel’s zone, with and without milliseconds', () => {
    const sold = (expireTime: string, timeZone: string) =>
      intentOf(openGet({ ...PURCHASE, expireTime }, { ...channel, timeZone }))
    expect(sold('20271121093000', 'Asia/Shanghai')).toMatchObject({ paidUntil: END - 8 * 3600 })
    expect(sold('20271121093000999', '-05:00')).toMatchObject({ paidUntil: END + 5 * 3600 })
  })

  test('an end in the past is read as well: the purchase may be asked about again', () => {
    expect(intentOf(openGet({ ...PURCHASE, expireTime: '20200101000000' }))).toMatchObject({
      paidUntil: 1577836800,
    })
  })

  test.each([
    '0',
    '70000',
    'many',
    '-1',
    long(20),
  ])('an amount of %j is passed on, the offer judges it', (amount) => {
    expect(intentOf(openGet({ ...PURCHASE, amount }))).toMatchObject({ quantity: amount })
  })

  test.each<[string, Fields]>([
    ['no customerId', { customerId: undefined }],
    ['an empty customerId', { customerId: '' }],
    ['a customerId of 101 characters', { customerId: long(101) }],
    ['a customerName of 65 characters', { customerName: long(65) }],
    ['no businessId', { businessId: undefined }],
    ['a businessId of 65 characters', { businessId: long(65) }],
    ['no orderId', { orderId: undefined }],
    ['an empty orderId', { orderId: '' }],
    ['an orderId of 65 characters', { orderId: long(65) }],
    ['an orderLineId of 65 characters', { orderLineId: long(65) }],
    ['no productId', { productId: undefined }],
    ['a productId of 65 characters', { productId: long(65) }],
    ['a skuCode of 65 characters', { skuCode: long(65) }],
    ['a periodType of 11 characters', { periodType: long(11) }],
    ['no expireTime but a periodType', { expireTime: undefined, periodType: 'year' }],
    ['no expireTime but periodic charging', { expireTime: undefined, chargingMode: '1' }],
    ['an expireTime that is no date', { expireTime: '20270230000000' }],
    ['an expireTime of another form', { expireTime: '2027-11-21 09:30:00' }],
    ['an expireTime of 15 digits', { expireTime: '202711210930000' }],
    ['a perpetual trial', { expireTime: undefined, trialFlag: '1' }],
    ['a trialFlag of 2', { trialFlag: '2' }],
    ['an empty trialFlag', { trialFlag: '' }],
    ['a trialFlag of true', { trialFlag: 'true' }],
    ['a testFlag of 2', { testFlag: '2' }],
    ['an empty testFlag', { testFlag: '' }],
    ['a testFlag of 01', { testFlag: '01' }],
    ['a testFlag of true', { testFlag: 'true' }],
  ])('with %s is malformed, and authentic', (_, fields) => {
    expect(fate(openGet({ ...PURCHASE, ...fields }))).toBe('faulty')
  })

  test('the reason names the field and not its value', () => {
    expect(openGet({ ...PURCHASE, orderId: long(65) })).toMatchObject({
      activity: 'getLicense',
      intent: null,
      why: 'orderId: no text of at most 64 characters',
    })
  })
})

describe('refreshLicense, expireLicense, releaseLicense', () => {
  const demand = { type: 'demand', test: false, instance: DEMAND.instanceId, unknown: 'park' }
  const renewal = { activity: 'refreshLicense', ...DEMAND, expireTime: '20271121093000' }
  const CITED = { ref: { id: 'CS-2', line: DEMAND.instanceId }, cause: 'renewal', learn: false }

  test.each([
    [renewal, { type: 'renew', order: 'CS-2', paidUntil: END, formal: true }, CITED],
    [{ activity: 'expireLicense', ...DEMAND }, { type: 'freeze', cause: 'expiry_call' }, null],
    [{ activity: 'expireInstance', ...DEMAND }, { type: 'freeze', cause: 'expiry_call' }, null],
    [{ activity: 'releaseLicense', ...DEMAND }, { type: 'release' }, null],
  ])('$activity is the command for the instance', (fields, command, order) => {
    expect(openGet(fields)).toMatchObject({ activity: fields.activity, why: null })
    expect(intentOf(openGet(fields))).toEqual({ ...demand, command, order })
    expect(intentOf(openGet({ ...fields, testFlag: '1' }))).toEqual({ ...demand, test: true, command, order })
    expect(intentOf(openGet({ ...fields, testFlag: '0' }))).toEqual({ ...demand, command, order })
  })

  const bad: [string, Fields][] = [
    ['no instanceId', { instanceId: undefined }],
    ['an empty instanceId', { instanceId: '' }],
    ['an instanceId of 65 characters', { instanceId: long(65) }],
    ['an orderId of 65 characters', { orderId: long(65) }],
    ['a testFlag of yes', { testFlag: 'yes' }],
  ]
  for (const activity of ['refreshLicense', 'expireLicense', 'expireInstance', 'releaseLicense']) {
    test.each(bad)(`${activity} with %s is malformed`, (_, fields) => {
      expect(fate(openGet({ ...renewal, activity, ...fields }))).toBe('faulty')
    })
  }

  test.each(['refreshLicense', 'releaseLicense'])('%s without an orderId is malformed', (activity) => {
    expect(fate(openGet({ ...renewal, activity, orderId: undefined }))).toBe('faulty')
  })

  test.each(['expireLicense', 'expireInstance'])('%s without an orderId freezes all the same', (activity) => {
    expect(fate(openGet({ ...renewal, activity, orderId: undefined }))).toBe('accepted')
  })

  test.each<[string, Fields]>([
    ['no expireTime', { expireTime: undefined }],
    ['an empty expireTime', { expireTime: '' }],
    ['an impossible expireTime', { expireTime: '20271321093000' }],
    ['a productId of 65 characters', { productId: long(65) }],
  ])('refreshLicense with %s is malformed', (_, fields) => {
    expect(fate(openGet({ ...renewal, ...fields }))).toBe('faulty')
  })
})

test.each([
  ['no activity', {}, null],
  ['an activity of nobody', { activity: 'destroyLicense' }, null],
  ['an activity in another case', { activity: 'GetLicense' }, null],
  ['an activity of a prototype', { activity: '__proto__' }, null],
  ['the activity constructor', { activity: 'constructor' }, null],
  ['an activity of SaaS 2.0', { activity: 'queryInstance' }, 'queryInstance'],
  ['an activity of License 2.0', { activity: 'refreshLicenseCode', license: 'PL1' }, 'refreshLicenseCode'],
])('%s by GET is malformed, and authentic', (_, fields, activity) => {
  expect(openGet(fields)).toMatchObject({
    type: 'authentic',
    activity,
    intent: null,
    why: expect.stringMatching(/^activity/),
  })
})

test('a channel whose time zone cannot be read refuses dates and nothing else', () => {
  const nowhere = { ...channel, timeZone: 'Mars/Olympus' }
  expect(fate(openGet(PURCHASE, nowhere))).toBe('faulty')
  expect(fate(openGet(UNTIMED, nowhere))).toBe('accepted')
})
