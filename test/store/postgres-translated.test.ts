import { describe, expect, it, onTestFinished } from 'vitest'
import type { Store } from '../../src/authority/ports.ts'
import { asked, hasPostgres } from '../support/postgres.ts'
import { translated } from '../support/postgres-translator.ts'
import { bought, freshPostgres, openedAt } from '../support/store-postgres.ts'
import { freeze, next, sale } from './contract/samples.ts'

/** As many a server has it: `initdb` takes the language of whoever installs it. */
describe.skipIf(!(await hasPostgres()))('a PostgreSQL server that does not speak English', () => {
  async function openedThere(url: string): Promise<Store> {
    const there = await translated(url)
    onTestFinished(there.close)
    return openedAt(there.url)
  }

  it('is understood when it says that another was first', async () => {
    const store = await openedThere((await freshPostgres()).url)
    expect(await store.commit(bought(1))).toBe('committed')
    expect(await store.commit(bought(1))).toBe('conflict')
    expect(await store.commit({ change: next(sale(2).after, freeze()) })).toBe('conflict')
    const together = await Promise.all([1, 2, 3].map((n) => store.commit(bought(n))))
    expect(together).toEqual(['conflict', 'committed', 'committed'])
  })

  it('is understood when it has another tried again', async () => {
    const { url, store: first } = await freshPostgres()
    const second = await openedThere(url)
    const raced = Array.from({ length: 20 }, (_, n) => [first.commit(bought(n)), second.commit(bought(n))])
    for (const pair of raced) expect((await Promise.all(pair)).toSorted()).toEqual(['committed', 'conflict'])
  })

  it('is understood when it leaves undone what only an owner may do', async () => {
    const { url } = await freshPostgres()
    const schema = new URL(url).searchParams.get('options')!.split('=')[1]!
    const guest = `guest_of_${schema}`
    await asked(
      url,
      `create role ${guest} login password 'guest'; grant all on schema ${schema} to ${guest}; grant all on all tables in schema ${schema} to ${guest}`,
    )
    onTestFinished(async () => {
      await asked(url, `drop owned by ${guest}; drop role ${guest}`)
    })
    const their = new URL(url)
    their.username = guest
    their.password = 'guest'
    const store = await openedThere(their.href)
    await expect(store.compact()).rejects.toThrow(/kept what was replaced/)
  })
})
