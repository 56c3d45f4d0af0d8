import { describe, expect, it, onTestFinished } from 'vitest'
import type { Store } from '../../src/authority/ports.ts'
import { TIMEOUTS } from '../../src/store/postgres/connect.ts'
import { asked, connected, hasPostgres, newPostgresDatabase } from '../support/postgres.ts'
import { proxyTo } from '../support/postgres-proxy.ts'
import { bought, freshPostgres, openedAt } from '../support/store-postgres.ts'
import { idOf, markOf, sale } from './contract/samples.ts'

const THIRTY = Array.from({ length: 30 }, (_, n) => n)

async function filled(store: Store): Promise<void> {
  await Promise.all(THIRTY.map((n) => store.commit(bought(n))))
}

const byIds = (store: Store) => Promise.all(THIRTY.map((n) => store.byId(idOf(n))))

/** Another session that holds a table until the test lets it go. */
async function locked(url: string, table: string) {
  const client = await connected(url)
  onTestFinished(() => client.end())
  await client.query(`begin; lock table ${table} in access exclusive mode`)
  return client
}

const WAITING =
  'select l.pid as pid from pg_locks l join pg_class c on c.oid = l.relation where c.relnamespace = current_schema()::regnamespace and not l.granted'

/** The session that waits for a table of this schema. */
async function waitingSession(url: string): Promise<unknown> {
  for (;;) {
    const [row] = await asked(url, WAITING)
    if (row !== undefined) return row.pid
  }
}

describe.skipIf(!(await hasPostgres()))('look-ups of one moment on PostgreSQL', () => {
  it('share a connection, and each finds its own', async () => {
    const url = await newPostgresDatabase()
    const store = await openedAt(url)
    await filled(store)
    const found = await Promise.all(
      THIRTY.flatMap((n) => [store.byId(idOf(n)), store.mark('feedc0de', `signature-${n}`, null)]),
    )
    expect(found).toStrictEqual(THIRTY.flatMap((n) => [sale(n).after, markOf(n)]))
    const sessions =
      "select count(*) as n from pg_stat_activity where application_name = 'licet' and datname = current_database()"
    expect(Number((await asked(url, sessions))[0]!.n)).toBe(1)
  })

  it('find all of it where there are more than fit into one flight', async () => {
    const { store } = await freshPostgres()
    await filled(store)
    const found = await Promise.all(Array.from({ length: 700 }, (_, n) => store.byId(idOf(n))))
    expect(found).toStrictEqual(found.map((_, n) => (n < 30 ? sale(n).after : null)))
  })

  it('find what was committed before they were asked, by whomever', async () => {
    const { store, beside } = await freshPostgres()
    const other = await beside()
    for (const n of THIRTY) {
      const busy = store.byId(idOf(900))
      await other.commit(bought(n))
      expect(await store.byId(idOf(n))).not.toBeNull()
      await busy
    }
  })

  it('fail one by one, whatever is wrong with some of them', async () => {
    const { store, url } = await freshPostgres()
    await filled(store)
    await asked(url, `update licenses set paid_until = 9007199254740993 where id = '${idOf(3)}'`)
    const found = await Promise.allSettled([
      ...THIRTY.map((n) => store.byId(idOf(n))),
      store.byInstance('huawei', 'a\u0000b'),
      store.byInstance('huawei', idOf(1)),
      store.byInstance('\u0000', idOf(1)),
      store.byInstance('huawei', idOf(2)),
    ])
    const told = found.map((one) => (one.status === 'fulfilled' ? one.value?.id : one.reason.code))
    const own = THIRTY.map((n) => (n === 3 ? 'damaged' : idOf(n)))
    expect(told).toEqual([...own, 'failed', idOf(1), 'failed', idOf(2)])
    await expect(store.byInstance('huawei', 'a\u0000b')).rejects.toThrow(/U\+0000/)
  })

  it('do not wait for a locked table that another of them looks into', async () => {
    const { store, url } = await freshPostgres()
    await filled(store)
    const other = await locked(url, 'replay_marks')
    const began = performance.now()
    const marks = Promise.allSettled(THIRTY.map((n) => store.mark('feedc0de', `signature-${n}`, null)))
    expect(await byIds(store)).toStrictEqual(THIRTY.map((n) => sale(n).after))
    expect(performance.now() - began).toBeLessThan(1_500)
    const codes = (await marks).map((one) => one.status === 'rejected' && one.reason.code)
    expect(new Set(codes)).toEqual(new Set(['locked']))
    expect(performance.now() - began).toBeLessThan(3_500)
    await other.query('rollback')
    expect(await store.mark('feedc0de', 'signature-1', null)).toStrictEqual(markOf(1))
  }, 20_000)

  it('find it late where a table is locked for a moment', async () => {
    const { store, url } = await freshPostgres()
    await filled(store)
    const other = await locked(url, 'licenses')
    const found = byIds(store)
    await new Promise((resolve) => setTimeout(resolve, 600))
    await other.query('rollback')
    expect(await found).toStrictEqual(THIRTY.map((n) => sale(n).after))
  }, 20_000)

  it('say at once that their connection is gone, and are answered on another', async () => {
    const { store, url } = await freshPostgres()
    await filled(store)
    const other = await locked(url, 'licenses')
    const found = Promise.allSettled(THIRTY.map((n) => store.byId(idOf(n))))
    const pid = await waitingSession(url)
    const began = performance.now()
    await asked(url, `select pg_terminate_backend(${pid})`)
    const codes = (await found).map((one) => one.status === 'rejected' && one.reason.code)
    expect(performance.now() - began).toBeLessThan(1_000)
    expect(new Set(codes)).toEqual(new Set(['unreachable']))
    await other.query('rollback')
    expect(await byIds(store)).toStrictEqual(THIRTY.map((n) => sale(n).after))
  }, 20_000)

  it('are told in time that nothing answers, and the next are answered on another connection', async () => {
    const { url, store: near } = await freshPostgres()
    await filled(near)
    const there = new URL(url)
    const proxy = await proxyTo(Number(there.port))
    onTestFinished(() => proxy.close())
    there.port = String(proxy.port)
    const store = await openedAt(there.href)
    proxy.swallow()
    const began = performance.now()
    const codes = (await Promise.allSettled(THIRTY.map((n) => store.byId(idOf(n))))).map(
      (one) => one.status === 'rejected' && one.reason.code,
    )
    expect(new Set(codes)).toEqual(new Set(['unreachable']))
    expect(performance.now() - began).toBeLessThan(TIMEOUTS.answer + 500)
    proxy.passOn()
    expect(await store.byId(idOf(1))).toStrictEqual(sale(1).after)
    expect(performance.now() - began).toBeLessThan(TIMEOUTS.answer + 1_500)
  }, 20_000)

  it('are answered before the store closes', async () => {
    const { store } = await freshPostgres()
    await filled(store)
    const found = Promise.all(Array.from({ length: 300 }, (_, n) => store.byId(idOf(n % 30))))
    await new Promise((resolve) => setImmediate(resolve))
    await store.close()
    expect((await found).map((license) => license?.id)).toEqual(
      Array.from({ length: 300 }, (_, n) => idOf(n % 30)),
    )
  })
})
