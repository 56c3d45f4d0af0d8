import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { beforeEach, describe, expect, test } from 'vitest'
import type { ResealOrder } from '../../src/cli/shell.ts'
import { ambient } from '../../src/runtime/ambient.ts'
import { type Config, readConfig } from '../../src/runtime/config.ts'
import { reseal } from '../../src/runtime/reseal.ts'
import { addCustomers, type Closed, closedInstance, masterKeyLines, openedBy } from './instance-kit.ts'

/** More than two batches. */
const CUSTOMERS = 1_200

/** Three signing keys, an access key, the mark of the master key, the development root. */
const OTHERS = 6

let one: Closed
let oldKey: string
beforeEach(async () => {
  one = await closedInstance()
  await addCustomers(one, CUSTOMERS)
  oldKey = masterKeyLines(one.config)[0]!
})

const by = { who: 'operator:kim', reason: 'an administrator has left' }

const run = (over: Partial<ResealOrder> = {}, config: Config = one.config) =>
  reseal(config, ambient, { dryRun: false, by, progress: () => undefined, ...over })

/** The instance opens, with its keys, its channel and its development root, and everything is under its own key. */
async function expectWhole(): Promise<void> {
  const { authority, developmentRoot, close } = await one.open()
  const { channels } = await authority.configuration.current(ambient.now())
  expect(channels.get('huawei')!.keys).toHaveLength(1)
  expect(developmentRoot.open()).not.toBeNull()
  await close()
  const [newKey, ...more] = masterKeyLines(one.config)
  expect(more).toEqual([])
  expect(newKey).not.toBe(oldKey)
  expect(openedBy(oldKey, one.config)).toBe(0)
  expect(openedBy(newKey!, one.config)).toBe(CUSTOMERS + OTHERS)
}

describe('a new master key', () => {
  test('leaves nothing in any file that the old one opens, and everything under the new', async () => {
    expect(openedBy(oldKey, one.config)).toBe(CUSTOMERS + OTHERS)
    const done = await run()
    expect(done).toMatchObject({ ok: true, value: { unreadable: [] } })
    await expectWhole()
  })

  test('is recorded once, with who and why', async () => {
    await run()
    const { authority, close } = await one.open()
    const history = (await authority.store.keyHistory()).filter(({ event }) => event.type === 'resealed')
    await close()
    expect(history).toMatchObject([{ event: { kid: null }, by }])
  })

  test('lies in no file but its own, nor does the old one', async () => {
    const done = await run()
    const keys = [oldKey, masterKeyLines(one.config)[0]!]
    for (const name of readdirSync(one.config.data).filter((file) => file !== 'master.key')) {
      const bytes = readFileSync(join(one.config.data, name))
      for (const key of keys) {
        expect(bytes.includes(key), name).toBe(false)
        expect(bytes.includes(Buffer.from(key, 'base64url')), name).toBe(false)
      }
    }
    for (const key of keys) expect(JSON.stringify(done)).not.toContain(key)
  })

  test('can be followed by another', async () => {
    await run()
    await run()
    await expectWhole()
  })

  test('tried as a dry run changes no byte that matters, and counts', async () => {
    const database = readFileSync(one.config.database)
    expect(await run({ dryRun: true })).toMatchObject({
      ok: true,
      value: { resealed: CUSTOMERS + 4, unreadable: [] },
    })
    expect(masterKeyLines(one.config)).toEqual([oldKey])
    expect(openedBy(oldKey, one.config)).toBe(CUSTOMERS + OTHERS)
    expect(readFileSync(one.config.database)).toHaveLength(database.length)
  })

  test('leaves what no key opens as it is, and names it', async () => {
    const db = new Sqlite(one.config.database)
    db.pragma('foreign_keys = OFF')
    db.prepare("INSERT INTO customers VALUES ('00000000deadbeef', 'damaged')").run()
    db.close()
    expect(await run()).toMatchObject({
      ok: true,
      value: { unreadable: [{ kind: 'customer', name: '00000000deadbeef' }] },
    })
    await expectWhole()
  })
})

describe('a change of the master key that is interrupted', () => {
  test.each([
    1, 2, 4, 5, 6,
  ])('after step %i goes on when it is run again, and serves meanwhile', async (step) => {
    let left = step
    const dying = {
      progress: () => {
        if (--left === 0) throw new Error('killed')
      },
    }
    await expect(run(dying)).rejects.toThrow('killed')
    expect(masterKeyLines(one.config)).toHaveLength(2)
    const { authority, close } = await one.open()
    await authority.store.setSetting('meanwhile', authority.sealing.seal('x', new Uint8Array(3)))
    await close()
    expect(await run()).toMatchObject({ ok: true, value: { unreadable: [] } })
    const again = await one.open()
    const meanwhile = (await again.authority.store.setting('meanwhile'))!
    expect(again.authority.sealing.open('x', meanwhile)).toHaveLength(3)
    const history = await again.authority.store.keyHistory()
    expect(history.filter(({ event }) => event.type === 'resealed')).toHaveLength(1)
    await again.close()
    expect(openedBy(oldKey, one.config)).toBe(0)
  })

  test('cannot be opened with the old key alone any more, and says so', async () => {
    const dying = {
      progress: () => {
        throw new Error('killed')
      },
    }
    await expect(run(dying)).rejects.toThrow('killed')
    writeFileSync(join(one.config.data, 'master.key'), `${oldKey}\n`)
    await expect(one.open()).rejects.toThrow(/not the one this database was sealed under/)
    await expect(run()).rejects.toThrow(/not the one this database was sealed under/)
  })
})

describe('a change of the master key is refused', () => {
  const keyFile = () => join(one.config.data, 'master.key')

  test('while somebody has the instance open', async () => {
    const { close } = await one.open()
    expect(await run()).toEqual({ ok: false, no: { reason: 'in_use' } })
    await close()
    expect(masterKeyLines(one.config)).toEqual([oldKey])
  }, 10_000)

  test('to others while it runs', async () => {
    let tried: Promise<unknown> | null = null
    await run({
      progress: () => {
        tried ??= expect(one.open()).rejects.toThrow(/licet keys reseal/)
      },
    })
    await tried
  }, 10_000)

  test.each([
    ['missing', () => rmSync(keyFile()), /master key is missing/],
    ['another one', () => writeFileSync(keyFile(), `${'A'.repeat(43)}\n`), /not the one this database/],
    ['no key', () => writeFileSync(keyFile(), 'notes\n'), /not 32 bytes of base64url/],
    ['three keys', () => writeFileSync(keyFile(), `${oldKey}\n`.repeat(3)), /not 32 bytes of base64url/],
  ])('when the key is %s, with nothing changed', async (_, spoil, sentence) => {
    spoil()
    const before = existsSync(keyFile()) ? readFileSync(keyFile(), 'utf8') : null
    await expect(run()).rejects.toThrow(sentence)
    expect(existsSync(keyFile()) ? readFileSync(keyFile(), 'utf8') : null).toBe(before)
    expect(openedBy(oldKey, one.config)).toBeGreaterThanOrEqual(CUSTOMERS)
  })
})

describe('a master key of the environment', () => {
  const FIRST = `${'B'.repeat(42)}A`
  const SECOND = `${'C'.repeat(42)}A`
  const configOf = (data: string, key: string): Config => {
    const read = readConfig({ LICET_DATA: data, LICET_MASTER_KEY: key })
    if (!read.ok) throw new Error(read.faults.join(' '))
    return read.config
  }

  test('is changed to the first of the two that it names; nothing is written beside the database', async () => {
    const own = await closedInstance({ LICET_MASTER_KEY: FIRST })
    const { data } = own.config
    expect(await run({}, own.config)).toEqual({ ok: false, no: { reason: 'one_key_in_environment' } })
    const done = await run({}, configOf(data, `${SECOND},${FIRST}`))
    expect(done).toMatchObject({ ok: true, value: { masterKeyFile: null, unreadable: [] } })
    expect([openedBy(FIRST, { data }), openedBy(SECOND, { data })]).toEqual([0, OTHERS])
    expect(existsSync(join(data, 'master.key'))).toBe(false)
    await expect(own.open()).rejects.toThrow(/not the one this database was sealed under/)
  })

  test('is not changed when neither of the two is right', async () => {
    const own = await closedInstance({ LICET_MASTER_KEY: FIRST })
    const wrong = configOf(own.config.data, `${SECOND},${'D'.repeat(42)}A`)
    await expect(run({}, wrong)).rejects.toThrow(/not the one this database was sealed under/)
    expect(openedBy(FIRST, own.config)).toBe(OTHERS)
  })
})
