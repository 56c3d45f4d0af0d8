import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Store } from '../../src/authority/ports.ts'
import { asked, hasPostgres } from '../support/postgres.ts'
import { type PostgresServer, removeDirectory, startPostgres } from '../support/postgres-server.ts'
import { bought, openedAt } from '../support/store-postgres.ts'
import { change, KEY } from './contract/keys.ts'
import { idOf, sale } from './contract/samples.ts'

/** Here the server itself is changed: it is not the one of the other tests. */
describe.skipIf(!(await hasPostgres()) || process.env.LICET_TEST_POSTGRES_URL !== undefined)(
  'a PostgreSQL server',
  () => {
    let directory: string
    let server: PostgresServer
    let url: string
    beforeAll(async () => {
      directory = mkdtempSync(join(tmpdir(), 'licet-postgres-'))
      chmodSync(directory, 0o755)
      server = (await startPostgres(directory))!
      url = `${server.url}/postgres`
    })
    afterAll(async () => {
      await server?.stop()
      removeDirectory(directory)
    })

    /** Whatever holds a row in the files of the server, without its log. */
    async function isInFiles(text: string): Promise<boolean> {
      await asked(url, 'checkpoint')
      const base = join(directory, 'data', 'base')
      return readdirSync(base, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .some((entry) => readFileSync(join(entry.parentPath, entry.name)).includes(text))
    }

    async function emptied(): Promise<Store> {
      await asked(url, 'drop schema public cascade; create schema public')
      return openedAt(url)
    }

    it('that is stopped is missed at once, and found again when it is back', async () => {
      const store = await emptied()
      await store.commit(bought(1))
      await server.stop()
      await expect(store.commit(bought(2))).rejects.toMatchObject({ code: 'unreachable' })
      await expect(store.byId(idOf(1))).rejects.toMatchObject({ code: 'unreachable' })
      await expect(store.probe()).rejects.toMatchObject({ code: 'unreachable' })
      await server.start()
      expect(await store.byId(idOf(1))).not.toBeNull()
      expect(await Promise.all([2, 3].map((n) => store.commit(bought(n))))).toEqual([
        'committed',
        'committed',
      ])
    }, 20_000)

    it('that is stopped while calls flow keeps all that it told of', async () => {
      const store = await emptied()
      const told: number[] = []
      const refused = new Set<string>()
      const callers = Array.from({ length: 1_000 }, async (_, n) => {
        await new Promise((resolve) => setTimeout(resolve, n / 4))
        await store.commit(bought(n)).then(
          () => told.push(n),
          ({ code }) => refused.add(code),
        )
      })
      await new Promise((resolve) => setTimeout(resolve, 120))
      await server.stop()
      await Promise.all(callers)
      await server.start()
      expect([...refused]).toEqual(['unreachable'])
      for (const n of told) expect(await store.byId(idOf(n))).not.toBeNull()
    }, 20_000)

    it('that turns read-only and back is read all the while, and written again', async () => {
      const store = await emptied()
      await store.commit(bought(1))
      const turn = async (way: string) => {
        await asked(url, `alter system set default_transaction_read_only = ${way}`)
        await asked(url, 'select pg_reload_conf()')
        await new Promise((resolve) => setTimeout(resolve, 200))
      }
      await turn('on')
      await expect(store.probe()).rejects.toMatchObject({ code: 'read_only' })
      await expect(store.commit(bought(2))).rejects.toMatchObject({ code: 'read_only' })
      expect(await store.byId(idOf(1))).not.toBeNull()
      await turn('off')
      await store.probe()
      expect(await store.commit(bought(2))).toBe('committed')
    }, 20_000)

    it('has no private part of a key in its files once that was destroyed', async () => {
      const store = await emptied()
      const sealed = `sealed-${randomBytes(12).toString('hex')}`
      const key = { ...KEY, sealed }
      await change(store, { add: [key] })
      expect(await isInFiles(sealed)).toBe(true)
      expect(await change(store, { replace: [{ before: key, after: { ...key, sealed: null } }] })).toBe(
        'committed',
      )
      expect(await isInFiles(sealed)).toBe(false)
    }, 20_000)

    it('has nothing in its files of what was sealed anew, once the tables were rewritten', async () => {
      const store = await emptied()
      const sealed = `sealed-${randomBytes(12).toString('hex')}`
      await store.commit({ change: { ...sale(1), customer: sealed } })
      await store.replaceSealed('customer', [{ name: idOf(1), before: sealed, sealed: 'anew' }])
      expect(await isInFiles(sealed)).toBe(true)
      await store.compact()
      expect(await isInFiles(sealed)).toBe(false)
      expect(await store.customer(idOf(1))).toBe('anew')
    }, 20_000)

    it('whose tables belong to another user says that it kept what was replaced', async () => {
      await (await emptied()).close()
      await asked(
        url,
        "drop role if exists clerk; create role clerk login password 'clerk'; grant usage on schema public to clerk; grant select, insert, update, delete on all tables in schema public to clerk",
      )
      const theirs = new URL(url)
      theirs.username = 'clerk'
      theirs.password = 'clerk'
      const store = await openedAt(theirs.href)
      await expect(store.compact()).rejects.toThrow(/kept what was replaced/)
      expect(await change(store, { add: [KEY] })).toBe('committed')
      expect(await change(store, { replace: [{ before: KEY, after: { ...KEY, sealed: null } }] })).toBe(
        'committed',
      )
    }, 20_000)
  },
)
