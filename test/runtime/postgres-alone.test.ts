import { beforeEach, describe, expect, test } from 'vitest'
import { addChannel } from '../../src/authority/admin.ts'
import type { ResealOrder } from '../../src/cli/shell.ts'
import { ambient } from '../../src/runtime/ambient.ts'
import { reseal } from '../../src/runtime/reseal.ts'
import { asked, connected, hasPostgres, newPostgresDatabase } from '../support/postgres.ts'
import { type Machine, machine } from './elsewhere-kit.ts'

const OLD = `${'K'.repeat(42)}A`
const NEW = `${'N'.repeat(42)}A`

/** Later than any process that was killed still counts as one that lives. */
const later = { ...ambient, now: () => ambient.now() + 61 }

describe.skipIf(!(await hasPostgres()))('a new master key for an instance on PostgreSQL', () => {
  let url: string
  let serving: Machine
  let changing: Machine
  beforeEach(async () => {
    url = await newPostgresDatabase()
    serving = machine(url, { LICET_MASTER_KEY: OLD })
    changing = machine(url, { LICET_MASTER_KEY: `${NEW},${OLD}` })
    await serving.init()
  })

  const run = (over: Partial<ResealOrder> = {}, clock = ambient) => {
    const by = { who: 'operator:kim', reason: null }
    return reseal(changing.config, clock, { dryRun: false, by, progress: () => undefined, ...over })
  }

  test('is refused while a process on any machine has the instance open, and given when it has ended', async () => {
    const { close } = await serving.open()
    expect(await run()).toEqual({ ok: false, no: { reason: 'in_use' } })
    await close()
    expect(await run()).toMatchObject({ ok: true, value: { resealed: 3, unreadable: [] } })
    await expect(serving.open()).rejects.toThrow(/not the one this database was sealed under/)
    const next = await machine(url, { LICET_MASTER_KEY: NEW }).open()
    await next.close()
  }, 15_000)

  test('waits a moment for a command that is about to end', async () => {
    const { close } = await serving.open()
    const changed = run()
    await new Promise((resolve) => setTimeout(resolve, 300))
    await close()
    expect(await changed).toMatchObject({ ok: true })
  }, 15_000)

  test('keeps everybody out while it is made, another change too', async () => {
    // It waits for a row, and so for those who try meanwhile.
    const release = await holding(url, 'signing_keys')
    const changed = run()
    await expect.poll(() => asked(url, 'select name from leases')).toEqual([{ name: 'alone' }])
    const tried = Promise.all([
      expect(serving.open()).rejects.toThrow(/licet keys reseal/),
      expect(run()).resolves.toEqual({ ok: false, no: { reason: 'in_use' } }),
    ])
    await tried.finally(release)
    expect(await changed).toMatchObject({ ok: true })
    expect(await asked(url, 'select name from leases')).toEqual([])
  }, 15_000)

  test('is refused for a minute after a process that was killed, and not longer', async () => {
    const { authority, close } = await serving.open()
    const [killed] = await authority.store.leases(ambient.now())
    await close()
    await leaveBehind(url, killed!.name, killed!.until)
    expect(await run()).toEqual({ ok: false, no: { reason: 'in_use' } })
    expect(await run({}, later)).toMatchObject({ ok: true })
  }, 15_000)

  test('given while a process was cut off for too long leaves that one without a word to say', async () => {
    const { authority, close } = await serving.open()
    const key = { name: 'huawei', kind: 'huawei', timeZone: 'UTC', accessKey: 'access-key-of-the-tests-0001' }
    expect(await addChannel(authority, key)).toMatchObject({ ok: true })
    await authority.configuration.current(ambient.now())
    await asked(url, 'delete from leases')
    expect(await run()).toMatchObject({ ok: true })
    await expect(authority.configuration.current(later.now())).rejects.toThrow(/does not open/)
    await close()
  }, 15_000)

  test('that was killed itself keeps others out for a minute, and not longer', async () => {
    await asked(url, `insert into leases values ('alone', 'gone', ${ambient.now() + 60})`)
    await expect(serving.open()).rejects.toThrow(/licet keys reseal/)
    expect(await run()).toEqual({ ok: false, no: { reason: 'in_use' } })
    const { close } = await serving.open(later)
    await close()
    expect(await run({}, later)).toMatchObject({ ok: true })
  }, 15_000)
})

/** Nobody changes a row of a table until the answer is called. */
async function holding(url: string, table: string): Promise<() => Promise<void>> {
  const client = await connected(url)
  await client.query(`begin; select * from ${table} for update`)
  return () => client.end()
}

/** What a process that was killed leaves. */
const leaveBehind = (url: string, name: string, until: number) =>
  asked(url, `insert into leases values ('${name}', 'gone', ${until})`)
