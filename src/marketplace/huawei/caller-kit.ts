import type { Crypto } from '../../authority/host.ts'
import {
  base64,
  bytes,
  digitsOf,
  type HuaweiCall,
  hex,
  huaweiCaller,
  inOrder,
  type Members,
  type Moment,
  sentOf,
} from './caller.ts'

/**
 * The other side of the line for the kit (reference 9): enterprises, applications, users and departments, each at its
 * own address below the production address. Written from the documents and not from our verifier.
 */
export interface HuaweiKitCaller {
  readonly tenantSync: (tenant: Tenant, moment: Moment) => HuaweiCall
  readonly applicationSync: (application: Application, moment: Moment) => HuaweiCall
  readonly authSync: (users: Users, moment: Moment) => HuaweiCall
  readonly singleOrgSync: (department: Department, moment: Moment) => HuaweiCall
  readonly allOrgSync: (departments: Departments, moment: Moment) => HuaweiCall
  /** Any members to one of the five addresses, or to one that does not exist. */
  readonly post: (name: string, members: Members, moment: Moment) => HuaweiCall
  /** As `HuaweiCaller`; the documents show it for version 1. */
  readonly bodySignHolds: (body: string, header: string | null) => boolean
}

/** What every body has; `flag` 0 deletes, 1 adds, 2 modifies; `timeStamp` is the moment's where it is not given. */
type Common = Members & {
  readonly instanceId: string
  readonly flag?: number
  readonly testFlag?: number
  readonly timeStamp?: string
}

export type Tenant = Common & {
  readonly orderId: string
  readonly tenantId: string
  readonly tenantCode: string
  readonly name: string
  readonly domainName: string
}
export type Application = Common & {
  readonly tenantId: string
  readonly appId: string
  readonly clientId: string
  readonly clientSecret: string
}
/** `userList` is a JSON text (reference 9.3). */
export type Users = Common & {
  readonly tenantId: string
  readonly appId: string
  readonly userList: string
  readonly currentSyncTime: string
}
export type Department = Common & {
  readonly tenantId: string
  readonly orgCode: string
  readonly orgName: string
  readonly parentCode?: string
}
/** Version 2 has `orgInfoList`, a list or a JSON text; version 1 `orgInfo`, a JSON text. */
export type Departments = Common & {
  readonly tenantId: string
  readonly orgInfoList?: object | string
  readonly orgInfo?: string
}

/**
 * `address` is the production address, below which the calls go; `accessKey` the key bound to the kit. Version 2 signs
 * in three headers (reference 9.1), version 1 in `authToken` (reference 3.4).
 */
export function huaweiKitCaller(
  crypto: Pick<Crypto, 'hmacSha256'>,
  address: string,
  accessKey: string,
  version: 1 | 2 = 2,
): HuaweiKitCaller {
  const hmac = (key: string, data: string) => crypto.hmacSha256(bytes(key), bytes(data))

  function post(name: string, members: Members, moment: Moment): HuaweiCall {
    const sent = inOrder(sentOf({ testFlag: 0, timeStamp: kitTimeStampOf(moment.nowMs), ...members }))
    const body = JSON.stringify(Object.fromEntries(sent))
    const headers = version === 2 ? signed(body, moment) : tokened(Object.fromEntries(sent))
    return {
      method: 'POST',
      url: `${address}/produceAPI/${version === 2 ? 'v2/' : ''}${name}`,
      headers: { 'Content-Type': 'application/json', ...headers },
      body,
    }
  }

  function signed(body: string, { nowMs, nonce }: Moment): Record<string, string> {
    const sign = hex(hmac(accessKey, accessKey + nonce + nowMs + body)).toUpperCase()
    return { 'x-sign': sign, 'x-timestamp': `${nowMs}`, 'x-nonce': nonce }
  }

  function tokened(sent: Members): Record<string, string> {
    const text = inOrder(sent)
      .map(([name, value]) => `${name}=${value}`)
      .join('&')
    return { authToken: base64(hmac(accessKey + sent.timeStamp, text)) }
  }

  return {
    post,
    tenantSync: (tenant, moment) => post('tenantSync', tenant, moment),
    applicationSync: (application, moment) => post('applicationSync', application, moment),
    authSync: (users, moment) => post('authSync', users, moment),
    singleOrgSync: (department, moment) => post('singleOrgSync', department, moment),
    allOrgSync: (departments, moment) => post('allOrgSync', departments, moment),
    bodySignHolds: huaweiCaller(crypto, address, accessKey).bodySignHolds,
  }
}

/** A moment in the 17 digits of the kit's `timeStamp`, UTC+8 (reference 3.13). */
export const kitTimeStampOf = (ms: number): string => digitsOf(ms + EIGHT_HOURS_MS).slice(0, 17)

const EIGHT_HOURS_MS = 8 * 3_600_000
