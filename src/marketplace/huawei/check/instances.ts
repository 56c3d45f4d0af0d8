import type { Members, Moment } from '../caller.ts'
import { inAYear, inAYearLong } from './dates.ts'
import { namesInstance } from './members.ts'
import type { Case, Props } from './scene.ts'

/** What online licenses and SaaS 2.0 have in common (reference 6, 7); they differ in how the marketplace tries again. */
export interface Patience {
  readonly opening: string
  readonly change: string
}

/** `000004` says that the instance is made later (reference 3.8). */
const MADE = ['000000', '000004']

export function opening({ opening }: Patience): Case {
  return {
    scene: 'newInstance',
    title: { en: 'newInstance', zh: '创建实例' },
    // Reference 6.3.
    fields: ({ order, line }, { nonce }) => opened(order, line, nonce),
    passes: MADE,
    judge: namesInstance,
    why: 'This call delivers what the buyer has paid for.',
    otherwise: opening,
  }
}

/** Orders of the debugging console itself (reference 11.3), with what they stand for. */
const MOCK_PURCHASES = [
  ['MOCKPERIODYEARNEW', 'for a year', '包周期新购'],
  ['MOCKONETIMENEW', 'one-time', '一次性新购'],
  ['MOCKONDEMAND', 'pay per use', '按需新购'],
  ['MOCKONDEMANDPKG', 'a package', '按需套餐包新购'],
  ['MOCKPERIODDAYTRIAL', 'a trial', '试用'],
] as const

export const mockOpenings = (patience: Patience): readonly Case[] =>
  MOCK_PURCHASES.map(([order, en, zh]) => ({
    ...opening(patience),
    scene: `newInstance-${order}`,
    title: { en: `newInstance, mock order: ${en}`, zh: `创建实例(${zh})` },
    // Reference 11.3.
    fields: (_props: Props, { nonce }: Moment) => opened(order, `${order}-000001`, nonce),
    why: 'The debugging console sends this order of its own.',
  }))

const opened = (orderId: string, orderLineId: string, businessId: string): Members => ({
  activity: 'newInstance',
  orderId,
  orderLineId,
  businessId,
})

const refreshed =
  (scene: string, order: string | null, expireTime = inAYear) =>
  (props: Props, moment: Moment): Members => ({
    activity: 'refreshInstance',
    scene,
    orderId: order ?? props.order,
    orderLineId: order === null ? props.line : `${order}-000001`,
    instanceId: props.instance,
    expireTime: expireTime(moment),
  })

const renewal = ({ change }: Patience): Case => ({
  scene: 'refreshInstance-RENEWAL',
  title: { en: 'refreshInstance, RENEWAL', zh: '更新实例(续费)' },
  // Reference 6.4.
  fields: refreshed('RENEWAL', 'MOCKMONTYRENEW'),
  why: 'A buyer who renews has paid for a later end.',
  otherwise: change,
})

export const refreshes = (patience: Patience): readonly Case[] => [
  renewal(patience),
  {
    ...renewal(patience),
    scene: 'refreshInstance-17-digits',
    title: { en: 'refreshInstance, expireTime of 17 digits', zh: '更新实例(17位过期时间)' },
    // Reference 3.13.
    fields: refreshed('RENEWAL', null, inAYearLong),
    why: 'Tables say 14 digits, the documents’ own examples have 17.',
  },
  {
    ...renewal(patience),
    scene: 'refreshInstance-TRIAL_TO_FORMAL',
    title: { en: 'refreshInstance, TRIAL_TO_FORMAL', zh: '更新实例(试用转正)' },
    fields: refreshed('TRIAL_TO_FORMAL', 'MOCKMONTYTRIALTOFORMAL'),
    why: 'A buyer who liked the trial has paid.',
  },
  {
    ...renewal(patience),
    scene: 'refreshInstance-UNSUBSCRIBE_RENEWAL_PERIOD',
    title: { en: 'refreshInstance, UNSUBSCRIBE_RENEWAL_PERIOD', zh: '更新实例(退订续费周期)' },
    fields: refreshed('UNSUBSCRIBE_RENEWAL_PERIOD', 'MOCKMONTYUNSUBSCRIBE'),
    why: 'A renewal that was taken back sets the end back, too.',
  },
]

export const changingRenewal = (patience: Patience): Case => ({
  ...renewal(patience),
  scene: 'refreshInstance-RENEWAL_CHANGE',
  title: { en: 'refreshInstance, RENEWAL_CHANGE', zh: '更新实例(续费变更)' },
  // Reference 7.4.
  fields: refreshed('RENEWAL_CHANGE', 'MOCKMONTYCHANGE'),
  optional: 'only products that sell changes upon renewal need it',
  why: 'A buyer who renews another edition or size has paid for it.',
})

export const statuses = ({ change }: Patience): readonly Case[] =>
  (
    [
      ['FREEZE', '冻结', 'An instance past its end, or misused, stops by this call.'],
      ['UNFREEZE', '解冻', 'A buyer who paid again waits for this call.'],
    ] as const
  ).map(([status, zh, why]) => ({
    scene: `updateInstanceStatus-${status}`,
    title: { en: `updateInstanceStatus, ${status}`, zh: `更新实例状态(${zh})` },
    // Reference 6.5.
    fields: ({ instance }) => ({ activity: 'updateInstanceStatus', instanceId: instance, status }),
    why,
    otherwise: change,
  }))

export const releases = ({ change }: Patience): readonly Case[] => [
  {
    scene: 'releaseInstance',
    title: { en: 'releaseInstance', zh: '释放实例' },
    // Reference 6.6.
    fields: ({ instance }) => ({ activity: 'releaseInstance', instanceId: instance }),
    why: 'An instance past its retention ends by this call.',
    otherwise: change,
  },
  {
    scene: 'releaseInstance-order',
    title: { en: 'releaseInstance, by an unsubscription', zh: '释放实例(退订)' },
    // Reference 6.6.
    fields: ({ instance, order, line }) => ({
      activity: 'releaseInstance',
      instanceId: instance,
      orderId: order,
      orderLineId: line,
    }),
    why: 'An instance whose order was unsubscribed ends by this call.',
    otherwise: change,
  },
]
