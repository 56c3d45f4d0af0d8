import type { Crypto } from '../../authority/host.ts'

/**
 * The other side of the line: builds calls as the marketplace signs them and checks what comes back. Written
 * from the documents and not from our verifier, so that neither hides an error of the other. No I/O: the
 * demonstration and the tests send what is built here.
 */
export interface HuaweiCaller {
  readonly getLicense: (purchase: Purchase, moment: Moment) => HuaweiCall
  readonly refreshLicense: (renewal: Renewal, moment: Moment) => HuaweiCall
  readonly expireLicense: (end: End, moment: Moment) => HuaweiCall
  readonly releaseLicense: (end: End, moment: Moment) => HuaweiCall
  readonly refreshLicenseCode: (renewal: CodeRenewal, moment: Moment) => HuaweiCall
  readonly updateLicenseCodeStatus: (change: CodeStatus, moment: Moment) => HuaweiCall
  readonly releaseLicenseCode: (release: CodeRelease, moment: Moment) => HuaweiCall
  readonly newInstance: (opening: OrderLine, moment: Moment) => HuaweiCall
  readonly refreshInstance: (renewal: InstanceRenewal, moment: Moment) => HuaweiCall
  readonly updateInstanceStatus: (change: InstanceStatus, moment: Moment) => HuaweiCall
  readonly releaseInstance: (release: Instance, moment: Moment) => HuaweiCall
  readonly queryInstance: (query: Instance, moment: Moment) => HuaweiCall
  readonly getLicenseAsync: (application: LicenseWish, moment: Moment) => HuaweiCall
  readonly upgradeInstance: (upgrade: Instance & OrderLine, moment: Moment) => HuaweiCall
  readonly changeInstanceCheck: (check: InstanceChange, moment: Moment) => HuaweiCall
  readonly orderNotify: (notice: OrderLine, moment: Moment) => HuaweiCall
  /** Any parameters by GET, any members by POST: what no activity above would send. */
  readonly get: (parameters: Fields, moment: Moment) => HuaweiCall
  readonly post: (members: Members, moment: Moment) => HuaweiCall
  /** Whether a `Body-Sign` header is this access key's signature of exactly this body (reference 3.5). */
  readonly bodySignHolds: (body: string, header: string | null) => boolean
}

/** When a call is made and what makes it one of its kind. */
export interface Moment {
  readonly nowMs: number
  /** 8 to 64 characters of `[0-9A-Za-z_-]`, never used before; also the `businessId` of a purchase. */
  readonly nonce: string
}

export interface HuaweiCall {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
}

/** Values as sent; what is undefined is left out. */
export type Fields = Readonly<Record<string, string | number | null | undefined>>

/** Members as sent: one may be an object of its own. */
export type Members = Readonly<Record<string, Fields[string] | object>>

export type Purchase = Fields & {
  readonly customerId: string
  readonly orderId: string
  readonly productId: string
}
export type Renewal = Fields & {
  readonly orderId: string
  readonly instanceId: string
  readonly expireTime: string
}
export type End = Fields & { readonly orderId: string; readonly instanceId: string }
export type CodeRenewal = Fields & {
  readonly scene: string
  readonly orderId: string
  readonly orderLineId: string
  readonly license: string
  readonly expireTime: string
}
export type CodeStatus = Fields & { readonly license: string; readonly status: string }
export type CodeRelease = Fields & { readonly license: string }
export type OrderLine = Fields & { readonly orderId: string; readonly orderLineId: string }
export type Instance = Fields & { readonly instanceId: string }
export type InstanceRenewal = Instance & OrderLine & { readonly scene: string; readonly expireTime: string }
export type LicenseWish = Instance & { readonly eventId: string; readonly effectiveTime: string }
export type InstanceStatus = Instance & { readonly status: string }
export type InstanceChange = Members & {
  readonly instanceId: string
  readonly productInfo: {
    readonly productId: string
    readonly skuCode?: string
    readonly linearValue?: number
  }
}

/** `address` is the production address as the seller entered it, without a query. */
export function huaweiCaller(
  crypto: Pick<Crypto, 'hmacSha256'>,
  address: string,
  accessKey: string,
): HuaweiCaller {
  const hmac = (key: string, data: string) => crypto.hmacSha256(bytes(key), bytes(data))

  function get(parameters: Fields, { nowMs }: Moment): HuaweiCall {
    const sent = { ...sentOf(parameters), timeStamp: timeStampOf(nowMs) }
    const text = inOrder(sent)
      .map(([name, value]) => `${name}=${value}`)
      .join('&')
    const authToken = base64(hmac(accessKey + sent.timeStamp, text))
    const query = new URLSearchParams(Object.entries({ ...sent, authToken }).map(([k, v]) => [k, String(v)]))
    return { method: 'GET', url: `${address}?${query}`, headers: { Accept: 'application/json' }, body: null }
  }

  function post(members: Members, { nowMs, nonce }: Moment): HuaweiCall {
    const body = JSON.stringify(Object.fromEntries(inOrder(sentOf(members))))
    const signature = hex(
      hmac(accessKey, accessKey + nonce + nowMs + hex(hmac(accessKey, body))),
    ).toUpperCase()
    const query = `signature=${signature}&timestamp=${nowMs}&nonce=${nonce}`
    return {
      method: 'POST',
      url: `${address}?${query}`,
      headers: { 'Content-Type': 'application/json' },
      body,
    }
  }

  return {
    get,
    post,
    getLicense: (purchase, moment) =>
      get({ activity: 'getLicense', businessId: moment.nonce, ...purchase }, moment),
    refreshLicense: (renewal, moment) => get({ activity: 'refreshLicense', ...renewal }, moment),
    expireLicense: (end, moment) => get({ activity: 'expireLicense', ...end }, moment),
    releaseLicense: (end, moment) => get({ activity: 'releaseLicense', ...end }, moment),
    refreshLicenseCode: (renewal, moment) => post({ activity: 'refreshLicenseCode', ...renewal }, moment),
    updateLicenseCodeStatus: (change, moment) =>
      post({ activity: 'updateLicenseCodeStatus', ...change }, moment),
    releaseLicenseCode: (release, moment) => post({ activity: 'releaseLicenseCode', ...release }, moment),
    newInstance: (opening, moment) =>
      post({ activity: 'newInstance', businessId: moment.nonce, ...opening }, moment),
    refreshInstance: (renewal, moment) => post({ activity: 'refreshInstance', ...renewal }, moment),
    updateInstanceStatus: (change, moment) => post({ activity: 'updateInstanceStatus', ...change }, moment),
    releaseInstance: (release, moment) => post({ activity: 'releaseInstance', ...release }, moment),
    queryInstance: (query, moment) => post({ activity: 'queryInstance', ...query }, moment),
    getLicenseAsync: (wish, moment) => post({ activity: 'getLicenseAsync', ...wish }, moment),
    upgradeInstance: (upgrade, moment) => post({ activity: 'upgradeInstance', ...upgrade }, moment),
    changeInstanceCheck: (check, moment) => post({ activity: 'changeInstanceCheck', ...check }, moment),
    orderNotify: (notice, moment) => post({ activity: 'orderNotify', ...notice }, moment),
    bodySignHolds(body, header) {
      const given = BODY_SIGN.exec(header ?? '')?.[1]
      return given !== undefined && given === base64(hmac(accessKey, body))
    },
  }
}

/** A moment in the 14 digits of an `expireTime`, UTC. */
export const expireTimeOf = (ms: number): string => digitsOf(ms).slice(0, 14)

const timeStampOf = (ms: number): string => digitsOf(ms).slice(0, 17)

export const digitsOf = (ms: number): string => new Date(ms).toISOString().replace(/\D/g, '')

/** With or without the space: both are in use (reference 3.5). */
const BODY_SIGN = /^sign_type="HMAC-SHA256", signature= ?"([^"]*)"$/

export const sentOf = <T extends Members>(fields: T): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T

export const inOrder = (fields: Members) => Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1))

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

export const hex = (data: Uint8Array): string =>
  [...data].map((byte) => byte.toString(16).padStart(2, '0')).join('')

export const base64 = (data: Uint8Array): string => btoa(String.fromCharCode(...data))
