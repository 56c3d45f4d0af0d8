import type { Crypto } from '../../authority/host.ts'
import { type End, type Fields, type HuaweiCall, huaweiCaller, type Moment } from './caller.ts'

/**
 * The other side of the line for SaaS 1.0 (reference 8), as `caller.ts` is for the other families. What it sends
 * encrypted, and what it gets so, is in the reference's form (3.7): see `sensitive.ts`.
 */
export interface Saas1Caller {
  /** Also what is sent whenever the buyer opens the resource again. */
  readonly newInstance: (purchase: Saas1Purchase, moment: Moment) => HuaweiCall
  readonly refreshInstance: (renewal: Saas1Renewal, moment: Moment) => HuaweiCall
  readonly expireInstance: (end: End, moment: Moment) => HuaweiCall
  readonly releaseInstance: (end: End, moment: Moment) => HuaweiCall
  readonly upgrade: (upgrade: Saas1Upgrade, moment: Moment) => HuaweiCall
  readonly instanceStatus: (status: Saas1Status, moment: Moment) => HuaweiCall
}

export type Saas1Purchase = Fields & {
  readonly customerId: string
  readonly orderId: string
  readonly productId: string
}
export type Saas1Renewal = Fields & {
  readonly orderId: string
  readonly instanceId: string
  readonly expireTime: string
  readonly trialToFormal?: '0' | '1'
}
export type Saas1Upgrade = Fields & {
  readonly orderId: string
  readonly instanceId: string
  readonly skuCode: string
  readonly productId: string
  readonly amount?: number
}
export type Saas1Status = Fields & {
  readonly instanceId: string
  readonly instanceStatus: 'FREEZE' | 'NORMAL'
}

/** `address` is the production address as the seller entered it, without a query. */
export function saas1Caller(
  crypto: Pick<Crypto, 'hmacSha256'>,
  address: string,
  accessKey: string,
): Saas1Caller {
  const { get } = huaweiCaller(crypto, address, accessKey)
  return {
    newInstance: (purchase, moment) =>
      get({ activity: 'newInstance', businessId: moment.nonce, ...purchase }, moment),
    refreshInstance: (renewal, moment) => get({ activity: 'refreshInstance', ...renewal }, moment),
    expireInstance: (end, moment) => get({ activity: 'expireInstance', ...end }, moment),
    releaseInstance: (end, moment) => get({ activity: 'releaseInstance', ...end }, moment),
    upgrade: (upgrade, moment) => get({ activity: 'upgrade', ...upgrade }, moment),
    instanceStatus: (status, moment) => get({ activity: 'instanceStatus', ...status }, moment),
  }
}
