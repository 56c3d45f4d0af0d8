import { expireTimeOf, type Members, type Moment } from '../caller.ts'
import { inAYear, spokenInAYear, spokenTime } from './dates.ts'
import { mockOpenings, opening, type Patience, refreshes, releases, statuses } from './instances.ts'
import type { Case, Family, Props } from './scene.ts'

const PATIENCE: Patience = {
  opening:
    'The marketplace tries again every two minutes for two hours; then the order fails and is unsubscribed. More than five such orders a month and the product is delisted.',
  change: 'The marketplace tries again for two hours; then you restart the call by hand.',
}

const olderOpening: Case = {
  ...opening(PATIENCE),
  scene: 'newInstance-older-form',
  title: { en: 'newInstance, older form', zh: '创建实例(旧版参数)' },
  fields: ({ order }, moment) => ({
    activity: 'newInstance',
    buyerInfo: { customerId: 'check-customer', customerName: '检测' },
    orderInfo: [
      {
        businessId: moment.nonce,
        orderId: order,
        trialFlag: '0',
        orderAmount: 0.01,
        chargingMode: '1',
        periodType: 'year',
        periodNumber: 1,
        provisionType: 1,
        productInfo: [{ skuCode: 'CHECK-SKU', productId: 'CHECK-PRODUCT', linearValue: 1 }],
        createTime: expireTimeOf(moment.nowMs),
        expireTime: inAYear(moment),
      },
    ],
  }),
  optional: 'only one page of the documents still prints it',
  why: 'The page about signatures has this form for its example, with objects and numbers inside.',
}

const applied = ({ instance, event }: Props, { nowMs }: Moment): Members => ({
  activity: 'getLicenseAsync',
  instanceId: instance,
  effectiveTime: spokenTime(nowMs),
  eventId: event,
})

const application: Case = {
  scene: 'getLicenseAsync',
  title: { en: 'getLicenseAsync, for a device', zh: '异步申请License(设备指纹)' },
  // Reference 6.7.
  fields: (props, moment) => ({
    ...applied(props, moment),
    expireTime: spokenInAYear(moment),
    deviceFingerprint: '00-00-5E-00-53-01|CHECK-DISK|CHECK-BOARD|CHECK-CPU',
  }),
  passes: ['000000', '000004'],
  why: 'Software of a buyer waits for the license that this call asks for.',
  otherwise: 'How often the marketplace tries again is not public; it writes an e-mail.',
}

/** Quota, dates and devices are judged of a real instance alone; a server may ask for them of a test call, too. */
const bareApplication: Case = {
  ...application,
  scene: 'getLicenseAsync-bare',
  title: { en: 'getLicenseAsync, without end and device', zh: '异步申请License(仅必填参数)' },
  fields: applied,
  passes: ['000000', '000004', '000902', '000903'],
  why: 'One-time products have no end, and not every product is bound to a device.',
}

const longFingerprint: Case = {
  ...application,
  scene: 'getLicenseAsync-long-fingerprint',
  title: { en: 'getLicenseAsync, fingerprint of 1,024 characters', zh: '异步申请License(1024位设备指纹)' },
  fields: (props, moment) => ({
    ...application.fields(props, moment),
    deviceFingerprint: 'F'.repeat(1024),
  }),
  why: 'A machine with several disks and network cards has a long fingerprint.',
}

/** Reference 6. */
export const ONLINE_LICENSE: Family = {
  name: 'online-license',
  title: { en: 'Online license', zh: '在线开通License' },
  call: ({ base }, fields, moment) => base.post({ ...fields, testFlag: '1' }, moment),
  signedBy: 'nonce',
  hasActivity: true,
  mandatory: 'orderId',
  cases: [
    opening(PATIENCE),
    ...mockOpenings(PATIENCE),
    olderOpening,
    ...refreshes(PATIENCE),
    ...statuses(PATIENCE),
    ...releases(PATIENCE),
    application,
    longFingerprint,
    bareApplication,
  ],
}
