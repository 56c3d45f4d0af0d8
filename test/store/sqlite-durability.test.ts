import Sqlite from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { freshSqlite, newDatabasePath, openedAt } from '../support/store-sqlite.ts'
import { idOf, purchase, sale } from './contract/samples.ts'

/** Counts what another process sees. */
function besideAt(path: string) {
  const db = new Sqlite(path, { readonly: true })
  onTestFinished(() => void db.close())
  return { licenses: () => db.prepare('SELECT count(*) FROM licenses').pluck().get() as number }
}

describe('the embedded store', () => {
  it('has told another process of a license before it tells the caller', async () => {
    const { store, path } = await freshSqlite()
    const beside = besideAt(path)
    const seen = await Promise.all(
      [1, 2, 3].map(async (n) => {
        await store.commit(purchase(n))
        return beside.licenses()
      }),
    )
    expect(seen).toEqual([3, 3, 3])
  })

  it('gets a thousand concurrent purchases right, of which some are sold already', async () => {
    const { store, path } = await freshSqlite()
    const outcomes = await Promise.all(
      Array.from({ length: 1_000 }, (_, i) => store.commit(purchase(i % 10 === 9 ? i - 1 : i))),
    )
    const conflicts = outcomes.flatMap((outcome, i) => (outcome === 'conflict' ? [i] : []))
    expect(conflicts).toEqual(Array.from({ length: 100 }, (_, n) => 10 * n + 9))
    expect(besideAt(path).licenses()).toBe(900)
    expect(await store.byId(idOf(998))).not.toBeNull()
    expect(await store.byId(idOf(999))).toBeNull()
  })

  it('serves two processes that write in turns', async () => {
    const path = newDatabasePath()
    const [one, other] = [openedAt(path), openedAt(path)]
    const outcomes = await Promise.all(
      Array.from({ length: 100 }, (_, n) => (n % 2 === 0 ? one : other).commit(purchase(n))),
    )
    expect(new Set(outcomes)).toEqual(new Set(['committed']))
    expect(await Promise.all([one.commit(purchase(500)), other.commit(purchase(500))])).toEqual([
      'committed',
      'conflict',
    ])
    expect(await one.byId(idOf(99))).toEqual(sale(99).after)
    expect(await other.byId(idOf(98))).toEqual(sale(98).after)
  })

  it('commits what it accepted before it closes, and refuses what comes later', async () => {
    const { store, path } = await freshSqlite()
    const accepted = store.commit(purchase(1))
    await store.close()
    expect(await accepted).toBe('committed')
    expect(besideAt(path).licenses()).toBe(1)
    await expect(store.commit(purchase(2))).rejects.toMatchObject({ code: 'closed' })
    await expect(store.byId(idOf(1))).rejects.toMatchObject({ code: 'closed' })
  })

  it('finds everything again after it was closed', async () => {
    const path = newDatabasePath()
    const before = openedAt(path)
    await before.commit(purchase(1))
    await before.setSetting('check', 'x')
    await before.close()
    const after = openedAt(path)
    expect(await after.byId(idOf(1))).toEqual(sale(1).after)
    expect(await after.setting('check')).toBe('x')
    expect(await after.generation()).toBe(1)
  })
})
