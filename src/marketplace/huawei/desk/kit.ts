import type { Members } from '../caller.ts'
import type { Named } from './family.ts'
import { SCHEDULE } from './schedule.ts'
import type { Step } from './step.ts'

const TENANT = '68cbc86aabbccddeeff00112233445566'
const APP = 'app-of-the-desk'

/**
 * An enterprise, an application, its users and its departments come to an instance of a joint-operation product
 * (reference 9.3), and one department goes. The buyer decides whether one that failed is tried again (reference 3.11).
 */
export function kitSteps({ id, purchase }: Named): readonly Step[] {
  const common = { instanceId: id, tenantId: TENANT }
  return [
    step('tenantSync', {
      ...{ ...common, orderId: purchase.id, tenantCode: 'desk', name: 'desk', flag: 1 },
      domainName: 'https://desk.example.com',
    }),
    step('applicationSync', {
      ...{ ...common, appId: APP, clientId: 'client-of-the-desk', flag: 1 },
      clientSecret: 'sealed-for-the-seller',
    }),
    step('authSync', {
      ...{ ...common, appId: APP, userList: JSON.stringify([USER]), flag: 1 },
      currentSyncTime: '20261121080910123',
    }),
    step('singleOrgSync', { ...common, orgCode: 'rd-2', orgName: 'R&D 2', parentCode: 'rd', flag: 1 }),
    step('allOrgSync', { ...common, orgInfoList: [{ orgCode: 'rd', orgName: 'R&D' }] }),
    step('singleOrgSync', { ...common, orgCode: 'rd-2', orgName: 'R&D 2', parentCode: 'rd', flag: 0 }),
  ]
}

const USER = { userName: 'user-1', name: 'A User', orgCode: 'rd', role: 'user', enable: 'true' }

const step = (activity: string, members: Members): Step => ({
  ...{ activity, method: 'KIT', members, business: false, schedule: SCHEDULE.once },
})
