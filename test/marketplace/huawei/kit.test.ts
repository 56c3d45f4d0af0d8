import { describe, expect, test } from 'vitest'
import type { Members } from '../../../src/marketplace/huawei/caller.ts'
import { kitTimeStampOf } from '../../../src/marketplace/huawei/caller-kit.ts'
import { channel, fate, intentOf, MOMENT, NOW, open } from './fixture.ts'
import {
  APPLICATION,
  arrivingBelow,
  DEPARTMENT,
  DEPARTMENTS,
  kit,
  TENANT,
  USER,
  USERS,
} from './kit-fixture.ts'

const opened = (name: string, members: Members, version: 1 | 2 = 2) =>
  open(arrivingBelow(kit[version].post(name, members, MOMENT)))

const sync = {
  type: 'kit_sync',
  test: false,
  instance: 'inst-1',
  tenant: 'tenant-1',
  sentAt: NOW,
  replaces: false,
}
const { userName, name, ...openOfUser } = USER

const SAMPLES: readonly [string, Members, object][] = [
  [
    'tenantSync',
    TENANT,
    {
      kind: 'tenant',
      entries: [
        {
          key: '',
          facts: {
            open: {
              orderId: TENANT.orderId,
              tenantCode: 'huawei',
              name: TENANT.name,
              domainName: TENANT.domainName,
            },
            personal: {},
          },
        },
      ],
    },
  ],
  [
    'applicationSync',
    APPLICATION,
    {
      kind: 'application',
      entries: [
        {
          key: 'app-1',
          facts: {
            open: { appId: 'app-1', clientId: 'client-1' },
            personal: { clientSecret: 'c2VjcmV0' },
          },
        },
      ],
    },
  ],
  [
    'authSync',
    USERS,
    {
      kind: 'user',
      entries: [
        {
          key: 'app-1\nzhang',
          facts: { open: { appId: 'app-1', ...openOfUser }, personal: { userName, name } },
        },
      ],
    },
  ],
  [
    'singleOrgSync',
    DEPARTMENT,
    {
      kind: 'department',
      entries: [
        {
          key: 'org-1',
          facts: { open: { orgCode: 'org-1', orgName: '研发部', parentCode: 'org-0' }, personal: {} },
        },
      ],
    },
  ],
  [
    'allOrgSync',
    DEPARTMENTS,
    {
      kind: 'department',
      replaces: true,
      entries: [
        { key: 'org-0', facts: { open: { orgCode: 'org-0', orgName: '总部' }, personal: {} } },
        {
          key: 'org-1',
          facts: { open: { orgCode: 'org-1', orgName: '研发部', parentCode: 'org-0' }, personal: {} },
        },
      ],
    },
  ],
]

describe.each(SAMPLES)('%s', (address, members, expected) => {
  test('is what it says, in version 2, also with members of next year', () => {
    const intent = { ...sync, ...expected }
    expect(intentOf(opened(address, members))).toEqual(intent)
    expect(intentOf(opened(address, { ...members, ofNextYear: 'x', another: null }))).toEqual(intent)
  })

  test('is the same in version 1', () => {
    const { orgInfoList, ...rest } = members
    const list = (orgInfoList ?? []) as { orgCode: string; orgName: string }[]
    const orgInfo = list.map(({ orgName, ...one }) => ({ ...one, name: orgName }))
    const sent = orgInfoList === undefined ? members : { ...rest, orgInfo: JSON.stringify(orgInfo) }
    expect(intentOf(opened(address, sent, 1))).toEqual({ ...sync, ...expected })
  })

  test.each(['1', 1])('with testFlag %j is a test call', (testFlag) => {
    expect(intentOf(opened(address, { ...members, testFlag }))).toMatchObject({ test: true })
  })

  test('with an empty instance is of no instance yet', () => {
    expect(intentOf(opened(address, { ...members, instanceId: '' }))).toMatchObject({ instance: '' })
  })

  test('names its address in the log, and not what is wrong', () => {
    const faulty = opened(address, { ...members, tenantId: 'x'.repeat(65) })
    expect(faulty).toMatchObject({ type: 'authentic', activity: address, intent: null })
    expect((faulty as { why: string }).why).toMatch(/^tenantId: /)
  })

  const mandatory = Object.keys(members).filter(
    (one) => !['parentCode', 'currentSyncTime', 'instanceId'].includes(one),
  )
  const bad = [...mandatory, 'timeStamp', 'flag', 'instanceId'].flatMap((one): [string, Members][] => {
    if (one === 'flag' && members.flag === undefined) return []
    const wrong: [string, Members][] = [
      [`no ${one}`, { [one]: undefined }],
      [`${one} null`, { [one]: null }],
      [`a ${one} that is too long`, { [one]: 'x'.repeat(7000) }],
      [`a list for ${one}`, { [one]: ['x'] }],
      [`5 for ${one}`, { [one]: 5 }],
    ]
    return one === 'instanceId' ? wrong : [...wrong, [`an empty ${one}`, { [one]: '' }]]
  })
  test.each([
    ...bad,
    ['a testFlag of 2', { testFlag: 2 }],
    ['an empty testFlag', { testFlag: '' }],
    ['a tenant that holds a parameter', { tenantId: 'x&flag=0' }],
    ['a tenant with a line break', { tenantId: 'x\ny' }],
    ['a time that does not exist', { timeStamp: '20261321093000000' }],
    ['a time of 14 digits', { timeStamp: '20261121093000' }],
    ['a time before 1970', { timeStamp: '19700101070000000' }],
  ] as [string, Members][])('with %s is malformed', (_, changed) => {
    expect(fate(opened(address, { ...members, ...changed }))).toBe('faulty')
  })
})

test('the time of the kit is that of China, whatever the zone of the channel', () => {
  const call = arrivingBelow(kit[2].tenantSync({ ...TENANT, timeStamp: '20260101080000001' }, MOMENT))
  for (const timeZone of ['UTC', 'America/Lima'])
    expect(intentOf(open(call, { ...channel, timeZone }))).toMatchObject({
      sentAt: Date.UTC(2026, 0, 1, 0, 0, 0, 1),
    })
  expect(kitTimeStampOf(Date.UTC(2025, 11, 31, 20))).toBe('20260101040000000')
})
