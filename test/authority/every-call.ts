import { nodeCrypto } from '../../src/crypto/node.ts'
import {
  expireTimeOf,
  type HuaweiCall,
  type HuaweiCaller,
  huaweiCaller,
  type Moment,
} from '../../src/marketplace/huawei/caller.ts'
import { type HuaweiKitCaller, huaweiKitCaller } from '../../src/marketplace/huawei/caller-kit.ts'
import { type Saas1Caller, saas1Caller } from '../../src/marketplace/huawei/caller-saas-1.ts'
import { ACCESS_KEY, NOON } from '../support/instance.ts'
import { inDaysUtc } from './applying.ts'
import { ADDRESS, inDays, PURCHASE } from './desk.ts'
import { applicationOf, departmentOf, departmentsOf, tenantOf, usersOf } from './kit-desk.ts'
import { lineOf } from './market.ts'

/** Everybody who signs with one key, or claims to. */
export interface Callers {
  readonly base: HuaweiCaller
  readonly elder: Saas1Caller
  readonly kit: Readonly<Record<1 | 2, HuaweiKitCaller>>
}

export const callersBy = (accessKey = ACCESS_KEY): Callers => ({
  base: huaweiCaller(nodeCrypto, ADDRESS, accessKey),
  elder: saas1Caller(nodeCrypto, ADDRESS, accessKey),
  kit: {
    1: huaweiKitCaller(nodeCrypto, ADDRESS, accessKey, 1),
    2: huaweiKitCaller(nodeCrypto, ADDRESS, accessKey, 2),
  },
})

/** What a call is about. Each of them changes something, or tells something, of a license that is active. */
export interface Target {
  readonly instance: string
  /** A code that the marketplace made. */
  readonly code: string
  /** A number that no call named before, and an enterprise and an event of that name. */
  readonly fresh: string
}

export type Build = (by: Callers, about: Target, at: Moment) => HuaweiCall

/** A call of an activity, in each of its scenes. Two versions of the kit have equal names. */
export interface EveryCall {
  readonly activity: string
  readonly scene: string
  /** The documented code, of a call that is right. */
  readonly code: '000000' | '000002'
  readonly build: Build
}

export const nameOf = ({ activity, scene }: Pick<EveryCall, 'activity' | 'scene'>): string =>
  `${activity} ${scene}`.trim()

const call = (activity: string, scene: string, build: Build, code: EveryCall['code'] = '000000') => ({
  ...{ activity, scene, code, build },
})

const purchase = ({ fresh }: Target) => ({ ...PURCHASE, customerName: '张三', orderId: fresh })
const renewal = ({ instance, fresh }: Target) =>
  ({ instanceId: instance, orderId: fresh, expireTime: inDays(60) }) as const
const end = ({ instance, fresh }: Target) => ({ instanceId: instance, orderId: fresh })

export const LICENSE_1_CALLS: readonly EveryCall[] = [
  call('getLicense', '', ({ base }, about, at) => base.getLicense(purchase(about), at)),
  call('refreshLicense', '', ({ base }, about, at) => base.refreshLicense(renewal(about), at)),
  call('expireLicense', '', ({ base }, about, at) => base.expireLicense(end(about), at)),
  call('releaseLicense', '', ({ base }, about, at) => base.releaseLicense(end(about), at)),
]

const elderStatus = (instanceStatus: 'FREEZE' | 'NORMAL') =>
  call('instanceStatus', instanceStatus, ({ elder }, { instance }, at) =>
    elder.instanceStatus({ instanceId: instance, instanceStatus }, at),
  )

const elderRenewal = (trialToFormal: '0' | '1') =>
  call('refreshInstance', `trialToFormal ${trialToFormal}`, ({ elder }, about, at) =>
    elder.refreshInstance({ ...renewal(about), trialToFormal }, at),
  )

export const SAAS_1_CALLS: readonly EveryCall[] = [
  call('newInstance', '', ({ elder }, about, at) => elder.newInstance(purchase(about), at)),
  elderRenewal('0'),
  elderRenewal('1'),
  call('expireInstance', '', ({ elder }, about, at) => elder.expireInstance(end(about), at)),
  call('releaseInstance', '', ({ elder }, about, at) => elder.releaseInstance(end(about), at)),
  call('upgrade', '', ({ elder }, about, at) =>
    elder.upgrade({ ...end(about), productId: 'OFFI-BASE', skuCode: 'sku' }, at),
  ),
  elderStatus('FREEZE'),
  elderStatus('NORMAL'),
]

const codeRenewal = (scene: string, code: EveryCall['code'] = '000000') =>
  call(
    'refreshLicenseCode',
    scene,
    ({ base }, about, at) => {
      const named = { ...lineOf(about.fresh), license: about.code, expireTime: inDays(60) }
      return base.refreshLicenseCode({ ...named, scene }, at)
    },
    code,
  )

const codeStatus = (status: 'FREEZE' | 'UNFREEZE') =>
  call('updateLicenseCodeStatus', status, ({ base }, about, at) =>
    base.updateLicenseCodeStatus({ license: about.code, status }, at),
  )

export const LICENSE_2_CALLS: readonly EveryCall[] = [
  ...['RENEWAL', 'TRIAL_TO_FORMAL', 'UNSUBSCRIBE_RENEWAL_PERIOD'].map((scene) => codeRenewal(scene)),
  codeRenewal('SCENE_OF_NEXT_YEAR', '000002'),
  codeStatus('FREEZE'),
  codeStatus('UNFREEZE'),
  call('releaseLicenseCode', '', ({ base }, about, at) =>
    base.releaseLicenseCode({ ...lineOf(about.fresh), license: about.code }, at),
  ),
]

const instanceRenewal = (scene: string, code: EveryCall['code'] = '000000') =>
  call(
    'refreshInstance',
    scene,
    ({ base }, about, at) => base.refreshInstance({ ...lineOf(about.fresh), ...renewal(about), scene }, at),
    code,
  )

const instanceStatus = (status: 'FREEZE' | 'UNFREEZE') =>
  call('updateInstanceStatus', status, ({ base }, { instance }, at) =>
    base.updateInstanceStatus({ instanceId: instance, status }, at),
  )

const SCENES = ['RENEWAL', 'TRIAL_TO_FORMAL', 'UNSUBSCRIBE_RENEWAL_PERIOD', 'RENEWAL_CHANGE'] as const

const olderOpening: Build = ({ base }, { fresh }, at) => {
  const order = {
    ...{ orderId: fresh, businessId: at.nonce, trialFlag: '0', chargingMode: '1', periodType: 'month' },
    ...{ periodNumber: 1, createTime: expireTimeOf(NOON * 1000), expireTime: inDays(60) },
    productInfo: [{ productId: 'OFFI-GOLD', linearValue: 7 }],
  }
  return base.post({ activity: 'newInstance', orderInfo: [order], buyerInfo: { customerName: '张三' } }, at)
}

const application = (scene: string, device: { deviceFingerprint?: string }) =>
  call('getLicenseAsync', scene, ({ base }, { instance, fresh }, at) => {
    const term = { effectiveTime: inDaysUtc(0), expireTime: inDaysUtc(9) }
    return base.getLicenseAsync({ ...term, ...device, instanceId: instance, eventId: fresh }, at)
  })

/** Online licenses, SaaS 2.0 and the order notice. */
export const INSTANCE_CALLS: readonly EveryCall[] = [
  call('newInstance', '', ({ base }, { fresh }, at) => base.newInstance(lineOf(fresh), at)),
  call('newInstance', 'older form', olderOpening),
  ...SCENES.map((scene) => instanceRenewal(scene)),
  instanceRenewal('SCENE_OF_NEXT_YEAR', '000002'),
  instanceStatus('FREEZE'),
  instanceStatus('UNFREEZE'),
  call('releaseInstance', '', ({ base }, about, at) =>
    base.releaseInstance({ ...lineOf(about.fresh), instanceId: about.instance }, at),
  ),
  call('queryInstance', '', ({ base }, { instance }, at) => base.queryInstance({ instanceId: instance }, at)),
  application('for a device', { deviceFingerprint: 'laptop' }),
  application('for no device', {}),
  call('upgradeInstance', '', ({ base }, about, at) =>
    base.upgradeInstance({ ...lineOf(about.fresh), instanceId: about.instance }, at),
  ),
  call('changeInstanceCheck', '', ({ base }, { instance }, at) => {
    const productInfo = { productId: 'OFFI-BASE' }
    return base.changeInstanceCheck({ instanceId: instance, productInfo }, at)
  }),
  call('orderNotify', '', ({ base }, { fresh }, at) => base.orderNotify(lineOf(fresh), at)),
]

const kitCalls = (version: 1 | 2, flag: 0 | 1): readonly EveryCall[] => {
  const scene = flag === 0 ? 'deletes' : 'adds'
  return [
    call('tenantSync', scene, ({ kit }, { fresh }, at) =>
      kit[version].tenantSync({ ...tenantOf(fresh), flag }, at),
    ),
    call('applicationSync', scene, ({ kit }, { fresh }, at) =>
      kit[version].applicationSync({ ...applicationOf(fresh), flag }, at),
    ),
    call('authSync', scene, ({ kit }, { fresh }, at) =>
      kit[version].authSync({ ...usersOf(fresh, 'zhang', 'li'), flag }, at),
    ),
    call('singleOrgSync', scene, ({ kit }, { fresh }, at) =>
      kit[version].singleOrgSync({ ...departmentOf(fresh, 'org-1'), flag }, at),
    ),
  ]
}

export const kitCallsOf = (version: 1 | 2): readonly EveryCall[] => [
  ...kitCalls(version, 1),
  ...kitCalls(version, 0),
  call('allOrgSync', '', ({ kit }, { fresh }, at) => {
    const { orgInfoList, ...named } = departmentsOf(fresh, 'org-1', 'org-2')
    // Version 1 signs texts.
    return kit[version].allOrgSync({ ...named, orgInfoList: JSON.stringify(orgInfoList) }, at)
  }),
]
