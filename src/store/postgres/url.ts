import { readFileSync } from 'node:fs'
import type { ConnectionOptions } from 'node:tls'
import { StoreError } from '../errors.ts'

/** What a URL says of a database. */
export interface PostgresUrl {
  readonly user: string
  /** Undefined: what PGPASSWORD says. */
  readonly password: string | undefined
  readonly host: string
  readonly port: number
  readonly database: string
  /** Settings of the session, as `-c name=value`. */
  readonly options: string | null
  /** False: no TLS. */
  readonly ssl: false | ConnectionOptions
  /** Binds the password's proof to the TLS connection (SCRAM-SHA-256-PLUS) where the server offers it. */
  readonly enableChannelBinding: boolean
}

/**
 * Reads `postgres://user:password@host:port/database?…`. Throws `StoreError` without quoting it. TLS as the URL says:
 * `sslmode=verify-full`, with `sslrootcert=FILE` where the certificate is not publicly trusted. `require`, `prefer`
 * and `verify-ca` mean the same here, since encryption without a check keeps nobody out; `no-verify` is for those
 * who want just that. Without `sslmode` there is no TLS, unless there is a root certificate to check with.
 */
export function readPostgresUrl(text: string): PostgresUrl {
  const url = parsed(text)
  const ask = (name: string): string | null => url.searchParams.get(name)
  for (const name of url.searchParams.keys())
    if (!PARAMETERS.includes(name)) throw refused(`has the unknown parameter ${name}`)
  const user = decodeURIComponent(url.username) || 'postgres'
  return {
    user,
    password: decodeURIComponent(url.password) || undefined,
    // A directory of a Unix socket cannot stand where a host stands.
    host: ask('host') ?? (url.hostname.replace(/^\[(.*)\]$/, '$1') || 'localhost'),
    port: Number(url.port || 5432),
    database: decodeURIComponent(url.pathname.slice(1)) || user,
    options: ask('options'),
    ssl: tlsOf(ask),
    enableChannelBinding: bindsChannel(ask('channel_binding') ?? 'disable'),
  }
}

/** What is wrong within a URL of the right form, in a sentence that quotes no secret; null when nothing is. */
export function faultOfPostgresUrl(text: string): string | null {
  try {
    readPostgresUrl(text)
    return null
  } catch (thrown) {
    if (thrown instanceof StoreError) return thrown.message
    throw thrown
  }
}

type Ask = (name: string) => string | null

const PARAMETERS: readonly string[] = [
  'host',
  'options',
  'sslmode',
  'sslrootcert',
  'sslcert',
  'sslkey',
  'channel_binding',
]

const refused = (why: string, cause?: unknown): StoreError =>
  new StoreError('cannot_open', `The URL of the database ${why}.`, cause)

const noUrl = (): StoreError => refused('is not of the form postgres://USER:PASSWORD@HOST:PORT/DATABASE')

function parsed(text: string): URL {
  if (!isPostgresUrl(text)) throw noUrl()
  return new URL(text)
}

/**
 * Whether a text has the form of the URL of a PostgreSQL database, and each part of it can be decoded. In one whose
 * password begins like a port and goes on with a `/`, `?` or `#` that is not escaped, the rest of the password would
 * count as what may be shown, such as the name of the database: the `@` behind it gives that away.
 */
export function isPostgresUrl(text: string): boolean {
  if (!FORM.test(text) || !URL.canParse(text)) return false
  const { username, password, pathname } = new URL(text)
  try {
    for (const part of [username, password, pathname]) decodeURIComponent(part)
    return true
  } catch {
    return false
  }
}

const FORM = /^postgres(ql)?:\/\/[^/?#]*([/?][^@#]*)?$/

function tlsOf(ask: Ask): PostgresUrl['ssl'] {
  const mode = ask('sslmode') ?? (ask('sslrootcert') === null ? 'disable' : 'verify-full')
  switch (mode) {
    case 'disable':
      return false
    case 'no-verify':
      return { ...certificates(ask), rejectUnauthorized: false }
    case 'prefer':
    case 'require':
    case 'verify-ca':
    case 'verify-full':
      return certificates(ask)
    default:
      throw refused(`has the unknown sslmode ${mode}`)
  }
}

/** `require`, which some providers write into their addresses, is no more than `prefer`: TLS is verified anyway. */
function bindsChannel(mode: string): boolean {
  if (mode === 'disable') return false
  if (mode === 'prefer' || mode === 'require') return true
  throw refused(`has the unknown channel_binding ${mode}`)
}

/** In place of a file of root certificates: those that are publicly trusted, as without one. */
const SYSTEM = 'system'

function certificates(ask: Ask): ConnectionOptions {
  const file = (name: string): string | undefined => {
    const path = ask(name)
    return path === null || path === SYSTEM ? undefined : readCertificate(path)
  }
  const all = { ca: file('sslrootcert'), cert: file('sslcert'), key: file('sslkey') }
  return Object.fromEntries(Object.entries(all).filter(([, text]) => text !== undefined))
}

function readCertificate(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (thrown) {
    throw refused(`names the file ${path}, which cannot be read`, thrown)
  }
}
