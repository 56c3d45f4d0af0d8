import { expireTimeOf } from '../caller.ts'
import type { Family, Named } from './family.ts'
import type { AnswerMembers } from './judge.ts'
import { saleOf } from './license-1.ts'
import type { MarketOrder, Resource } from './market.ts'
import { SCHEDULE, type Schedule } from './schedule.ts'
import { lacking, type Step } from './step.ts'

/** SaaS 1.0 (reference 8): by GET; the purchase is called again whenever the buyer opens the resource. */
export const SAAS_1: Family = {
  name: 'saas-1',
  title: 'SaaS 1.0',
  givenUp: 'refunded',
  sell: (resource) => [opening(resource)],
  renew: (resource, order) => [refresh(resource, order)],
  formal: (resource, order) => [refresh(resource, order, '1')],
  cancel: null,
  expire: ({ id, purchase }) => [
    step('expireInstance', SCHEDULE.hour, { instanceId: id, orderId: purchase.id }),
  ],
  freeze: (resource) => [status('FREEZE', resource)],
  unfreeze: (resource) => [status('NORMAL', resource)],
  unfreezesAfterRenewal: true,
  upgrade: ({ id, product }, order) => [
    step('upgrade', SCHEDULE.order, {
      ...{ instanceId: id, orderId: order.id, productId: order.product.productId },
      skuCode: order.product.sku ?? product.productId,
      amount: order.product.quantity,
    }),
  ],
  change: null,
  apply: null,
  show: (resource) => [opening(resource)],
  release: ({ id, purchase }) => [
    step('releaseInstance', SCHEDULE.hour, { instanceId: id, orderId: purchase.id }),
  ],
}

const step = (activity: string, schedule: Schedule, members: Step['members']): Step => ({
  ...{ activity, method: 'GET', members, business: false, schedule },
})

const opening = (resource: Resource): Step => ({
  ...step('newInstance', SCHEDULE.purchase, saleOf(resource)),
  ...{ business: true, lacks: (members) => lacking('instanceId')(members) ?? lacksShown(members) },
})

/** The form of reference 3.7: sixteen letters and digits, then base64. */
const isSealed = (value: unknown): boolean =>
  value === undefined ||
  (typeof value === 'string' && /^[0-9A-Za-z]{16}[0-9A-Za-z+/]{20,}={0,2}$/.test(value))

/** The marketplace's checker requires the front end (reference 8). */
function lacksShown({ appInfo }: AnswerMembers): string | null {
  const shown = appInfo as AnswerMembers | null | undefined
  const url = shown?.frontEndUrl
  if (typeof url !== 'string' || url === '') return 'no appInfo.frontEndUrl'
  const open = ['userName', 'password'].find((name) => !isSealed(shown?.[name]))
  return open === undefined ? null : `appInfo.${open} is not encrypted`
}

const refresh = ({ id, product }: Named, order: MarketOrder, trialToFormal?: '1'): Step =>
  step('refreshInstance', SCHEDULE.hour, {
    ...{ instanceId: id, orderId: order.id, productId: product.productId, trialToFormal },
    ...{ expireTime: expireTimeOf(order.expiresMs), periodType: 'month', periodNumber: 1 },
  })

const status = (instanceStatus: 'FREEZE' | 'NORMAL', { id }: Named): Step =>
  step('instanceStatus', SCHEDULE.once, { instanceId: id, instanceStatus })
