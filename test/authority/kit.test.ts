import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openEntry } from '../../src/authority/kit.ts'
import { resealAll } from '../../src/authority/reseal.ts'
import type { HuaweiCall, Moment } from '../../src/marketplace/huawei/caller.ts'
import { kitTimeStampOf } from '../../src/marketplace/huawei/caller-kit.ts'
import { NOON } from '../support/instance.ts'
import { withStore } from './desk.ts'
import {
  applicationOf,
  departmentOf,
  departmentsOf,
  type KitDesk,
  openKitDesk,
  tenantOf,
  userOf,
  usersOf,
} from './kit-desk.ts'

let desk: KitDesk
beforeAll(async () => {
  desk = await openKitDesk()
})
afterAll(() => desk.close())

let tenant: string
let tenants = 0
beforeEach(() => {
  desk.clock.time = NOON
  tenant = `tenant-${++tenants}`
})

const SUCCESS = '{"resultCode":"000000","resultMsg":"success."}'
const at = (seconds: number) => ({ timeStamp: kitTimeStampOf((NOON + seconds) * 1000) })

/** Each of the five, and of both versions. */
const calls = (version: 1 | 2): ((moment: Moment) => HuaweiCall)[] => {
  const kit = desk.kit[version]
  const list = { ...departmentsOf(tenant, 'a', 'b'), flag: 1 }
  const ofVersion1 = {
    instanceId: 'inst-1',
    tenantId: tenant,
    orgInfo: JSON.stringify([{ orgCode: 'a', name: 'a' }]),
  }
  return [
    (moment) => kit.tenantSync(tenantOf(tenant), moment),
    (moment) => kit.applicationSync(applicationOf(tenant), moment),
    (moment) => kit.authSync(usersOf(tenant, 'zhang', 'li'), moment),
    (moment) => kit.singleOrgSync(departmentOf(tenant, 'a'), moment),
    (moment) => kit.allOrgSync(version === 1 ? ofVersion1 : list, moment),
  ]
}

const counted = async () => (await desk.kept(tenant)).length

describe.each([1, 2] as const)('version %i of the kit', (version) => {
  test('is kept, entry by entry, and answered with success and a signature', async () => {
    for (const call of calls(version)) {
      const reply = await desk.send(call(desk.moment()))
      expect(reply.body).toBe(SUCCESS)
      expect(reply.signedBy).not.toBeNull()
      expect(reply.told).toMatchObject({
        code: '000000',
        activity: expect.stringMatching(/Sync$/),
        test: false,
      })
    }
    const kept = await desk.kept(tenant)
    expect(kept.map(({ kind }) => kind).sort()).toEqual(
      version === 1
        ? ['application', 'department', 'tenant', 'user', 'user']
        : ['application', 'department', 'department', 'tenant', 'user', 'user'],
    )
    expect(kept.find(({ kind }) => kind === 'application')?.personal).toEqual({
      clientSecret: 'a secret of the application',
    })
    expect(
      kept
        .filter(({ kind }) => kind === 'user')
        .map(({ personal }) => personal.userName)
        .sort(),
    ).toEqual(['li', 'zhang'])
  })

  test('changes nothing when it is a test call', async () => {
    for (const call of calls(version)) {
      const plain = call(desk.moment())
      const name = plain.url.split('/').at(-1)!
      const members = { ...JSON.parse(plain.body!), testFlag: 1 }
      expect(await desk.send(desk.kit[version].post(name, members, desk.moment()))).toMatchObject({
        body: SUCCESS,
      })
    }
    expect(await counted()).toBe(0)
  })
})

describe('an entry', () => {
  const send = (call: HuaweiCall) => desk.send(call)
  const names = async () => (await desk.kept(tenant, 'department')).map(({ open }) => open.orgName).sort()
  const one = (orgCode: string, orgName: string, seconds: number, flag = 1) =>
    send(
      desk.kit[2].singleOrgSync(
        { ...departmentOf(tenant, orgCode, orgName), flag, ...at(seconds) },
        desk.moment(),
      ),
    )

  test('is added by a change and changed by an addition', async () => {
    await one('a', 'first', 0, 2)
    await one('a', 'second', 1, 1)
    expect(await names()).toEqual(['second'])
  })

  test('that is absent is deleted with success', async () => {
    expect(await one('a', '', 0, 0)).toMatchObject({ body: SUCCESS })
    expect(await names()).toEqual([])
  })

  test('is not brought back by what is older than its deletion', async () => {
    await one('a', 'first', 0)
    await one('a', '', 9, 0)
    await one('a', 'late', 5)
    expect(await names()).toEqual([])
    await one('a', 'new', 10)
    expect(await names()).toEqual(['new'])
  })

  test('of the same time gives way to the later call', async () => {
    await one('a', 'first', 0)
    await one('a', 'second', 0)
    expect(await names()).toEqual(['second'])
  })

  test('is of its instance, its enterprise and its channel alone', async () => {
    await one('a', 'here', 0)
    await send(
      desk.kit[2].singleOrgSync(
        { ...departmentOf(tenant, 'a', 'there'), instanceId: 'inst-2' },
        desk.moment(),
      ),
    )
    await send(desk.kit[2].allOrgSync({ ...departmentsOf(`${tenant}x`), ...at(5) }, desk.moment()))
    expect(await names()).toEqual(['here', 'there'])
  })

  test('that a list has twice is the later one', async () => {
    const users = {
      ...usersOf(tenant),
      userList: JSON.stringify([userOf('zhang'), { ...userOf('zhang'), role: 'admin' }]),
    }
    await send(desk.kit[2].authSync(users, desk.moment()))
    expect((await desk.kept(tenant)).map(({ open }) => open.role)).toEqual(['admin'])
  })
})

test('a whole list is kept whole, in however many statements', async () => {
  const many = Array.from({ length: 500 }, (_, n) => `department-${n}`)
  await desk.send(
    desk.kit[2].allOrgSync({ ...departmentsOf(tenant, ...many, 'gone'), ...at(0) }, desk.moment()),
  )
  await desk.send(desk.kit[2].allOrgSync({ ...departmentsOf(tenant, ...many), ...at(1) }, desk.moment()))
  expect((await desk.kept(tenant)).map(({ open }) => open.orgCode).sort()).toEqual([...many].sort())
})

test('what two at once say of one part is what the newer says, whoever is first', async () => {
  const { kit } = desk
  await Promise.all(
    Array.from({ length: 30 }, (_, n) =>
      desk.send(
        n % 3 === 0
          ? kit[2].allOrgSync({ ...departmentsOf(tenant, `full-${n}`), ...at((n * 7) % 30) }, desk.moment())
          : kit[2].singleOrgSync({ ...departmentOf(tenant, `one-${n}`), ...at((n * 7) % 30) }, desk.moment()),
      ),
    ),
  )
  const times = Array.from({ length: 30 }, (_, n) => ({ n, at: (n * 7) % 30 }))
  const full = times.filter(({ n }) => n % 3 === 0).reduce((a, b) => (b.at > a.at ? b : a))
  const after = times.filter(({ n, at }) => n % 3 !== 0 && at > full.at).map(({ n }) => `one-${n}`)
  expect((await desk.kept(tenant)).map(({ open }) => open.orgCode).sort()).toEqual(
    [...after, `full-${full.n}`].sort(),
  )
})

test('nothing of it is in the database in the clear, nor in the log', async () => {
  for (const call of calls(2)) await desk.send(call(desk.moment()))
  const { store, sealing } = desk.authority
  const { items } = await store.kitPage('huawei', null, null, 9_999)
  expect(openEntry(sealing, items[0]!)).toMatchObject({ open: expect.anything() })
  const rows = JSON.stringify(items)
  const logged = JSON.stringify(desk.lines)
  for (const secret of ['zhang', '张三丰', '13800138000', 'a secret of the application', '示例公司']) {
    expect(rows).not.toContain(secret)
    expect(logged).not.toContain(secret)
  }
  expect(() => openEntry(sealing, { ...items[0]!, id: items[1]!.id })).toThrow()
})

test('an outage is 000005, and the re-send is kept', async () => {
  const broken = withStore(desk.authority, { commit: () => Promise.reject(new Error('disk')) })
  const call = desk.kit[2].tenantSync(tenantOf(tenant), desk.moment())
  expect(await desk.send(call, broken)).toMatchObject({ code: '000005' })
  expect(await desk.send(call)).toMatchObject({ code: '000000' })
  expect(await counted()).toBe(1)
})

test('what is sealed for it opens under the purpose that a new master key seals it with', async () => {
  for (const call of calls(2)) await desk.send(call(desk.moment()))
  const { store, sealing } = desk.authority
  const broken = {
    seal: sealing.seal,
    open: () => {
      throw new Error('another key')
    },
  }
  const { resealed, unreadable } = await resealAll(store, sealing, broken, true, () => {})
  expect(unreadable).toEqual([])
  expect(resealed).toBeGreaterThan((await desk.kept(tenant)).length)
})
