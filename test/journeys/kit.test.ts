import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { nodeCrypto } from '../../src/crypto/node.ts'
import type { HuaweiCall, Moment } from '../../src/marketplace/huawei/caller.ts'
import { type HuaweiKitCaller, huaweiKitCaller } from '../../src/marketplace/huawei/caller-kit.ts'
import {
  applicationOf,
  departmentOf,
  departmentsOf,
  tenantOf,
  userOf,
  usersOf,
} from '../authority/kit-desk.ts'
import { DATABASES } from '../support/databases.ts'
import type { FakeHuawei } from '../support/fake-huawei/index.ts'
import type { Running } from '../support/program.ts'
import { type Shop, shop } from '../support/shop.ts'

/** The console binds the kit to a key of its own. */
const KIT_KEY = 'canary-access-key-of-the-kit'

interface Listed {
  readonly items: readonly {
    readonly kind: string
    readonly facts: Record<string, string>
    readonly personal?: object
  }[]
}

describe.each(DATABASES)('an enterprise of which the kit tells, on %s', (_, database) => {
  let seller: Shop
  let server: Running
  let huawei: FakeHuawei
  let kit: Readonly<Record<1 | 2, HuaweiKitCaller>>

  const open = async () => {
    ;({ server, huawei } = await seller.open())
    const by = (version: 1 | 2) =>
      huaweiKitCaller(nodeCrypto, `${server.url}/callbacks/huawei`, KIT_KEY, version)
    kit = { 1: by(1), 2: by(2) }
  }
  beforeAll(async () => {
    seller = await shop(await database())
    const file = seller.file('kit.key', `${KIT_KEY}\n`)
    await seller.json('channel', 'add-key', 'huawei', '--access-key-file', file)
    await open()
  })
  afterAll(() => seller.remove())

  async function sent(build: (kit: HuaweiKitCaller, moment: Moment) => HuaweiCall, version: 1 | 2 = 2) {
    const { body } = await huawei.send(build(kit[version], huawei.moment()))
    expect(JSON.parse(body).resultCode).toBe('000000')
  }

  const list = async (kind: string, ...more: readonly string[]) =>
    (await seller.json<Listed>('kit', 'list', '--channel', 'huawei', '--kind', kind, ...more)).items
  const departments = async () => (await list('department')).map(({ facts }) => facts.orgCode).sort()

  it('is added with its application, people and departments, and listed', async () => {
    await sent((by, at) => by.tenantSync(tenantOf('T'), at))
    await sent((by, at) => by.applicationSync(applicationOf('T'), at))
    await sent((by, at) => by.authSync(usersOf('T', 'zhang', 'li'), at))
    await sent((by, at) => by.singleOrgSync(departmentOf('T', 'sales'), at), 1)
    expect(await list('tenant')).toMatchObject([{ facts: { name: '示例公司' } }])
    expect(await departments()).toEqual(['sales'])
    const people = await list('user')
    expect(people).toHaveLength(2)
    expect(JSON.stringify(people)).not.toContain(userOf('zhang').name)
    expect(JSON.stringify(await list('user', '--personal'))).toContain(userOf('zhang').name)
  })

  it('is told again, forged, and told of something older, and stays what it is', async () => {
    const moment = huawei.moment()
    const again = kit[2].authSync(usersOf('T', 'zhang', 'li'), moment)
    const first = await huawei.send(again)
    expect((await huawei.send(again)).body).toBe(first.body)
    const wrong = huaweiKitCaller(nodeCrypto, `${server.url}/callbacks/huawei`, 'another')
    const forged = await huawei.send(wrong.tenantSync({ ...tenantOf('T'), flag: 0 }, huawei.moment()))
    expect(JSON.parse(forged.body).resultCode).toBe('000001')
    const before = { ...departmentOf('T', 'sales'), flag: 0, timeStamp: '20200101000000000' }
    await sent((by, at) => by.singleOrgSync(before, at))
    expect(await list('tenant')).toHaveLength(1)
    expect(await list('user')).toHaveLength(2)
    expect(await departments()).toEqual(['sales'])
  })

  it('is the same after a restart, and a whole list replaces its departments', async () => {
    await server.stop()
    await open()
    await sent((by, at) => by.allOrgSync(departmentsOf('T', 'research', 'support'), at))
    expect(await departments()).toEqual(['research', 'support'])
    await sent((by, at) => by.authSync({ ...usersOf('T', 'zhang'), flag: 0 }, at))
    expect(await list('user')).toHaveLength(1)
    await sent((by, at) => by.tenantSync({ ...tenantOf('T'), flag: 0 }, at))
    expect(await list('tenant')).toEqual([])
    expect(server.said()).not.toMatch(/canary|示例公司|zhang/)
  })
})
