import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { StoreError } from '../../src/store/errors.ts'
import { openPostgres } from '../../src/store/postgres/open.ts'
import { asked, hasPostgres } from '../support/postgres.ts'
import {
  type PostgresServer,
  removeDirectory,
  startPostgres,
  UNPRIVILEGED,
} from '../support/postgres-server.ts'
import { openedAt } from '../support/store-postgres.ts'
import { SCHEMA } from '../support/store-sqlite.ts'

const directory = mkdtempSync(join(tmpdir(), 'licet-postgres-'))
const certificate = join(directory, 'server.crt')
const key = join(directory, 'server.key')

/** A certificate for `localhost` that nobody trusts; false where there is no openssl to make one. */
function makeCertificate(): boolean {
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
  const files = ['-keyout', key, '-out', certificate]
  const { status } = spawnSync('openssl', [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '2',
    ...subject,
    ...files,
  ])
  if (status !== 0) return false
  chmodSync(directory, 0o755)
  chmodSync(key, 0o600)
  if (process.getuid?.() === 0) chownSync(key, UNPRIVILEGED, UNPRIVILEGED)
  return true
}

afterAll(() => removeDirectory(directory))

const isPossible = (await hasPostgres()) && makeCertificate()
if (!isPossible) console.warn('TLS to PostgreSQL is NOT tested: no openssl, or no server')

describe.skipIf(!isPossible)('TLS to PostgreSQL', () => {
  let server: PostgresServer
  beforeAll(async () => {
    const settings = { ssl: 'on', ssl_cert_file: certificate, ssl_key_file: key }
    server = (await startPostgres(directory, settings))!
  })
  afterAll(() => server?.stop())

  function urlOf(host: string, parameters: Readonly<Record<string, string>>): string {
    const url = new URL(`${server.url}/postgres`)
    url.hostname = host
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
    return url.href
  }

  async function refusal(url: string): Promise<string> {
    const thrown = await openPostgres(url, { schema: SCHEMA, create: true, chance: () => 0 }).catch(
      (why: unknown) => why,
    )
    return thrown instanceof StoreError ? thrown.message : `no refusal: ${thrown}`
  }

  it.each([
    'verify-full',
    'verify-ca',
    'require',
    'prefer',
  ])('with sslmode=%s refuses a certificate that nobody trusts, and takes one that the URL trusts', async (sslmode) => {
    expect(await refusal(urlOf('localhost', { sslmode }))).toMatch(/certificate .* cannot be verified/)
    await openedAt(urlOf('localhost', { sslmode, sslrootcert: certificate }))
  })

  it('refuses the certificate of another host', async () => {
    const url = urlOf('127.0.0.1', { sslmode: 'require', sslrootcert: certificate })
    expect(await refusal(url)).toMatch(/certificate .* cannot be verified/)
  })

  it('verifies as soon as the URL names a root certificate', async () => {
    expect(await refusal(urlOf('127.0.0.1', { sslrootcert: certificate }))).toMatch(/cannot be verified/)
    await openedAt(urlOf('localhost', { sslrootcert: certificate }))
  })

  it('trusts what the public does when the root certificate is that of the system', async () => {
    expect(await refusal(urlOf('localhost', { sslrootcert: 'system' }))).toMatch(/cannot be verified/)
  })

  it('takes any certificate only when the URL says no-verify, and is encrypted all the same', async () => {
    await openedAt(urlOf('127.0.0.1', { sslmode: 'no-verify' }))
    const sessions =
      "select ssl from pg_stat_ssl join pg_stat_activity using (pid) where application_name = 'licet'"
    expect(await asked(urlOf('127.0.0.1', {}), sessions)).toContainEqual({ ssl: true })
  })

  it('is not used when the URL does not ask for it', async () => {
    await openedAt(urlOf('127.0.0.1', { sslmode: 'disable' }))
    await openedAt(urlOf('127.0.0.1', {}))
  })
})
