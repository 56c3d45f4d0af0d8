import { join, resolve } from 'node:path'
import { SHORTEST_TOKEN } from '../authority/remote.ts'
import { isAddressRange } from './client-address.ts'
import { databaseAt, databaseForms, faultOfDatabase } from './open-store.ts'

/** The environment, read and checked once (contract 5). */
export interface Config {
  /** Absolute path of the directory of the embedded instance. */
  readonly data: string
  /** Path of the embedded database, or the URL of another. A URL may hold a password: it is never shown as it is. */
  readonly database: string
  readonly host: string
  readonly port: number
  /** `iss` of what is signed, no trailing slash; null: the local address. */
  readonly publicUrl: string | null
  /**
   * base64url of 32 bytes from the environment, or null: read from the data directory. While the key is changed two
   * of them, the new one first, with a comma between.
   */
  readonly masterKey: string | null
  readonly alertUrl: string | null
  /** Opens a Worker's door to the command line; null: none was given. */
  readonly operatorToken: string | null
  /** Addresses, or ranges in CIDR form, of the reverse proxies; empty: none is known. */
  readonly trustProxy: readonly string[]
  readonly logLevel: LogLevel
}

const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

type Environment = Readonly<Record<string, string | undefined>>

export type ConfigRead =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly faults: readonly string[] }

/**
 * The configuration an environment gives; an empty variable counts as absent. All faults are reported
 * together, each naming its variable and never its value, which may be a secret.
 */
export function readConfig(environment: Environment): ConfigRead {
  const of = (name: string): string | null => environment[name] || null
  const faults = RULES.flatMap(({ name, holds, must, faultOf }) => {
    const value = of(name)
    if (value === null) return []
    if (!holds(value)) return [`${name} must be ${must}.`]
    const fault = faultOf?.(value) ?? null
    return fault === null ? [] : [`${name}: ${fault}`]
  })
  if (faults.length > 0) return { ok: false, faults }
  const data = resolve(of('LICET_DATA') ?? './data')
  const host = of('LICET_HOST') ?? '127.0.0.1'
  const port = Number(of('LICET_PORT') ?? 8787)
  const config: Config = {
    data,
    database: databaseAt(of('LICET_DATABASE_URL') ?? join(data, 'licet.db')) ?? '',
    host,
    port,
    publicUrl: of('LICET_PUBLIC_URL')?.replace(/\/+$/, '') ?? null,
    masterKey: of('LICET_MASTER_KEY'),
    alertUrl: of('LICET_ALERT_URL'),
    operatorToken: of('LICET_OPERATOR_TOKEN'),
    trustProxy: listOf(of('LICET_TRUST_PROXY') ?? ''),
    logLevel: (of('LICET_LOG_LEVEL') as LogLevel | null) ?? 'info',
  }
  return { ok: true, config }
}

interface Rule {
  readonly name: string
  readonly holds: (value: string) => boolean
  readonly must: string
  /** What else is wrong with one that holds, in a sentence; null when nothing is. */
  readonly faultOf?: (value: string) => string | null
}

const RULES: readonly Rule[] = [
  {
    name: 'LICET_DATABASE_URL',
    holds: (text) => databaseAt(text) !== null,
    must: databaseForms(),
    faultOf: faultOfDatabase,
  },
  { name: 'LICET_PORT', holds: isPort, must: 'a port number, 0 to 65535' },
  { name: 'LICET_PUBLIC_URL', holds: isHttpUrl, must: 'an http or https URL' },
  {
    name: 'LICET_MASTER_KEY',
    holds: isKey,
    must: '32 bytes as 43 characters of base64url, or NEW,OLD for licet keys reseal',
  },
  { name: 'LICET_ALERT_URL', holds: isHttpUrl, must: 'an http or https URL' },
  {
    name: 'LICET_OPERATOR_TOKEN',
    holds: isOperatorToken,
    must: `at least ${SHORTEST_TOKEN} visible ASCII characters`,
  },
  {
    name: 'LICET_TRUST_PROXY',
    holds: (text) => listOf(text).every(isAddressRange),
    must: 'IP addresses or CIDR ranges with commas between, such as 127.0.0.1,10.0.0.0/8, and not all addresses',
  },
  { name: 'LICET_LOG_LEVEL', holds: isLogLevel, must: `one of ${LOG_LEVELS.join(', ')}` },
]

const listOf = (text: string): readonly string[] =>
  text.split(',').flatMap((one) => (one.trim() === '' ? [] : [one.trim()]))

export function isOperatorToken(text: string): boolean {
  return text.length >= SHORTEST_TOKEN && /^[\x21-\x7e]+$/.test(text)
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) <= 65_535
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
}

function isKey(text: string): boolean {
  return /^[A-Za-z0-9_-]{43}(,[A-Za-z0-9_-]{43})?$/.test(text)
}

function isLogLevel(text: string): boolean {
  return LOG_LEVELS.some((level) => level === text)
}
