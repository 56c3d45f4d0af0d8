import { decodeBase64url } from '../format/base64url.ts'
import type { LogLevel } from './config.ts'
import type { MasterKeys } from './sealing.ts'

/** The variables and secrets of a Worker, read and checked once per isolate. */
export interface WorkerConfig {
  /** `iss` of what is signed, no trailing slash. */
  readonly publicUrl: string
  readonly masterKeys: MasterKeys
  readonly alertUrl: string | null
  /** Signing keys that sign no more, whatever the database says: the record that Node.js keeps in a file. */
  readonly retiredKeys: ReadonlySet<string>
}

export type WorkerVariables = Readonly<Record<string, unknown>>

export type WorkerConfigRead =
  | { readonly ok: true; readonly config: WorkerConfig }
  | { readonly ok: false; readonly faults: readonly string[] }

/** All faults are reported together, each naming its variable and never its value, which may be a secret. */
export function readWorkerConfig(variables: WorkerVariables): WorkerConfigRead {
  const faults = RULES.flatMap(({ name, needed, holds, must }) => {
    const value = textOf(variables, name)
    if (value === null) return needed ? [`${name} is missing: it must be ${must}.`] : []
    return holds(value) ? [] : [`${name} must be ${must}.`]
  })
  if (faults.length > 0) return { ok: false, faults }
  const [current = '', previous = null] = (textOf(variables, 'LICET_MASTER_KEY') ?? '').split(',')
  const config: WorkerConfig = {
    publicUrl: publicUrlOf(variables) ?? '',
    masterKeys: { current, previous },
    alertUrl: textOf(variables, 'LICET_ALERT_URL'),
    retiredKeys: new Set(listOf(textOf(variables, 'LICET_RETIRED_KEYS') ?? '')),
  }
  return { ok: true, config }
}

/** A secret is piped to wrangler, and may have brought the end of its line along. */
export function textOf(variables: WorkerVariables, name: string): string | null {
  const value = variables[name]
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null
}

/** No trailing slash; null where it is missing or wrong. Readable also where the rest is not: the operator's door tells it. */
export function publicUrlOf(variables: WorkerVariables): string | null {
  const url = textOf(variables, 'LICET_PUBLIC_URL')
  return url !== null && isHttpUrl(url) ? url.replace(/\/+$/, '') : null
}

/** Readable also where the rest is not: it decides whether the fault is heard. */
export function logLevelOf(variables: WorkerVariables): LogLevel {
  const level = textOf(variables, 'LICET_LOG_LEVEL')
  return LOG_LEVELS.find((one) => one === level) ?? 'info'
}

const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const

interface Rule {
  readonly name: string
  readonly needed: boolean
  readonly holds: (value: string) => boolean
  readonly must: string
}

const RULES: readonly Rule[] = [
  { name: 'LICET_PUBLIC_URL', needed: true, holds: isHttpUrl, must: 'an http or https URL' },
  {
    name: 'LICET_MASTER_KEY',
    needed: true,
    holds: areKeys,
    must: '32 bytes as 43 characters of base64url, or NEW,OLD while the key is changed (a secret, never a variable)',
  },
  { name: 'LICET_ALERT_URL', needed: false, holds: isHttpUrl, must: 'an http or https URL' },
  {
    name: 'LICET_LOG_LEVEL',
    needed: false,
    holds: (text) => LOG_LEVELS.some((level) => level === text),
    must: `one of ${LOG_LEVELS.join(', ')}`,
  },
  {
    name: 'LICET_RETIRED_KEYS',
    needed: false,
    holds: (text) => listOf(text).every((kid) => /^[0-9a-f]{8}$/.test(kid)),
    must: 'key ids, 8 of 0-9 and a-f, with commas between',
  },
]

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
}

function areKeys(text: string): boolean {
  const keys = text.split(',')
  return keys.length <= 2 && keys.every((key) => decodeBase64url(key)?.byteLength === 32)
}

const listOf = (text: string): readonly string[] =>
  text.split(',').flatMap((one) => (one.trim() === '' ? [] : [one.trim()]))
