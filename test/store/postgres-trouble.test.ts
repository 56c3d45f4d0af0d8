import { describe, expect, it, onTestFinished } from 'vitest'
import type { Store } from '../../src/authority/ports.ts'
import { TIMEOUTS } from '../../src/store/postgres/connect.ts'
import { asked, connected, hasPostgres } from '../support/postgres.ts'
import { proxyTo } from '../support/postgres-proxy.ts'
import { bought, freshPostgres, openedAt } from '../support/store-postgres.ts'
import { freeze, idOf, next, renewal, sale } from './contract/samples.ts'

const withPostgres = describe.skipIf(!(await hasPostgres()))

/** Another session, past the store, in the middle of a transaction. */
async function otherSession(url: string, ...statements: string[]) {
  const client = await connected(url)
  onTestFinished(() => client.end())
  await client.query('begin')
  for (const statement of statements) await client.query(statement)
  return client
}

const codesOf = (outcomes: readonly PromiseSettledResult<unknown>[]): readonly unknown[] =>
  outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : outcome.reason.code))

async function soldOf(store: Store, count: number): Promise<number> {
  const all = await Promise.all(Array.from({ length: count }, (_, n) => store.byId(idOf(n))))
  return all.filter((license) => license !== null).length
}

withPostgres('one bad purchase among many', () => {
  it('fails alone, whatever is wrong with it', async () => {
    const { store } = await freshPostgres()
    await store.commit(bought(3))
    const { change } = bought(5)
    const impossible = { ...change, after: { ...change.after, status: 'lost' } } as unknown as typeof change
    const stale = next(sale(99).after, freeze())
    const batches = Array.from({ length: 40 }, (_, n) => bought(n))
    const outcomes = await Promise.allSettled([
      ...batches.map((batch, n) => store.commit(n === 5 ? { ...batch, change: impossible } : batch)),
      store.commit({ change: stale }),
    ])
    const expected = batches.map((_, n) => (n === 3 ? 'conflict' : n === 5 ? 'failed' : 'committed'))
    expect(codesOf(outcomes)).toEqual([...expected, 'conflict'])
    expect(await soldOf(store, 40)).toBe(39)
  })

  it('holds up the others for a moment only, while its license is locked', async () => {
    const { store, url } = await freshPostgres()
    await store.commit({ change: sale(1) })
    const other = await otherSession(url, `update licenses set revision = revision where id = '${idOf(1)}'`)
    const began = performance.now()
    const renewed = store.commit({ change: next(sale(1).after, renewal('R1', 60)) })
    const sold = await Promise.all([2, 3, 4].map((n) => store.commit(bought(n))))
    expect(sold).toEqual(['committed', 'committed', 'committed'])
    expect(performance.now() - began).toBeLessThan(1_500)
    await other.query('commit')
    expect(await renewed).toBe('committed')
  })
})

withPostgres('a probe fails as a sale would, and no longer, while a table of a sale', () => {
  const TABLES = ['licenses', 'license_events', 'customers', 'replay_marks']

  it.each<[string, string, (table: string) => string, (table: string) => string]>([
    ['is locked', 'locked', (table) => `lock table ${table} in exclusive mode`, () => 'rollback'],
    [
      'is gone',
      'damaged',
      (table) => `alter table ${table} rename to elsewhere; commit`,
      (table) => `alter table elsewhere rename to ${table}`,
    ],
  ])('%s', async (_, code, spoil, mend) => {
    const outcomes = TABLES.map(async (table) => {
      const { store, url } = await freshPostgres()
      const other = await otherSession(url, spoil(table))
      await expect(store.probe()).rejects.toMatchObject({ code })
      await other.query(mend(table))
      await store.probe()
    })
    await Promise.all(outcomes)
  })
})

withPostgres('a running PostgreSQL database', () => {
  it('says that a row is locked before the deadline of a callback, and goes on', async () => {
    const { store, url } = await freshPostgres()
    await store.commit({ change: sale(1) })
    const other = await otherSession(url, `update licenses set revision = revision where id = '${idOf(1)}'`)
    const change = next(sale(1).after, renewal('R1', 60))
    const began = performance.now()
    await expect(store.commit({ change })).rejects.toMatchObject({ code: 'locked' })
    expect(performance.now() - began).toBeLessThan(3_500)
    expect(await store.byId(idOf(1))).toEqual(sale(1).after)
    await other.query('rollback')
    expect(await store.commit({ change })).toBe('committed')
  }, 20_000)

  it('with a locked table tells everybody who waits in time, not one after the other', async () => {
    const { store, url } = await freshPostgres()
    const other = await otherSession(url, 'lock table replay_marks')
    const began = performance.now()
    const outcomes = await Promise.allSettled(Array.from({ length: 300 }, (_, n) => store.commit(bought(n))))
    expect(new Set(codesOf(outcomes))).toEqual(new Set(['locked']))
    expect(performance.now() - began).toBeLessThan(6_000)
    expect(await soldOf(store, 10)).toBe(0)
    await other.query('rollback')
    expect(await store.commit(bought(1))).toBe('committed')
  }, 20_000)

  it('tries again when it was chosen to give way in a deadlock', async () => {
    const { store, url } = await freshPostgres()
    const { after } = sale(1)
    await store.commit({ change: sale(1) })
    const list = `insert into revocation_lists (product, changes) values (${1001}, 0)`
    await asked(url, list)
    const other = await otherSession(url, 'update revocation_lists set changes = changes')
    const frozen = store.commit({ change: next(after, freeze()) })
    await new Promise((resolve) => setTimeout(resolve, 300))
    await other.query(`update licenses set seats = 6 where id = '${idOf(1)}'`)
    await other.query('commit')
    expect(await frozen).toBe('committed')
    expect((await store.byId(idOf(1)))?.status).toBe('frozen')
  }, 20_000)

  it.each([
    ['53100', 'full'],
    ['25006', 'read_only'],
    ['57014', 'locked'],
    ['XX001', 'damaged'],
    ['42501', 'cannot_open'],
    ['53200', 'failed'],
  ])('that fails with %s says so, keeps nothing, and recovers', async (state, code) => {
    const { store, url } = await freshPostgres()
    await asked(
      url,
      `create function trouble() returns trigger language plpgsql as $$ begin raise 'no' using errcode = '${state}'; end $$;
       create trigger trouble before insert on replay_marks for each statement execute function trouble()`,
    )
    const outcomes = await Promise.allSettled([1, 2, 3].map((n) => store.commit(bought(n))))
    expect(codesOf(outcomes)).toEqual([code, code, code])
    expect(await soldOf(store, 4)).toBe(0)
    await asked(url, 'drop trigger trouble on replay_marks; drop function trouble')
    expect(await store.commit(bought(1))).toBe('committed')
  })

  it('whose sessions are ended under way tells yes only for what it keeps, and goes on', async () => {
    const { store, url } = await freshPostgres()
    const schema = new URL(url).searchParams.get('options')!.split('=')[1]!
    const told: number[] = []
    const codes = new Set<string>()
    const callers = Array.from({ length: 600 }, async (_, n) => {
      await new Promise((resolve) => setTimeout(resolve, n % 60))
      await store.commit(bought(n)).then(
        () => told.push(n),
        ({ code }) => codes.add(code),
      )
    })
    const killer = (async () => {
      for (let times = 0; times < 8; times++) {
        await asked(
          url,
          `select pg_terminate_backend(l.pid) from pg_locks l join pg_class c on c.oid = l.relation
           where c.relnamespace = '${schema}'::regnamespace and l.pid <> pg_backend_pid()`,
        )
      }
    })()
    await Promise.all([...callers, killer])
    for (const n of told) expect(await store.byId(idOf(n))).not.toBeNull()
    expect([...codes].filter((code) => code !== 'unreachable')).toEqual([])
    expect(await store.commit(bought(1_000))).toBe('committed')
  }, 20_000)

  it('behind a network that swallows everything says so in time, and is found again', async () => {
    const { url, store: near } = await freshPostgres()
    const there = new URL(url)
    const proxy = await proxyTo(Number(there.port))
    onTestFinished(() => proxy.close())
    there.port = String(proxy.port)
    const store = await openedAt(there.href)
    proxy.swallow()
    const began = performance.now()
    const asking = [store.commit(bought(1)), store.byId(idOf(1)), store.probe()]
    expect(codesOf(await Promise.allSettled(asking))).toEqual(['unreachable', 'unreachable', 'unreachable'])
    expect(performance.now() - began).toBeLessThan(TIMEOUTS.connect + TIMEOUTS.answer + 500)
    proxy.passOn()
    await store.probe()
    expect(await near.byId(idOf(1))).toBeNull()
  }, 20_000)

  it('whose word on a commit is lost says that nobody knows, and the next try finds what was done', async () => {
    const { url } = await freshPostgres()
    const there = new URL(url)
    const proxy = await proxyTo(Number(there.port))
    onTestFinished(() => proxy.close())
    there.port = String(proxy.port)
    const store = await openedAt(there.href)
    proxy.swallowAnswers()
    await expect(store.commit(bought(1))).rejects.toThrow(/while it committed: look whether it was done/)
    proxy.passOn()
    expect(await store.commit(bought(1))).toBe('conflict')
    const { mark } = bought(1)
    expect(await store.mark(mark.accessKey, mark.signature, mark.nonce)).toEqual(mark)
    expect((await store.history(idOf(1))).length).toBe(1)
  }, 20_000)

  it('finishes what it accepted before it closes, and takes nothing after', async () => {
    const { store, beside } = await freshPostgres()
    const commits = Array.from({ length: 700 }, (_, n) => store.commit(bought(n)))
    await new Promise((resolve) => setImmediate(resolve))
    await store.close()
    expect(new Set(await Promise.all(commits))).toEqual(new Set(['committed']))
    await expect(store.commit(bought(701))).rejects.toMatchObject({ code: 'closed' })
    await expect(store.byId(idOf(1))).rejects.toMatchObject({ code: 'closed' })
    expect(await soldOf(await beside(), 700)).toBe(700)
  })
})

withPostgres('a value', () => {
  it('that no number can hold is refused, not rounded', async () => {
    const { store, url } = await freshPostgres()
    await store.commit({ change: sale(1) })
    await asked(url, 'update licenses set paid_until = 9007199254740993')
    await expect(store.byId(idOf(1))).rejects.toMatchObject({ code: 'damaged' })
  })

  it('with U+0000 is refused in a sentence', async () => {
    const { store } = await freshPostgres()
    const change = sale(1, { origin: { instance: 'a\u0000b' } })
    await expect(store.commit({ change })).rejects.toThrow(/U\+0000/)
  })
})
