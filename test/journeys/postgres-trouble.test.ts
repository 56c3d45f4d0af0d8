import { chmodSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connected } from '../support/postgres.ts'
import { proxyTo, type Swallower } from '../support/postgres-proxy.ts'
import { removeDirectory, startPostgres } from '../support/postgres-server.ts'
import { type Program, program } from '../support/program.ts'
import { purchase, type Shop, shop } from '../support/shop.ts'

/** A server of its own, since it is stopped. */
const directory = mkdtempSync(join(tmpdir(), 'licet-postgres-'))
chmodSync(directory, 0o755)
const postgres = await startPostgres(directory)
if (postgres === null) console.warn('SKIPPED: there is no PostgreSQL for this machine')
afterAll(async () => {
  await postgres?.stop()
  removeDirectory(directory)
})

const withPostgres = describe.skipIf(postgres === null)

const urlOf = (change: (url: URL) => void = () => undefined, database = 'licet'): string => {
  const url = new URL(`${postgres!.url}/${database}`)
  change(url)
  return url.href
}

async function sql(text: string, database = 'licet'): Promise<void> {
  const client = new pg.Client(urlOf(undefined, database))
  await client.connect()
  await client.query(text)
  await client.end()
}

/** Another session that holds tables for itself, as a tool does that stands still. */
function locking(tables: string, database = 'licet') {
  let other: pg.Client
  return {
    async lock() {
      other = await connected(urlOf(undefined, database))
      await other.query(`begin; lock table ${tables}`)
    },
    unlock: () => other.end(),
  }
}

/** What a server with a full disk says (SQLSTATE 53100) to every call, each of which leaves a mark. */
const FULL = `create function full_disk() returns trigger language plpgsql as
  $$ begin raise 'could not extend file' using errcode = '53100'; end $$;
  create trigger full_disk before insert on replay_marks for each statement execute function full_disk()`
const ROOM = 'drop trigger full_disk on replay_marks; drop function full_disk'

withPostgres('licet serve says in one sentence why it cannot start on a database that', () => {
  const made: Program[] = []
  beforeAll(async () => {
    await sql('create database licet', 'postgres')
    await sql('create database empty', 'postgres')
    const one = program({ LICET_DATABASE_URL: urlOf() })
    made.push(one)
    expect((await one.run('init')).code).toBe(0)
  })
  afterAll(() => Promise.all(made.map((one) => one.remove())))

  const version = (number: number) => () =>
    sql(`update settings set value = '${number}' where name = 'schema_version'`)

  const { lock, unlock } = locking('settings')

  it.each<[string, RegExp, () => string, (() => Promise<void>)?, (() => Promise<void>)?]>([
    [
      'nobody serves',
      /cannot be reached/,
      () =>
        urlOf((url) => {
          url.port = '1'
        }),
    ],
    [
      'refuses the password',
      /password/,
      () =>
        urlOf((url) => {
          url.password = 'canary-wrong'
        }),
    ],
    ['does not exist', /no database/, () => urlOf(undefined, 'nowhere')],
    ['was never initialised', /licet init/, () => urlOf(undefined, 'empty')],
    [
      'is read-only',
      /read-only/,
      urlOf,
      () => sql('alter database licet set default_transaction_read_only = on', 'postgres'),
      () => sql('alter database licet reset default_transaction_read_only', 'postgres'),
    ],
    ['is locked by another session', /locked by another process/, urlOf, lock, unlock],
    ['is full', /no space left/, urlOf, () => sql(FULL), () => sql(ROOM)],
    ['is newer than the program', /newer Licet/, urlOf, version(99), version(3)],
    ['is older than the program', /licet migrate --apply/, urlOf, version(2), version(3)],
  ])('%s', async (_, sentence, url, spoil, mend) => {
    const address = url()
    await spoil?.()
    const [one] = made
    const { code, stderr } = await program({ LICET_DATABASE_URL: address, LICET_DATA: one!.data }).run(
      'serve',
    )
    await mend?.()
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(stderr).toMatch(sentence)
    expect(code).toBe(3)
    for (const secret of [new URL(address).password, new URL(postgres!.url).password])
      expect(stderr).not.toContain(secret)
  })
})

withPostgres('while licet serve runs', { timeout: 120_000 }, () => {
  let seller: Shop
  let proxy: Swallower
  beforeAll(async () => {
    await sql('create database running', 'postgres')
    proxy = await proxyTo(Number(new URL(postgres!.url).port))
    seller = await shop({
      LICET_DATABASE_URL: urlOf((url) => {
        url.port = `${proxy.port}`
      }, 'running'),
    })
  })
  afterAll(async () => {
    await seller.remove()
    await proxy.close()
  })

  const { lock, unlock } = locking('settings, licenses, replay_marks', 'running')

  /** The number: how a question is answered meanwhile, which a database that only cannot be written can still be asked. */
  it.each<[string, number, () => Promise<void> | void, () => Promise<void> | void]>([
    ['a database that was stopped', 503, () => postgres!.stop(), () => postgres!.start()],
    ['a network that swallows everything', 503, () => proxy.swallow(), () => proxy.passOn()],
    ['a database whose tables are locked', 503, lock, unlock],
    ['a database whose disk is full', 200, () => sql(FULL, 'running'), () => sql(ROOM, 'running')],
  ])('%s: every answer comes in time, and all is well again when it is back', async (what, answered, breaks, mend) => {
    const { server, huawei } = await seller.open()
    const sell = (order: string) => huawei.send(huawei.caller.getLicense(purchase(order), huawei.moment()))
    const { license, body: first } = await sell(`CS-${what}`)
    const validate = () =>
      fetch(`${server.url}/v1/validate`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ code: license }),
      })
    expect((await validate()).status).toBe(200)

    await breaks()
    for (let round = 0; round < 2; round++) {
      const [again, other, validated, ready, alive] = await Promise.all([
        within(4_500, sell(`CS-${what}`)),
        within(4_500, sell(`CS-NEXT-${what}`)),
        within(6_000, validate()),
        within(6_000, fetch(`${server.url}/readyz`)),
        within(1_000, fetch(`${server.url}/healthz`)),
      ])
      expect([again.resultCode, other.resultCode]).toEqual(['000005', '000005'])
      expect(validated.status).toBe(answered)
      expect([ready.status, await ready.json()]).toMatchObject([503, { reasons: ['database_not_writable'] }])
      expect(alive.status).toBe(200)
    }

    await mend()
    const isReady = async () => (await fetch(`${server.url}/readyz`)).status
    await expect.poll(isReady, { timeout: 20_000, interval: 200 }).toBe(200)
    expect((await sell(`CS-${what}`)).body).toBe(first)
    expect((await sell(`CS-NEXT-${what}`)).failure).toBeNull()
    expect((await validate()).status).toBe(200)
    expect(await server.stop()).toBe(0)
    expect(server.said()).not.toContain(new URL(postgres!.url).password)
  })
})

async function within<T>(milliseconds: number, answer: Promise<T>): Promise<T> {
  const began = performance.now()
  const given = await answer
  expect(performance.now() - began).toBeLessThan(milliseconds)
  return given
}
