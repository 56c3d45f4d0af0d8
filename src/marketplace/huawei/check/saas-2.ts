import {
  changingRenewal,
  mockOpenings,
  opening,
  type Patience,
  refreshes,
  releases,
  statuses,
} from './instances.ts'
import { listsInstances } from './members.ts'
import type { Case, Family } from './scene.ts'

const PATIENCE: Patience = {
  opening: 'The marketplace tries again once an hour for three hours; then the order fails.',
  change: 'How often the marketplace tries again is not public; it writes an e-mail.',
}

const query: Case = {
  scene: 'queryInstance',
  title: { en: 'queryInstance', zh: '查询实例信息' },
  // Reference 7.3.
  fields: ({ instance }) => ({ activity: 'queryInstance', instanceId: instance }),
  judge: listsInstances,
  why: 'The marketplace asks this until the instance is there, and whenever the buyer looks at it.',
  otherwise: 'The buyer sees no instance.',
}

const several: Case = {
  ...query,
  scene: 'queryInstance-several',
  title: { en: 'queryInstance, two instances', zh: '查询实例信息(多个实例)' },
  fields: ({ instance, code }) => ({ activity: 'queryInstance', instanceId: `${instance},${code}` }),
}

const UPGRADES = 'only products that sell upgrades or changes of size need it'

const upgrade: Case = {
  scene: 'upgradeInstance',
  title: { en: 'upgradeInstance', zh: '实例升级' },
  // Reference 7.6.
  fields: ({ instance }) => ({
    activity: 'upgradeInstance',
    instanceId: instance,
    orderId: 'MOCKMONTYCHANGE',
    orderLineId: 'MOCKMONTYCHANGE-000001',
  }),
  optional: UPGRADES,
  why: 'A buyer who has paid for a larger edition waits for this call.',
  otherwise: 'The marketplace tries again for three hours; then you restart the call by hand.',
}

const check: Case = {
  scene: 'changeInstanceCheck',
  title: { en: 'changeInstanceCheck', zh: '续费变更校验' },
  // Reference 7.6.
  fields: ({ instance }) => ({
    activity: 'changeInstanceCheck',
    instanceId: instance,
    productInfo: { productId: 'CHECK-PRODUCT', skuCode: 'CHECK-SKU', linearValue: 1 },
  }),
  optional: UPGRADES,
  why: 'The marketplace asks this before it sells a change upon renewal.',
  otherwise: 'The buyer cannot buy the change.',
}

/** Reference 7. */
export const SAAS_2: Family = {
  name: 'saas-2',
  title: { en: 'SaaS 2.0', zh: '联营SaaS 2.0' },
  call: ({ base }, fields, moment) => base.post({ ...fields, testFlag: '1' }, moment),
  signedBy: 'nonce',
  hasActivity: true,
  mandatory: 'orderId',
  cases: [
    opening(PATIENCE),
    ...mockOpenings(PATIENCE),
    query,
    several,
    ...refreshes(PATIENCE),
    changingRenewal(PATIENCE),
    ...statuses(PATIENCE),
    ...releases(PATIENCE),
    upgrade,
    check,
  ],
}
