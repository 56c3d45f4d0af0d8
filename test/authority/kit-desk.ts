import { openEntry } from '../../src/authority/kit.ts'
import type { KitKind } from '../../src/authority/kit-entry.ts'
import { nodeCrypto } from '../../src/crypto/node.ts'
import { type HuaweiKitCaller, huaweiKitCaller } from '../../src/marketplace/huawei/caller-kit.ts'
import { ACCESS_KEY } from '../support/instance.ts'
import { ADDRESS, type Desk, openDesk } from './desk.ts'

/** A desk whose marketplace also tells of the enterprises that buy. */
export interface KitDesk extends Desk {
  readonly kit: Readonly<Record<1 | 2, HuaweiKitCaller>>
  /** All that is kept of an enterprise, as `kind: facts`, in an order of its own. */
  kept(tenant: string, kind?: KitKind | null): Promise<readonly Kept[]>
}

export interface Kept {
  readonly kind: KitKind
  readonly open: Readonly<Record<string, string>>
  readonly personal: Readonly<Record<string, string>>
}

export async function openKitDesk(): Promise<KitDesk> {
  const desk = await openDesk()
  const { store, sealing } = desk.authority
  return {
    ...desk,
    kit: {
      1: huaweiKitCaller(nodeCrypto, ADDRESS, ACCESS_KEY, 1),
      2: huaweiKitCaller(nodeCrypto, ADDRESS, ACCESS_KEY, 2),
    },
    async kept(tenant, kind = null) {
      const { items } = await store.kitPage('huawei', kind, null, 100_000)
      const ours = items.filter((entry) => entry.tenant === tenant)
      return ours.map((entry) => ({ kind: entry.kind, ...openEntry(sealing, entry) }))
    },
  }
}

const named = (tenant: string) => ({ instanceId: 'inst-1', tenantId: tenant, flag: 1 })

export const tenantOf = (tenant: string) => ({
  ...named(tenant),
  orderId: 'CS-1',
  tenantCode: 'code',
  name: '示例公司',
  domainName: 'https://tenant.example.com',
})
export const applicationOf = (tenant: string) => ({
  ...named(tenant),
  appId: 'app-1',
  clientId: 'client-1',
  clientSecret: 'a secret of the application',
})
export const userOf = (userName: string) => ({
  userName,
  name: '张三丰',
  orgCode: 'org-1',
  role: 'user',
  enable: 'true',
  mobile: '13800138000',
})
export const usersOf = (tenant: string, ...userNames: readonly string[]) => ({
  ...named(tenant),
  appId: 'app-1',
  currentSyncTime: '20261121173000',
  userList: JSON.stringify(userNames.map(userOf)),
})
export const departmentOf = (tenant: string, orgCode: string, orgName = orgCode) => ({
  ...named(tenant),
  orgCode,
  orgName,
})
export const departmentsOf = (tenant: string, ...orgCodes: readonly string[]) => ({
  instanceId: 'inst-1',
  tenantId: tenant,
  orgInfoList: orgCodes.map((orgCode) => ({ orgCode, orgName: orgCode })),
})
