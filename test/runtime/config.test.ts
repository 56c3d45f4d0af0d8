import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readConfig } from '../../src/runtime/config.ts'
import { shownDatabase } from '../../src/runtime/open-store.ts'

const configOf = (environment: Record<string, string>) => {
  const read = readConfig(environment)
  if (!read.ok) throw new Error(read.faults.join(' '))
  return read.config
}

test('an empty environment is enough for a newcomer', () => {
  const config = configOf({})
  expect(config).toMatchObject({
    host: '127.0.0.1',
    port: 8787,
    publicUrl: null,
    logLevel: 'info',
  })
  expect(config.database).toBe(`${config.data}/licet.db`)
  expect(config).toMatchObject({ masterKey: null, alertUrl: null })
})

test('an empty variable counts as absent', () => {
  expect(configOf({ LICET_PORT: '', LICET_DATA: '', LICET_LOG_LEVEL: '' })).toEqual(configOf({}))
})

test.each([
  ['file:/srv/licet.db', '/srv/licet.db'],
  ['file:///srv/licet.db', '/srv/licet.db'],
  ['file:///srv/my%20data/licet.db', '/srv/my data/licet.db'],
  ['file:licet.db', 'licet.db'],
  ['C:\\licet\\licet.db', 'C:\\licet\\licet.db'],
  ['/srv/licet.db', '/srv/licet.db'],
])('a database at %s is the file %s', (url, file) => {
  expect(configOf({ LICET_DATABASE_URL: url }).database).toBe(file)
})

test.each([
  [
    'postgres://licet:s3cret@db.example.com:5433/licet?sslmode=verify-full',
    'postgres://db.example.com:5433/licet',
  ],
  ['postgresql://licet@db.example.com/licet', 'postgresql://db.example.com/licet'],
  ['postgres:///licet?host=/run/postgresql', 'postgres:///licet'],
  ['postgres://localhost', 'postgres://localhost'],
])('a database at %s is shown as %s', (url, shown) => {
  const config = configOf({ LICET_DATABASE_URL: url })
  expect(config.database).toBe(url)
  expect(shownDatabase(config)).toBe(shown)
})

test('the proxies are a list with commas', () => {
  const { trustProxy } = configOf({ LICET_TRUST_PROXY: '127.0.0.1, 10.0.0.0/8,' })
  expect(trustProxy).toEqual(['127.0.0.1', '10.0.0.0/8'])
  expect(configOf({}).trustProxy).toEqual([])
})

test('a public URL is kept without its trailing slash', () => {
  expect(configOf({ LICET_PUBLIC_URL: 'https://licenses.example.com/' }).publicUrl).toBe(
    'https://licenses.example.com',
  )
})

test.each([
  ['LICET_PORT', '65536'],
  ['LICET_PORT', '-1'],
  ['LICET_PORT', '80a'],
  ['LICET_PORT', '1e3'],
  ['LICET_PUBLIC_URL', 'licenses.example.com'],
  ['LICET_PUBLIC_URL', 'ftp://licenses.example.com'],
  ['LICET_ALERT_URL', 'javascript:alert(1)'],
  ['LICET_LOG_LEVEL', 'loud'],
  ['LICET_TRUST_PROXY', 'proxy.example.com'],
  ['LICET_TRUST_PROXY', '127.0.0.1 10.0.0.1'],
  ['LICET_TRUST_PROXY', '127.0.0.1,0.0.0.0/0'],
  ['LICET_DATABASE_URL', 'mysql://licet:canary@localhost/licet'],
  ['LICET_DATABASE_URL', 'postgres:licet:canary'],
  ['LICET_DATABASE_URL', 'postgres://licet:canary@localhost:notaport/licet'],
  ['LICET_DATABASE_URL', 'postgres://licet:100%canary@localhost/licet'],
  ['LICET_DATABASE_URL', 'postgres://licet:9/canary@localhost/licet'],
  ['LICET_DATABASE_URL', 'postgres://licet:9?canary@localhost/licet'],
  ['LICET_DATABASE_URL', 'postgres://licet:9#canary@localhost/licet'],
  ['LICET_DATABASE_URL', 'file://host/licet.db'],
  ['LICET_DATABASE_URL', 'file:///srv/licet.db?mode=ro'],
  ['LICET_DATABASE_URL', 'file:///srv/100%/licet.db'],
  ['LICET_DATABASE_URL', 'POSTGRES://licet:canary@localhost/licet'],
  ['LICET_MASTER_KEY', 'c2hvcnQ'],
  ['LICET_MASTER_KEY', `${'A'.repeat(42)}+`],
  ['LICET_MASTER_KEY', `${'A'.repeat(43)},`],
  ['LICET_MASTER_KEY', `${'A'.repeat(43)} ${'B'.repeat(43)}`],
  ['LICET_MASTER_KEY', Array(3).fill('A'.repeat(43)).join()],
])('%s is refused when it is %s, without repeating the value', (name, value) => {
  const read = readConfig({ [name]: value })
  expect(read.ok).toBe(false)
  if (read.ok) return
  expect(read.faults).toHaveLength(1)
  expect(read.faults[0]).toContain(name)
  expect(read.faults[0]).not.toContain(value)
  expect(read.faults[0]).not.toContain('canary')
})

test('a LICET_DATABASE_URL of no known form is told each form there is, and none for a command alone', () => {
  const read = readConfig({ LICET_DATABASE_URL: 'mysql://localhost/licet' })
  const [fault, ...more] = read.ok ? [] : read.faults
  expect([fault, more]).toEqual([
    'LICET_DATABASE_URL must be the path or file: URL of a SQLite database, or the postgres:// URL of a PostgreSQL database (in its password write @ as %40, / as %2F, ? as %3F, # as %23).',
    [],
  ])
})

test('the configuration itself names no engine: what there are is said in one table', () => {
  const text = readFileSync(new URL('../../src/runtime/config.ts', import.meta.url), 'utf8')
  expect(text).not.toMatch(/sqlite|postgres/i)
})

test('all faults are reported together', () => {
  const read = readConfig({ LICET_PORT: 'x', LICET_LOG_LEVEL: 'x', LICET_PUBLIC_URL: 'x' })
  expect(read.ok ? [] : read.faults).toHaveLength(3)
})

test.each([
  ['an unknown parameter', 'statement_timeout=1', /unknown parameter statement_timeout/],
  ['an unknown sslmode', 'sslmode=sometimes', /unknown sslmode sometimes/],
  ['an unknown channel binding', 'channel_binding=perhaps', /unknown channel_binding perhaps/],
  [
    'a certificate that is not there',
    'sslrootcert=/nowhere/ca.pem',
    /\/nowhere\/ca\.pem, which cannot be read/,
  ],
])('a URL of PostgreSQL with %s is reported with all other faults, and its password is not', (_, search, fault) => {
  const read = readConfig({
    LICET_DATABASE_URL: `postgres://licet:canary@localhost/licet?${search}`,
    LICET_PORT: 'http',
  })
  expect(read).toMatchObject({
    ok: false,
    faults: [expect.stringMatching(fault), expect.stringContaining('LICET_PORT')],
  })
  expect(JSON.stringify(read)).not.toContain('canary')
})
