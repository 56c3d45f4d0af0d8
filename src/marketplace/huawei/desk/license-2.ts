import { expireTimeOf } from '../caller.ts'
import type { Family, Named } from './family.ts'
import type { MarketOrder } from './market.ts'
import { noticeOf } from './notice.ts'
import { SCHEDULE } from './schedule.ts'
import type { Step } from './step.ts'

/** License 2.0 (reference 4): the marketplace makes the code; a purchase is told by the order notice alone. */
export const LICENSE_2: Family = {
  name: 'license-2',
  title: 'License 2.0',
  givenUp: 'waits',
  sell: ({ purchase }) => [noticeOf(purchase)],
  renew: (resource, order) => [refresh('RENEWAL', resource, order)],
  formal: (resource, order) => [refresh('TRIAL_TO_FORMAL', resource, order)],
  cancel: (resource, _, cancellation) => [refresh('UNSUBSCRIBE_RENEWAL_PERIOD', resource, cancellation)],
  expire: (resource) => [status('FREEZE', resource)],
  freeze: (resource) => [status('FREEZE', resource)],
  unfreeze: (resource) => [status('UNFREEZE', resource)],
  unfreezesAfterRenewal: true,
  upgrade: null,
  change: null,
  apply: null,
  show: null,
  release: ({ id }, { id: orderId, line: orderLineId }) => [
    step('releaseLicenseCode', { license: id, orderId, orderLineId }),
  ],
}

const step = (activity: string, members: Step['members']): Step => ({
  ...{ activity, method: 'POST', members, business: false, schedule: SCHEDULE.code },
})

const refresh = (scene: string, { id, product }: Named, order: MarketOrder): Step =>
  step('refreshLicenseCode', {
    ...{ scene, license: id, orderId: order.id, orderLineId: order.line, productId: product.productId },
    expireTime: expireTimeOf(order.expiresMs),
  })

const status = (to: string, { id }: Named): Step =>
  step('updateLicenseCodeStatus', { license: id, status: to })
