import { expireTimeOf } from '../caller.ts'
import type { Applied, Family, Named } from './family.ts'
import type { AnswerMembers } from './judge.ts'
import type { MarketOrder, Product } from './market.ts'
import { noticeOf } from './notice.ts'
import { SCHEDULE, type Schedule } from './schedule.ts'
import { lacking, type Step } from './step.ts'

/** Online licenses, 在线开通License (reference 6): applied for device by device, and uploaded. */
export const ONLINE_LICENSE: Family = {
  ...shared(SCHEDULE.instance, SCHEDULE.instance),
  name: 'online-license',
  title: 'online license',
  // The order of the renewal that is cancelled, and not one of its own (reference 6.4).
  cancel: (resource, renewal, { expiresMs }) => [
    refresh('UNSUBSCRIBE_RENEWAL_PERIOD', SCHEDULE.instance, resource, { ...renewal, expiresMs }),
  ],
  upgrade: null,
  change: null,
  apply: (resource, application) => [
    {
      ...step('getLicenseAsync', SCHEDULE.once, applicationOf(resource, application)),
      later: true,
    },
  ],
  show: null,
}

/** SaaS 2.0 (reference 7): shown to the buyer by `queryInstance`, and upgraded. */
export const SAAS_2: Family = {
  ...shared(SCHEDULE.purchase, SCHEDULE.once),
  name: 'saas-2',
  title: 'SaaS 2.0',
  cancel: (resource, _, cancellation) => [
    refresh('UNSUBSCRIBE_RENEWAL_PERIOD', SCHEDULE.once, resource, cancellation),
  ],
  upgrade: ({ id }, order) => [
    step('upgradeInstance', SCHEDULE.order, { instanceId: id, orderId: order.id, orderLineId: order.line }),
  ],
  change: (resource, order, product) => [
    step('changeInstanceCheck', SCHEDULE.once, { instanceId: resource.id, productInfo: wanted(product) }),
    refresh('RENEWAL_CHANGE', SCHEDULE.once, resource, order),
  ],
  apply: null,
  show: ({ id }) => [{ ...step('queryInstance', SCHEDULE.once, { instanceId: id }), lacks: lacksInfo(id) }],
}

/** What the two families share; after a purchase both get the order notice too. */
function shared(opening: Schedule, other: Schedule) {
  return {
    givenUp: 'refunded',
    sell: ({ purchase }) => [
      {
        ...step('newInstance', opening, { orderId: purchase.id, orderLineId: purchase.line }),
        ...{ business: true, later: true, lacks: lacking('instanceId') },
      },
      noticeOf(purchase),
    ],
    renew: (resource, order) => [refresh('RENEWAL', other, resource, order)],
    formal: (resource, order) => [refresh('TRIAL_TO_FORMAL', other, resource, order)],
    expire: (resource) => [status('FREEZE', other, resource)],
    freeze: (resource) => [status('FREEZE', other, resource)],
    unfreeze: (resource) => [status('UNFREEZE', other, resource)],
    unfreezesAfterRenewal: true,
    release: ({ id }, order) => [
      step('releaseInstance', SCHEDULE.once, {
        ...{ instanceId: id, orderId: order.id, orderLineId: order.line },
      }),
    ],
  } as const satisfies Partial<Family>
}

const step = (activity: string, schedule: Schedule, members: Step['members']): Step => ({
  ...{ activity, method: 'POST', members, business: false, schedule },
})

/** `expireTime` with 17 digits, as the documents' example has it (reference 6.4). */
const refresh = (scene: string, schedule: Schedule, { id, product }: Named, order: MarketOrder): Step =>
  step('refreshInstance', schedule, {
    ...{ scene, instanceId: id, orderId: order.id, orderLineId: order.line, productId: product.productId },
    expireTime: `${expireTimeOf(order.expiresMs)}000`,
  })

const status = (to: string, schedule: Schedule, { id }: Named): Step =>
  step('updateInstanceStatus', schedule, { instanceId: id, status: to })

const applicationOf = ({ id }: Named, { event, device, fromMs, untilMs }: Applied): Step['members'] => ({
  ...{ instanceId: id, eventId: event, deviceFingerprint: device ?? undefined },
  ...{ effectiveTime: spaced(fromMs), expireTime: spaced(untilMs) },
})

/** `2023-10-27 10:30:15 z`, UTC (reference 3.13). */
const spaced = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} z`

const wanted = ({ productId, sku, quantity }: Product) => ({
  ...{ productId, ...(sku !== null && { skuCode: sku }), linearValue: quantity },
})

/** The marketplace's checker wants each instance it asked about (reference 7.3). */
const lacksInfo =
  (id: string) =>
  ({ info }: AnswerMembers): string | null => {
    const isThere = Array.isArray(info) && info.some((one) => one?.instanceId === id)
    return isThere ? null : 'no info of the instance'
  }
