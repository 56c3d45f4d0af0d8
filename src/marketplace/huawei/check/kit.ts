import type { Members } from '../caller.ts'
import type { HuaweiKitCaller } from '../caller-kit.ts'
import type { Callers, Case, Family, Props } from './scene.ts'

const NO_RETRY =
  'The marketplace does not try again by itself: the buyer or an administrator of the enterprise has to, and you are told by SMS or e-mail.'

const TENANT = 'check-tenant'
const APPLICATION = 'check-application'

const tenantSync: Case = {
  scene: 'tenantSync',
  title: { en: 'tenantSync, add', zh: '企业同步(新增)' },
  // Reference 9.3.
  to: 'tenantSync',
  fields: (props) => tenant(props, 1),
  why: 'The enterprise that bought is told by this call.',
  otherwise: NO_RETRY,
}

const tenant = ({ instance, order }: Props, flag: 0 | 1 | 2): Members => ({
  instanceId: instance,
  orderId: order,
  tenantId: TENANT,
  tenantCode: 'check',
  name: 'check 检测',
  domainName: 'https://check.example.com',
  flag,
})

const applicationSync: Case = {
  ...tenantSync,
  scene: 'applicationSync',
  title: { en: 'applicationSync, add', zh: '应用同步(新增)' },
  to: 'applicationSync',
  fields: ({ instance }) => ({
    instanceId: instance,
    appId: APPLICATION,
    tenantId: TENANT,
    clientId: 'check-client',
    clientSecret: 'check-secret',
    flag: 1,
  }),
  why: 'The credentials for single sign-on are told by this call.',
}

const USERS = JSON.stringify([
  { userName: 'check-user', name: '检测', orgCode: 'check-org', role: 'user', enable: 'true' },
])

const authSync: Case = {
  ...tenantSync,
  scene: 'authSync',
  title: { en: 'authSync, add', zh: '用户授权同步(新增)' },
  to: 'authSync',
  fields: ({ instance }) => ({
    instanceId: instance,
    tenantId: TENANT,
    appId: APPLICATION,
    userList: USERS,
    currentSyncTime: '20260101000000000',
    flag: 1,
  }),
  why: 'Who of the enterprise may use the product is told by this call.',
}

const singleOrgSync: Case = {
  ...tenantSync,
  scene: 'singleOrgSync',
  title: { en: 'singleOrgSync, add', zh: '部门增量同步(新增)' },
  to: 'singleOrgSync',
  fields: (props) => department(props, 1),
  why: 'A change of one department is told by this call.',
}

const department = ({ instance }: Props, flag: 0 | 1 | 2): Members => ({
  instanceId: instance,
  tenantId: TENANT,
  orgCode: 'check-org',
  orgName: '检测部',
  parentCode: '',
  flag,
})

const removals: readonly Case[] = [
  {
    ...tenantSync,
    scene: 'tenantSync-modify',
    title: { en: 'tenantSync, modify', zh: '企业同步(修改)' },
    fields: (props) => tenant(props, 2),
  },
  {
    ...tenantSync,
    scene: 'tenantSync-delete',
    title: { en: 'tenantSync, delete what is not there', zh: '企业同步(删除)' },
    fields: (props) => tenant(props, 0),
    why: 'A delete must succeed also when there is nothing to delete.',
  },
  {
    ...singleOrgSync,
    scene: 'singleOrgSync-delete',
    title: { en: 'singleOrgSync, delete what is not there', zh: '部门增量同步(删除)' },
    fields: (props) => department(props, 0),
    why: 'A delete must succeed also when there is nothing to delete.',
  },
]

const credentials: Case = {
  ...applicationSync,
  scene: 'applicationSync-no-instance',
  title: { en: 'applicationSync, before there is an instance', zh: '应用同步(无实例)' },
  fields: (props, moment) => ({ ...applicationSync.fields(props, moment), instanceId: '' }),
  why: 'While you apply for credentials, instanceId is empty.',
}

const DEPARTMENTS = [{ orgCode: 'check-org', orgName: '检测部', parentCode: '' }]
const ELDER_DEPARTMENTS = JSON.stringify([{ orgCode: 'check-org', name: '检测部', parentCode: '' }])

const allOrgSync = (form: string, list: Members, en: string, zh: string): Case => ({
  ...tenantSync,
  scene: `allOrgSync${form}`,
  title: { en: `allOrgSync${en}`, zh: `部门全量同步${zh}` },
  to: 'allOrgSync',
  fields: ({ instance }) => ({ instanceId: instance, tenantId: TENANT, ...list }),
  why: 'All departments are told at once by this call.',
})

const common = [applicationSync, credentials, authSync, singleOrgSync, ...removals]

const sent =
  (version: (callers: Callers) => HuaweiKitCaller): Family['call'] =>
  (callers, fields, moment, to) =>
    version(callers).post(to, { ...fields, testFlag: 1 }, moment)

/** Reference 9. */
export const KIT_2: Family = {
  name: 'kit-2',
  title: { en: 'Kit, version 2', zh: '联营Kit V2' },
  call: sent(({ kit }) => kit),
  signedBy: 'nonce',
  hasActivity: false,
  mandatory: 'tenantId',
  cases: [
    tenantSync,
    ...common,
    allOrgSync('', { orgInfoList: DEPARTMENTS }, '', ''),
    allOrgSync('-text', { orgInfoList: JSON.stringify(DEPARTMENTS) }, ', the list as a text', '(字符串)'),
  ],
}

export const KIT_1: Family = {
  ...KIT_2,
  name: 'kit-1',
  title: { en: 'Kit, version 1', zh: '联营Kit V1' },
  call: sent(({ elderKit }) => elderKit),
  signedBy: 'token',
  cases: [tenantSync, ...common, allOrgSync('', { orgInfo: ELDER_DEPARTMENTS }, '', '')],
}
