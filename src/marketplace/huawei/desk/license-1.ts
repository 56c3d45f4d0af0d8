import { expireTimeOf } from '../caller.ts'
import type { Family, Named } from './family.ts'
import type { MarketOrder, Resource } from './market.ts'
import { SCHEDULE, type Schedule } from './schedule.ts'
import { lacking, type Step } from './step.ts'

/** License 1.0 (reference 5): all by GET; no call cancels a renewal, upgrades, or freezes for a violation. */
export const LICENSE_1: Family = {
  name: 'license-1',
  title: 'License 1.0',
  givenUp: 'waits',
  sell: (resource) => [
    {
      ...step('getLicense', SCHEDULE.purchase, saleOf(resource)),
      business: true,
      lacks: lacking('license', 'instanceId'),
    },
  ],
  renew: (resource, order) => [renewal(resource, order)],
  formal: (resource, order) => [renewal(resource, order)],
  cancel: null,
  expire: (resource) => [step('expireLicense', SCHEDULE.once, purchaseOf(resource))],
  freeze: null,
  unfreeze: null,
  unfreezesAfterRenewal: false,
  upgrade: null,
  change: null,
  apply: null,
  show: null,
  release: (resource) => [step('releaseLicense', SCHEDULE.once, purchaseOf(resource))],
}

const step = (activity: string, schedule: Schedule, members: Step['members']): Step => ({
  ...{ activity, method: 'GET', members, business: false, schedule },
})

/** The fields of a purchase by GET, which SaaS 1.0 shares. */
export const saleOf = ({ purchase, trial, product }: Resource): Step['members'] => ({
  customerId: 'c0ffee00112233445566778899aabbcc',
  customerName: 'desk-customer',
  orderId: purchase.id,
  productId: product.productId,
  skuCode: product.sku ?? undefined,
  amount: product.quantity,
  chargingMode: 1,
  periodType: 'month',
  periodNumber: 1,
  expireTime: expireTimeOf(purchase.expiresMs),
  trialFlag: trial ? '1' : undefined,
})

const purchaseOf = ({ id, purchase }: Named) => ({ instanceId: id, orderId: purchase.id })

const renewal = ({ id, product }: Named, order: MarketOrder): Step =>
  step('refreshLicense', SCHEDULE.once, {
    ...{ instanceId: id, orderId: order.id, productId: product.productId },
    expireTime: expireTimeOf(order.expiresMs),
  })
