import type { Fields } from '../caller.ts'
import { inAYear, inAYearLong } from './dates.ts'
import { opensPage } from './members.ts'
import type { Case, Family, Props } from './scene.ts'

const SOLD = 'The marketplace tries again for three hours; then the order fails and is unsubscribed.'
const HOUR = 'The marketplace tries again for an hour; then you restart the call by hand.'

const bought = ({ order }: Props) => ({
  activity: 'newInstance',
  customerId: 'check-customer',
  customerName: 'check',
  orderId: order,
  skuCode: 'CHECK-SKU',
  productId: 'CHECK-PRODUCT',
  amount: 1,
})

const purchase: Case = {
  scene: 'newInstance-period',
  title: { en: 'newInstance, for a year', zh: '新购商品(包周期)' },
  // Reference 8.
  fields: (props, moment) => ({
    ...bought(props),
    businessId: moment.nonce,
    chargingMode: 1,
    periodType: 'year',
    periodNumber: 1,
    expireTime: inAYear(moment),
  }),
  judge: opensPage,
  why: 'This call delivers what the buyer has paid for, and again whenever the buyer opens the resource.',
  otherwise: SOLD,
}

const purchaseForEver: Case = {
  ...purchase,
  scene: 'newInstance-once',
  title: { en: 'newInstance, one-time', zh: '新购商品(一次性)' },
  fields: (props, { nonce }) => ({ ...bought(props), businessId: nonce, chargingMode: 3 }),
}

const renewal: Case = {
  scene: 'refreshInstance',
  title: { en: 'refreshInstance', zh: '商品续费' },
  // Reference 8.
  fields: ({ instance, order }, moment) => ({
    activity: 'refreshInstance',
    orderId: order,
    instanceId: instance,
    productId: 'CHECK-PRODUCT',
    expireTime: inAYear(moment),
  }),
  why: 'A buyer who renews has paid for a later end.',
  otherwise: HOUR,
}

const formal: Case = {
  ...renewal,
  scene: 'refreshInstance-trialToFormal',
  title: { en: 'refreshInstance, a trial turns formal', zh: '商品续费(试用转正)' },
  fields: (props, moment) => ({ ...renewal.fields(props, moment), trialToFormal: '1' }),
  why: 'A buyer who liked the trial has paid.',
}

const longRenewal: Case = {
  ...renewal,
  scene: 'refreshInstance-17-digits',
  title: { en: 'refreshInstance, expireTime of 17 digits', zh: '商品续费(17位过期时间)' },
  // Reference 3.13.
  fields: (props, moment) => ({ ...renewal.fields(props, moment), expireTime: inAYearLong(moment) }),
  why: 'Tables say 14 digits, examples of other families have 17.',
}

const ended = (activity: string, zh: string, why: string): Case => ({
  scene: activity,
  title: { en: activity, zh },
  // Reference 8.
  fields: ({ instance, order }) => ({ activity, instanceId: instance, orderId: order }),
  why,
  otherwise: HOUR,
})

const upgrade: Case = {
  scene: 'upgrade',
  title: { en: 'upgrade', zh: '商品升级' },
  // Reference 8.
  fields: ({ instance, order }) => ({
    activity: 'upgrade',
    instanceId: instance,
    orderId: order,
    skuCode: 'CHECK-SKU',
    productId: 'CHECK-PRODUCT',
    amount: 2,
  }),
  optional: 'only products that sell upgrades or changes of size need it',
  why: 'A buyer who has paid for a larger edition waits for this call.',
  otherwise: SOLD,
}

const status = (word: 'FREEZE' | 'NORMAL', zh: string, why: string): Case => ({
  scene: `instanceStatus-${word}`,
  title: { en: `instanceStatus, ${word}`, zh: `资源状态变更(${zh})` },
  // Reference 8.
  fields: ({ instance }) => ({ activity: 'instanceStatus', instanceId: instance, instanceStatus: word }),
  why,
  otherwise: HOUR,
})

/** Reference 8. */
export const SAAS_1: Family = {
  name: 'saas-1',
  title: { en: 'SaaS 1.0', zh: '联营SaaS 1.0' },
  call: ({ base }, fields, moment) => base.get({ ...(fields as Fields), testFlag: 1 }, moment),
  signedBy: 'token',
  hasActivity: true,
  mandatory: 'orderId',
  cases: [
    purchase,
    purchaseForEver,
    renewal,
    formal,
    longRenewal,
    ended('expireInstance', '商品过期', 'An instance whose paid time is over is frozen by this call.'),
    ended('releaseInstance', '商品资源释放', 'An instance past its retention ends by this call.'),
    upgrade,
    status('FREEZE', '冻结', 'An instance that is misused stops by this call.'),
    status('NORMAL', '解冻', 'An instance whose violation is lifted works again by this call.'),
  ],
}
