import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { ambient } from '../../src/runtime/ambient.ts'
import { asked, hasPostgres, newPostgresDatabase } from '../support/postgres.ts'
import { manifestOf, manifestText } from '../verify/kit.ts'
import { machine } from './elsewhere-kit.ts'

const KEY = { LICET_MASTER_KEY: `${'K'.repeat(42)}A` }
const WHOLE = ['development-root.jwe', 'init.lock', 'master.key', 'root-manifests.json']

describe.skipIf(!(await hasPostgres()))('an instance on PostgreSQL', () => {
  let url: string
  beforeEach(async () => {
    url = await newPostgresDatabase()
  })

  test.each([
    ['each with a development root', null],
    ['both under the same root elsewhere', [manifestText(manifestOf())]],
  ])('is made by one of two machines that do it at once, %s; the other keeps nothing', async (_, manifests) => {
    const machines = [machine(url), machine(url)]
    const made = await Promise.all(machines.map((one) => one.init(manifests)))
    expect(made.filter(({ ok }) => ok)).toHaveLength(1)
    expect(made.find(({ ok }) => !ok)).toEqual({ ok: false, no: { reason: 'exists' } })
    const [winner, loser] = made[0]!.ok ? machines : machines.toReversed()
    expect(loser!.files()).toEqual(['init.lock'])
    expect(winner!.files()).toEqual(WHOLE.filter((name) => manifests === null || !name.startsWith('dev')))
    const { close } = await winner!.open()
    await close()
    await expect(loser!.open()).rejects.toThrow('The master key is missing')
  })

  test('is made once, and says so the second time, on the same machine and on another', async () => {
    const first = machine(url)
    expect((await first.init()).ok).toBe(true)
    const files = first.files()
    for (const one of [first, machine(url)])
      expect(await one.init()).toEqual({ ok: false, no: { reason: 'exists' } })
    expect(first.files()).toEqual(files)
  })

  test('is reported without the password of its database', async () => {
    const made = await machine(url).init()
    expect(JSON.stringify(made)).toContain(new URL(url).pathname)
    expect(JSON.stringify(made)).not.toContain(new URL(url).password)
  })

  test('is not made beside the files of another, and no table either', async () => {
    const one = machine(url)
    writeFileSync(join(one.config.data, 'root-manifests.json'), 'kept')
    expect(await one.init()).toMatchObject({ ok: false, no: { reason: 'left_over' } })
    expect(one.files()).toEqual(['init.lock', 'root-manifests.json'])
    const tables = "select 1 from information_schema.tables where table_schema = 'public'"
    expect(await asked(url, tables)).toEqual([])
  })

  test('needs of a further machine an empty directory and the master key in the environment', async () => {
    const first = machine(url, KEY)
    await first.init()
    const second = machine(url, KEY)
    const { authority, developmentRoot, close } = await second.open()
    const { keyring } = await authority.configuration.current(ambient.now())
    expect(keyring.known.filter(({ status }) => status === 'active')).toHaveLength(3)
    expect(developmentRoot.open()).toBeNull()
    await close()
    expect(second.files()).toEqual(['root-manifests.json'])
    const [here, there] = [first, second].map(({ config }) =>
      readFileSync(join(config.data, 'root-manifests.json'), 'utf8'),
    )
    expect(there).toBe(here)
  })

  test('is not opened with another master key, nor before it is made', async () => {
    await expect(machine(url, KEY).open()).rejects.toThrow('run licet init first')
    await machine(url, KEY).init()
    const other = machine(url, { LICET_MASTER_KEY: `${'L'.repeat(42)}A` })
    await expect(other.open()).rejects.toThrow(/not the one this database was sealed under/)
  })
})
