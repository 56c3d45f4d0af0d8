import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { ambient } from '../../src/runtime/ambient.ts'
import type { D1Binding } from '../../src/store/d1/engine.ts'
import { d1Error } from '../../src/store/d1/errors.ts'
import { openD1, sweepTokens } from '../../src/store/d1/open.ts'
import { MOST_SWEPT, newToken, settled } from '../../src/store/d1/write-tokens.ts'
import { SCHEMA_VERSION } from '../../src/store/schema.ts'
import { type LocalD1, startD1 } from '../support/d1.ts'
import { type Fault, faultyD1 } from '../support/faulty-d1.ts'
import { DAY, idOf, NOON, purchase } from './contract/samples.ts'

let d1: LocalD1
beforeAll(async () => {
  d1 = await startD1()
})
afterAll(() => d1.close())
beforeEach(() => d1.empty())

const open = (binding: D1Binding = d1.binding) => openD1(binding, { ambient, outlive: () => undefined })

const count = async (sql: string): Promise<number> => {
  const { results } = await d1.binding.prepare(sql).all()
  return (results[0] as { n: number }).n
}
const tokens = () => count('select count(*) as n from write_tokens')

/** A store whose schema was looked at, so that the next call is the one that counts. */
async function hurt(fault: Fault, at = 1) {
  const faulty = faultyD1(d1.binding, fault, at, 20)
  const { store } = open(faulty.binding)
  await store.generation()
  faulty.arm()
  return { store, landed: faulty.landed }
}

describe('a write whose answer was lost', () => {
  it('is committed when its token is there', async () => {
    const { store } = await hurt('commits and throws')
    expect(await store.commit(purchase(1))).toBe('committed')
    expect(await open().store.byId(idOf(1))).not.toBeNull()
  })

  it('is an outage when its token is not there', async () => {
    const { store } = await hurt('fails before commit')
    await expect(store.commit(purchase(1))).rejects.toMatchObject({ code: 'failed' })
    expect(await open().store.byId(idOf(1))).toBeNull()
  })

  it('is a conflict for the next try when it lands later', async () => {
    const { store, landed } = await hurt('throws and lands later')
    await expect(store.commit(purchase(1))).rejects.toMatchObject({ code: 'failed' })
    await landed()
    expect(await store.commit(purchase(1))).toBe('conflict')
    expect((await store.page(null, 10)).items).toHaveLength(1)
  })

  it('that was a conflict stays one, and leaves no token', async () => {
    await open().store.commit(purchase(1))
    const before = await tokens()
    const { store } = await hurt('commits and throws')
    expect(await store.commit(purchase(1))).toBe('conflict')
    expect(await tokens()).toBe(before)
  })

  it('is committed also when D1 itself tried it twice and the second met the first', async () => {
    const again = new Error('D1_ERROR: UNIQUE constraint failed: write_tokens.token: SQLITE_CONSTRAINT')
    const twice = () => Promise.reject(again)
    const isConflict = () => true
    expect(await settled(twice, async () => true, isConflict)).toBe('committed')
    expect(await settled(twice, async () => false, isConflict)).toBe('conflict')
  })

  it('is the first outage when nobody can be asked what became of it', async () => {
    const lost = new Error('lost')
    const unasked = () => Promise.reject(new Error('unasked'))
    await expect(
      settled(
        () => Promise.reject(lost),
        unasked,
        () => true,
      ),
    ).rejects.toBe(lost)
  })
})

describe('a write', () => {
  it('goes on after the answer of its request', async () => {
    const outlive = vi.fn()
    const { store } = openD1(d1.binding, { ambient, outlive })
    await store.commit(purchase(1))
    expect(outlive).toHaveBeenCalledTimes(1)
  })

  it('leaves one token, which is swept when nobody can ask for it any more', async () => {
    await open().store.commit(purchase(1))
    expect(await tokens()).toBe(1)
    await sweepTokens(d1.binding, ambient.now())
    expect(await tokens()).toBe(1)
    await sweepTokens(d1.binding, ambient.now() + DAY)
    expect(await tokens()).toBe(0)
  })

  it('leaves tokens that are swept a part at a time when there are very many', async () => {
    const many = `insert into write_tokens (token)
      with recursive n (i) as (select 1 union all select i + 1 from n where i <= ${MOST_SWEPT})
      select '00' || i from n`
    await d1.binding.prepare(many).all()
    expect(await tokens()).toBe(MOST_SWEPT + 1)
    await sweepTokens(d1.binding, ambient.now())
    expect(await tokens()).toBe(1)
    await sweepTokens(d1.binding, ambient.now())
    expect(await tokens()).toBe(0)
  })

  it('has a token that sorts by its time', () => {
    const at = (now: number) => newToken({ now: () => now, random: () => new Uint8Array(8).fill(255) })
    const times = [0, 1, 255, 256, NOON, 2 ** 32 - 1, 2 ** 32, 2 ** 35]
    const made = times.map(at)
    expect([...made].sort()).toEqual(made)
    expect(new Set(made.map((token) => token.length)).size).toBe(1)
  })
})

describe('the schema of a D1 database', () => {
  const setVersion = (version: string) =>
    d1.binding.prepare("update settings set value = ? where name = 'schema_version'").bind(version).all()

  it.each([
    [SCHEMA_VERSION + 1, 'newer_schema'],
    [SCHEMA_VERSION - 1, 'older_schema'],
  ])('of version %i is refused as %s, for reading and for writing', async (version, code) => {
    await setVersion(String(version))
    await expect(open().store.generation()).rejects.toMatchObject({ code })
    await expect(open().store.commit(purchase(1))).rejects.toMatchObject({ code })
    expect(await count('select count(*) as n from licenses')).toBe(0)
  })

  const setOldestProgram = (version: string) =>
    d1.binding.prepare("insert into settings (name, value) values ('oldest_program', ?)").bind(version).all()

  it.each([
    SCHEMA_VERSION,
    1,
  ])('that is newer serves a program when version %i may work with it', async (oldest) => {
    await setVersion(String(SCHEMA_VERSION + 2))
    await setOldestProgram(String(oldest))
    const { store } = open()
    expect(await store.generation()).toBe(0)
    expect(await store.commit(purchase(1))).toBe('committed')
  })

  it.each([
    [SCHEMA_VERSION + 2, String(SCHEMA_VERSION + 1), 'newer_schema'],
    [SCHEMA_VERSION + 2, 'any', 'newer_schema'],
    [SCHEMA_VERSION + 2, '', 'newer_schema'],
    [SCHEMA_VERSION - 1, '1', 'older_schema'],
    ['x', '1', 'cannot_open'],
  ])('of version %s is refused where the oldest program is "%s"', async (version, oldest, code) => {
    await setVersion(String(version))
    await setOldestProgram(oldest)
    await expect(open().store.generation()).rejects.toMatchObject({ code })
    await expect(open().store.commit(purchase(1))).rejects.toMatchObject({ code })
  })

  it('is looked at again after a refusal, and once when it is right', async () => {
    const { store } = open()
    await setVersion('1')
    await expect(store.generation()).rejects.toMatchObject({ code: 'older_schema' })
    await setVersion(String(SCHEMA_VERSION))
    expect(await store.generation()).toBe(0)
    await setVersion(String(SCHEMA_VERSION + 1))
    expect(await store.generation()).toBe(0)
  })

  it('that is not there is refused with what to run', async () => {
    const empty = await startD1('')
    try {
      await expect(open(empty.binding).store.probe()).rejects.toMatchObject({
        code: 'not_initialised',
        message: expect.stringContaining('wrangler d1 migrations apply'),
      })
    } finally {
      await empty.close()
    }
  })
})

describe('what D1 says', () => {
  it.each([
    ['D1_ERROR: Network connection lost.', 'failed', 'does not answer'],
    ['D1_ERROR: D1 DB is overloaded. Too many requests queued.', 'failed', 'does not answer'],
    [
      'D1_ERROR: D1 DB storage operation exceeded timeout which caused object to be reset.',
      'failed',
      'not answer',
    ],
    ['D1_ERROR: Exceeded maximum DB size.', 'full', 'no space'],
    ['D1_ERROR: attempt to write a readonly database: SQLITE_READONLY', 'read_only', 'read-only'],
    ['D1_ERROR: near "x": syntax error', 'failed', 'near "x"'],
  ])('%s is %s', (message, code, said) => {
    expect(d1Error(new Error(message))).toMatchObject({ code, message: expect.stringContaining(said) })
  })
})
