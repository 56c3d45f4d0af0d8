import type { RawCall } from '../../../src/authority/marketplace.ts'
import { nodeCrypto } from '../../../src/crypto/node.ts'
import type { HuaweiCall, Moment } from '../../../src/marketplace/huawei/caller.ts'
import { huaweiKitCaller } from '../../../src/marketplace/huawei/caller-kit.ts'
import { ACCESS_KEY, MOMENT } from './fixture.ts'

export const ADDRESS = 'https://license.example/callbacks/huawei'

export const kit = { 1: kitBy(ACCESS_KEY, 1), 2: kitBy(ACCESS_KEY, 2) }

export function kitBy(key: string, version: 1 | 2) {
  return huaweiKitCaller(nodeCrypto, ADDRESS, key, version)
}

/** What the server would see of a call of the kit. */
export function arrivingBelow({ method, url, headers, body }: HuaweiCall): RawCall {
  const { pathname, search } = new URL(url)
  const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const)
  return {
    method,
    query: search.slice(1),
    contentType: headers['Content-Type'] ?? null,
    body: new TextEncoder().encode(body ?? ''),
    below: { address: pathname.slice(new URL(ADDRESS).pathname.length), headers: Object.fromEntries(lower) },
  }
}

/** Bytes of any kind at an address of version 2, with a good signature over exactly them. */
export function signedBelow(
  name: string,
  body: string | Uint8Array,
  { nowMs, nonce }: Moment = MOMENT,
): RawCall {
  const raw = Buffer.from(body)
  const text = Buffer.concat([Buffer.from(`${ACCESS_KEY}${nonce}${nowMs}`), raw])
  const sign = Buffer.from(nodeCrypto.hmacSha256(Buffer.from(ACCESS_KEY), text)).toString('hex')
  const headers = { 'x-sign': sign, 'x-timestamp': `${nowMs}`, 'x-nonce': nonce }
  const below = { address: `/produceAPI/v2/${name}`, headers }
  return { method: 'POST', query: '', contentType: 'application/json', body: raw, below }
}

const COMMON = { instanceId: 'inst-1', tenantId: 'tenant-1', flag: 1 }

export const TENANT = {
  ...COMMON,
  orderId: 'CS1906666666ABCDE',
  tenantCode: 'huawei',
  name: '华为测试 R&D',
  domainName: 'https://example.tenantaccount.com',
}
export const APPLICATION = { ...COMMON, appId: 'app-1', clientId: 'client-1', clientSecret: 'c2VjcmV0' }
export const USER = { userName: 'zhang', name: '张三', orgCode: 'org-1', role: 'user', enable: 'true' }
export const USERS = {
  ...COMMON,
  appId: 'app-1',
  currentSyncTime: '20261121173000',
  userList: JSON.stringify([USER]),
}
export const DEPARTMENT = { ...COMMON, orgCode: 'org-1', orgName: '研发部', parentCode: 'org-0' }
export const DEPARTMENTS = {
  instanceId: 'inst-1',
  tenantId: 'tenant-1',
  orgInfoList: [
    { orgCode: 'org-0', orgName: '总部' },
    { orgCode: 'org-1', orgName: '研发部', parentCode: 'org-0' },
  ],
}
