import { join, resolve } from 'node:path'
import { z } from 'zod'

/** The environment, read and checked once (contract 5). */
export interface Config {
  /** Absolute path of the directory of the embedded instance. */
  readonly data: string
  readonly database: string
  readonly host: string
  readonly port: number
  /** `iss` of what is signed; no trailing slash. */
  readonly publicUrl: string
  /** base64url of 32 bytes from the environment, or null: read from the data directory. */
  readonly masterKey: string | null
  readonly alertUrl: string | null
  readonly logLevel: LogLevel
}

const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

const url = z.url({ protocol: /^https?$/, error: 'must be an http or https URL' })

const ENVIRONMENT = z.object({
  LICET_DATA: z.string().min(1, 'must name a directory').default('./data'),
  LICET_DATABASE_URL: z
    .string()
    .refine(isFile, 'must be a path or file: URL of a SQLite database')
    .optional(),
  LICET_HOST: z.string().min(1, 'must be an address or a host name').default('127.0.0.1'),
  LICET_PORT: z
    .string()
    .refine((text) => /^\d{1,5}$/.test(text) && Number(text) <= 65_535, 'must be a port number, 0 to 65535')
    .default('8787'),
  LICET_PUBLIC_URL: url.optional(),
  LICET_MASTER_KEY: z
    .string()
    .regex(/^[A-Za-z0-9_-]{43}$/, 'must be 32 bytes as 43 characters of base64url')
    .optional(),
  LICET_ALERT_URL: url.optional(),
  LICET_LOG_LEVEL: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`).default('info'),
})

export type ConfigRead =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly faults: readonly string[] }

/**
 * The configuration an environment gives; an empty variable counts as absent. All faults are reported
 * together, each naming its variable and never its value, which may be a secret.
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): ConfigRead {
  const present = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  )
  const read = ENVIRONMENT.safeParse(present)
  if (!read.success)
    return {
      ok: false,
      faults: read.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}.`),
    }
  const {
    LICET_DATA,
    LICET_DATABASE_URL,
    LICET_HOST,
    LICET_PORT,
    LICET_PUBLIC_URL,
    LICET_LOG_LEVEL,
    ...rest
  } = read.data
  const data = resolve(LICET_DATA)
  const config: Config = {
    data,
    database: LICET_DATABASE_URL?.replace(/^file:(\/\/(?=\/))?/, '') ?? join(data, 'licet.db'),
    host: LICET_HOST,
    port: Number(LICET_PORT),
    publicUrl: (LICET_PUBLIC_URL ?? `http://${LICET_HOST}:${LICET_PORT}`).replace(/\/+$/, ''),
    masterKey: rest.LICET_MASTER_KEY ?? null,
    alertUrl: rest.LICET_ALERT_URL ?? null,
    logLevel: LICET_LOG_LEVEL,
  }
  return { ok: true, config }
}

function isFile(text: string): boolean {
  return text.startsWith('file:') || !/^[a-z][a-z0-9+.-]*:/i.test(text)
}
