import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { nodeCrypto } from '../../src/crypto/node.ts'
import type { HuaweiCall, Moment } from '../../src/marketplace/huawei/caller.ts'
import { type HuaweiKitCaller, huaweiKitCaller } from '../../src/marketplace/huawei/caller-kit.ts'
import { applicationOf, departmentOf, departmentsOf, tenantOf, usersOf } from '../authority/kit-desk.ts'
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

  /** All that is kept, by kind. */
  async function kept(...more: readonly string[]): Promise<Record<string, Listed['items']>> {
    const { items } = await seller.json<Listed>('kit', 'list', '--channel', 'huawei', ...more)
    return Object.groupBy(items, ({ kind }) => kind) as Record<string, Listed['items']>
  }
  const codesOf = (departments: Listed['items'] = []) => departments.map(({ facts }) => facts.orgCode).sort()

  it('is added with its application, people and departments, and listed', async () => {
    await sent((by, at) => by.tenantSync(tenantOf('T'), at))
    await sent((by, at) => by.applicationSync(applicationOf('T'), at))
    await sent((by, at) => by.authSync(usersOf('T', 'zhang', 'li'), at))
    await sent((by, at) => by.singleOrgSync(departmentOf('T', 'sales'), at), 1)
    const { tenant, application, user, department } = await kept()
    expect(tenant).toMatchObject([{ facts: { name: '示例公司' } }])
    expect(codesOf(department)).toEqual(['sales'])
    expect([application?.length, user?.length]).toEqual([1, 2])
    expect(JSON.stringify([application, user])).not.toMatch(/张三丰|zhang|a secret/)
    expect(JSON.stringify(await kept('--personal'))).toMatch(/a secret of the application.*张三丰/)
  })

  it('is told again, forged, and told of something older, and stays what it is', async () => {
    const again = kit[2].authSync(usersOf('T', 'zhang', 'li'), huawei.moment())
    const first = await huawei.send(again)
    expect((await huawei.send(again)).body).toBe(first.body)
    const wrong = huaweiKitCaller(nodeCrypto, `${server.url}/callbacks/huawei`, 'another')
    const forged = await huawei.send(wrong.tenantSync({ ...tenantOf('T'), flag: 0 }, huawei.moment()))
    expect(JSON.parse(forged.body).resultCode).toBe('000001')
    const before = { ...departmentOf('T', 'sales'), flag: 0, timeStamp: '20200101000000000' }
    await sent((by, at) => by.singleOrgSync(before, at))
    const { tenant, user, department } = await kept()
    expect([tenant?.length, user?.length, codesOf(department)]).toEqual([1, 2, ['sales']])
  })

  it('is the same after a restart, until a whole list and deletions replace it', async () => {
    await server.stop()
    await open()
    await sent((by, at) => by.allOrgSync(departmentsOf('T', 'research', 'support'), at))
    await sent((by, at) => by.authSync({ ...usersOf('T', 'zhang'), flag: 0 }, at))
    await sent((by, at) => by.tenantSync({ ...tenantOf('T'), flag: 0 }, at))
    const { tenant, application, user, department } = await kept()
    expect(tenant).toBeUndefined()
    expect([application?.length, user?.length]).toEqual([1, 1])
    expect(codesOf(department)).toEqual(['research', 'support'])
    expect(server.said()).not.toMatch(/canary|示例公司|zhang/)
  })
})
