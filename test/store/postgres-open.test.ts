import { randomBytes } from 'node:crypto'
import { describe, expect, it, onTestFinished } from 'vitest'
import { StoreError } from '../../src/store/errors.ts'
import { openPostgres } from '../../src/store/postgres/open.ts'
import {
  administer,
  asked,
  hasPostgres,
  newPostgresDatabase,
  newPostgresSchema,
} from '../support/postgres.ts'
import { openedAt } from '../support/store-postgres.ts'
import { SCHEMA } from '../support/store-sqlite.ts'
import { purchase } from './contract/samples.ts'

const withPostgres = describe.skipIf(!(await hasPostgres()))

/** What opening says, which never holds the password. */
async function refusal(url: string, create = true): Promise<{ code: string; message: string }> {
  const store = await openPostgres(url, { schema: SCHEMA, create, chance: () => 0 }).catch(
    (thrown: unknown) => thrown,
  )
  if (!(store instanceof StoreError)) throw new Error(`${store} is no refusal`)
  expect(store.message).toMatch(/^[A-Z][^\n]*\.$/)
  expect(store.message).not.toContain('secret')
  return { code: store.code, message: store.message }
}

/** The same database, otherwise asked for. */
function changed(url: string, change: (url: URL) => void): string {
  const copy = new URL(url)
  change(copy)
  return copy.href
}

const withOption = (url: string, option: string): string =>
  changed(url, ({ searchParams }) =>
    searchParams.set('options', `${searchParams.get('options') ?? ''} -c ${option}`),
  )

const initialised = async (): Promise<string> => {
  const url = await newPostgresSchema()
  await (await openPostgres(url, { schema: SCHEMA, create: true, chance: () => 0 })).close()
  return url
}

describe('the URL of a database', () => {
  it.each([
    ['of another kind', 'mysql://u:secret@h/db', /form postgres:/],
    ['that is none', 'secret', /form postgres:/],
    ['with a port that is none', 'postgres://u:secret@h:port/db', /form postgres:/],
    ['whose password holds a bare /', 'postgres://u:9/secret@h/db', /form postgres:/],
    ['whose password holds a bare ?', 'postgres://u:9?secret@h/db', /form postgres:/],
    ['whose password holds a bare #', 'postgres://u:9#secret@h/db', /form postgres:/],
    ['with an escape that is none', 'postgres://u:secret%zz@h/db', /form postgres:/],
    [
      'with an unknown parameter',
      'postgres://u:secret@h/db?statement_timeout=0',
      /unknown parameter statement_timeout/,
    ],
    [
      'with an unknown channel binding',
      'postgres://u:secret@h/db?channel_binding=perhaps',
      /unknown channel_binding/,
    ],
    ['with an unknown sslmode', 'postgres://u:secret@h/db?sslmode=sometimes', /unknown sslmode/],
    [
      'with a certificate that is not there',
      'postgres://u:secret@h/db?sslrootcert=/no/ca.pem',
      /\/no\/ca\.pem/,
    ],
  ])('%s is refused', async (_what, url, why) => {
    expect(await refusal(url)).toMatchObject({ code: 'cannot_open', message: expect.stringMatching(why) })
  })
})

withPostgres('a PostgreSQL database whose URL asks for channel binding', () => {
  it.each(['require', 'prefer', 'disable'])('by %s is opened', async (mode) => {
    const url = changed(await initialised(), ({ searchParams }) => searchParams.set('channel_binding', mode))
    const store = await openPostgres(url, { schema: SCHEMA, create: false, chance: () => 0 })
    await store.close()
  })
})

withPostgres('a PostgreSQL database is refused in one sentence', () => {
  it('where nobody listens', async () => {
    const url = changed(await newPostgresSchema(), (there) => {
      there.port = '1'
    })
    expect(await refusal(url)).toMatchObject({ code: 'unreachable' })
  })

  it('where its host has no address', async () => {
    const url = changed(await newPostgresSchema(), (there) => {
      there.hostname = 'nowhere.invalid'
    })
    expect(await refusal(url)).toMatchObject({ code: 'unreachable' })
  })

  it('for a wrong password', async () => {
    const url = changed(await newPostgresSchema(), (there) => {
      there.password = 'another-secret'
    })
    expect(await refusal(url)).toMatchObject({
      code: 'cannot_open',
      message: expect.stringMatching(/password/),
    })
  })

  it('when there is none of its name', async () => {
    const url = changed(await newPostgresSchema(), (there) => {
      there.pathname = '/nowhere'
    })
    expect(await refusal(url)).toMatchObject({ message: expect.stringMatching(/^There is no database/) })
  })

  it('when it has no schema to put tables in', async () => {
    const url = withOption(await newPostgresSchema(), 'search_path=nowhere')
    expect(await refusal(url)).toMatchObject({
      code: 'cannot_open',
      message: expect.stringMatching(/no schema/),
    })
  })

  it('when it is empty and not to be made', async () => {
    expect(await refusal(await newPostgresSchema(), false)).toMatchObject({ code: 'not_initialised' })
  })

  it('when its tables belong to another program', async () => {
    const url = await newPostgresSchema()
    await asked(url, 'create table orders (id bigint)')
    expect(await refusal(url)).toMatchObject({ message: expect.stringMatching(/another program/) })
    await asked(url, 'create table settings (id bigint)')
    expect(await refusal(url)).toMatchObject({
      code: 'cannot_open',
      message: expect.stringMatching(/another program/),
    })
  })

  it.each([
    ['newer', '999', 'newer_schema'],
    ['older', '1', 'older_schema'],
  ])('when its schema is %s', async (_what, version, code) => {
    const url = await initialised()
    await asked(url, `update settings set value = '${version}' where name = 'schema_version'`)
    expect(await refusal(url)).toMatchObject({ code })
  })

  it('when a column is missing that a statement needs', async () => {
    const url = await initialised()
    await asked(url, 'alter table alerts rename column detail to details')
    expect(await refusal(url)).toMatchObject({ code: 'damaged', message: expect.stringMatching(/"detail"/) })
  })

  it('when it is read-only', async () => {
    const url = withOption(await initialised(), 'default_transaction_read_only=on')
    expect(await refusal(url)).toMatchObject({ code: 'read_only' })
  })

  it('when it says that it commits before it has', async () => {
    const url = withOption(await initialised(), 'synchronous_commit=off')
    expect(await refusal(url)).toMatchObject({ code: 'not_durable' })
  })

  it('when its texts are in another encoding', async () => {
    const name = `licet_${randomBytes(6).toString('hex')}`
    await administer(
      `create database ${name} encoding 'LATIN1' locale 'C' locale_provider libc template template0`,
    )
    onTestFinished(() => administer(`drop database ${name} with (force)`))
    const url = changed(await newPostgresSchema(), (there) => {
      there.pathname = `/${name}`
    })
    expect(await refusal(url)).toMatchObject({ message: expect.stringMatching(/encoded in LATIN1/) })
  })

  it('when it offers no TLS and the URL asks for it', async () => {
    const url = changed(await newPostgresSchema(), ({ searchParams }) =>
      searchParams.set('sslmode', 'require'),
    )
    expect(await refusal(url)).toMatchObject({ message: expect.stringMatching(/TLS/) })
  })

  it('when its user may not write, or has no connection left', async () => {
    const url = await initialised()
    const schema = new URL(url).searchParams.get('options')!.split('=')[1]!
    const role = `licet_${randomBytes(6).toString('hex')}`
    await administer(`create role ${role} login password 'secret-of-another' connection limit 2`)
    await administer(
      `grant usage on schema ${schema} to ${role}; grant select on all tables in schema ${schema} to ${role}`,
    )
    onTestFinished(() => administer(`drop owned by ${role}; drop role ${role}`))
    const theirs = changed(url, (there) => {
      there.username = role
      there.password = 'secret-of-another'
    })
    expect(await refusal(theirs)).toMatchObject({
      code: 'cannot_open',
      message: expect.stringMatching(/may not/),
    })
    await administer(`alter role ${role} connection limit 0`)
    expect(await refusal(theirs)).toMatchObject({
      code: 'unreachable',
      message: expect.stringMatching(/no connection left/),
    })
  })
})

withPostgres('an empty PostgreSQL database', () => {
  it('gets its tables once, however many open it at the same time', async () => {
    const url = await newPostgresDatabase()
    const stores = await Promise.all(Array.from({ length: 4 }, () => openedAt(url)))
    expect(await stores[0]!.commit(purchase(1))).toBe('committed')
    for (const store of stores) expect(await store.byId(purchase(1).change.after.id)).not.toBeNull()
  })
})
