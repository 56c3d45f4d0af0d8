import type { Case, Family } from './scene.ts'

const notice: Case = {
  scene: 'orderNotify',
  title: { en: 'orderNotify', zh: '订单通知' },
  // Reference 10.
  fields: ({ order, line }) => ({ activity: 'orderNotify', orderId: order, orderLineId: line }),
  why: 'The only call that tells of the purchase of a License 2.0 code.',
  otherwise:
    'The marketplace tries again for three hours; then you restart the call by hand. Orders may be unsubscribed meanwhile.',
}

/** Orders of the debugging console (reference 11.3). */
const MOCK_ORDERS = [
  ['MOCKPERIODYEARNEW', 'for a year', '包周期新购'],
  ['MOCKONETIMENEW', 'one-time', '一次性新购'],
  ['MOCKONDEMAND', 'pay per use', '按需新购'],
  ['MOCKONDEMANDPKG', 'a package', '按需套餐包新购'],
  ['MOCKPERIODDAYTRIAL', 'a trial', '试用'],
  ['MOCKMONTYTRIALTOFORMAL', 'a trial turns formal', '试用转正'],
  ['MOCKMONTYUNSUBSCRIBE', 'an unsubscription', '退订'],
  ['MOCKMONTYRENEW', 'a renewal', '续费'],
  ['MOCKMONTYCHANGE', 'an upgrade', '变更'],
] as const

const mocked: readonly Case[] = MOCK_ORDERS.map(([order, en, zh]) => ({
  ...notice,
  scene: `orderNotify-${order}`,
  title: { en: `orderNotify, mock order: ${en}`, zh: `订单通知(${zh})` },
  // Reference 11.3.
  fields: () => ({ activity: 'orderNotify', orderId: order, orderLineId: `${order}-000001` }),
  why: 'The debugging console sends this order of its own.',
}))

/** Reference 10. */
export const ORDER_NOTICE: Family = {
  name: 'order-notice',
  title: { en: 'Order notice', zh: '订单通知' },
  call: ({ base }, fields, moment) => base.post({ ...fields, testFlag: '1' }, moment),
  signedBy: 'nonce',
  hasActivity: true,
  mandatory: 'orderId',
  cases: [notice, ...mocked],
}
