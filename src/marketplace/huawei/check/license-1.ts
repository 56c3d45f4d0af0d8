import type { Fields } from '../caller.ts'
import { inAYear, inAYearLong } from './dates.ts'
import { bringsLicense } from './members.ts'
import type { Case, Family, Props } from './scene.ts'

const SOLD =
  'The marketplace tries again once an hour for three hours; then the order waits for you. More than five such orders a month and the product is delisted.'
const ONCE = 'The marketplace calls once; then you restart the call by hand in the console.'
const DELIVERY = 'This call delivers what the buyer has paid for.'

const bought = ({ order }: Props) => ({
  activity: 'getLicense',
  customerId: 'check-customer',
  customerName: 'check',
  orderId: order,
  productId: 'CHECK-PRODUCT',
})

const purchase: Case = {
  scene: 'getLicense-period',
  title: { en: 'getLicense, for a year', zh: '获取License(包周期)' },
  // Reference 5.1.
  fields: (props, moment) => ({
    ...bought(props),
    businessId: moment.nonce,
    skuCode: 'CHECK-SKU',
    amount: 1,
    periodType: 'year',
    periodNumber: 1,
    chargingMode: 1,
    expireTime: inAYear(moment),
  }),
  judge: bringsLicense,
  why: DELIVERY,
  otherwise: SOLD,
}

const purchaseForEver: Case = {
  ...purchase,
  scene: 'getLicense-once',
  title: { en: 'getLicense, one-time', zh: '获取License(一次性)' },
  fields: (props, { nonce }) => ({ ...bought(props), businessId: nonce, amount: 1, chargingMode: 3 }),
}

const renewal: Case = {
  scene: 'refreshLicense',
  title: { en: 'refreshLicense', zh: 'License续费' },
  // Reference 5.2.
  fields: ({ instance, order }, moment) => ({
    activity: 'refreshLicense',
    orderId: order,
    instanceId: instance,
    productId: 'CHECK-PRODUCT',
    expireTime: inAYear(moment),
  }),
  why: 'A buyer who renews has paid for a later end; so has one whose trial turns formal.',
  otherwise: ONCE,
}

const longRenewal: Case = {
  ...renewal,
  scene: 'refreshLicense-17-digits',
  title: { en: 'refreshLicense, expireTime of 17 digits', zh: 'License续费(17位过期时间)' },
  // Reference 3.13.
  fields: (props, moment) => ({ ...renewal.fields(props, moment), expireTime: inAYearLong(moment) }),
  why: 'Tables say 14 digits, the documents’ own examples have 17.',
}

const expiry: Case = {
  scene: 'expireLicense',
  title: { en: 'expireLicense', zh: 'License过期' },
  // Reference 5.3.
  fields: ({ instance, order }) => ({ activity: 'expireLicense', orderId: order, instanceId: instance }),
  optional: 'the page of this call is not public, and its name is a guess',
  why: 'A license whose paid time is over is frozen by this call.',
  otherwise: ONCE,
}

const release: Case = {
  scene: 'releaseLicense',
  title: { en: 'releaseLicense', zh: 'License释放' },
  // Reference 5.4.
  fields: ({ instance, order }) => ({ activity: 'releaseLicense', orderId: order, instanceId: instance }),
  why: 'A license that was given back or not paid for ends by this call.',
  otherwise: ONCE,
}

/** Reference 5. */
export const LICENSE_1: Family = {
  name: 'license-1',
  title: { en: 'License 1.0', zh: '联营License 1.0' },
  call: ({ base }, fields, moment) => base.get({ ...(fields as Fields), testFlag: 1 }, moment),
  signedBy: 'token',
  hasActivity: true,
  mandatory: 'orderId',
  cases: [purchase, purchaseForEver, renewal, longRenewal, expiry, release],
}
