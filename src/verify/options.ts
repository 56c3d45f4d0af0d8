import { CERTIFICATES_AT_HAND } from '../format/limits.ts'
import type { MetOptions } from './met-options.ts'
import type { ProductNames } from './names.ts'
import type { Since } from './since-part.ts'

/** What the shipped program knows and asks. */
export interface VerifyOptions extends NotHere {
  /** Unix seconds, by the program's clock. */
  readonly now: number
  /** The program's product, by its number, or with the names the verdict shall use. Left out: any product. */
  readonly product?: number | ProductNames
  /** The machine, for codes that are bound to one. */
  readonly device?: string | { readonly fingerprint: string }
  /** When the program was built, Unix seconds: a clock far before it was rolled back. */
  readonly buildTime?: number
  /** Key certificates (`LK1-…`) that the program carries or met elsewhere; the first 64 count. */
  readonly certificates?: readonly string[]
  /** What was met since the program was shipped: `metSince` of `licet/verify/since` makes it. */
  readonly since?: Since
}

/** Evidence is given to `metSince`: here nothing would look at it, so it is a type error, and an error when it runs. */
type NotHere = { readonly [member in keyof MetOptions]?: never }

/** What a statement or a list alone is checked with. */
export type ObjectOptions = Pick<VerifyOptions, 'now' | 'product' | 'certificates'>

/**
 * The options after one look at them. An option that is given but of a wrong type is never taken for one that
 * was left out: it stays a value no code fits.
 */
export type Question = readonly [
  /** NaN for what is no number; so is the build time. */
  now: number,
  product: unknown,
  names: Names,
  fingerprint: unknown,
  /** -Infinity when it was left out. */
  buildTime: number,
  certificates: readonly unknown[],
  since: Since | undefined,
  /** One that does not exist. */
  foreign: string | undefined,
]

/** The parts of `ProductNames` as they were given: looking into one may throw. */
export type Names = readonly [code?: unknown, editions?: unknown, features?: unknown]

/** Never throws, whatever the options are. */
export function readOptions(options: unknown): Question {
  try {
    const { now, product, device, buildTime = -Infinity, certificates, since, ...others } = options as Given
    const { id = product, code, editions, features } = Object(product)
    const { fingerprint = device } = Object(device)
    return [
      asNumber(now),
      id,
      [code, editions, features],
      fingerprint,
      asNumber(buildTime),
      Array.isArray(certificates) ? certificates.slice(0, CERTIFICATES_AT_HAND) : [],
      since,
      Object.keys(others)[0],
    ]
  } catch {
    // Only a foreign object that throws when it is looked at ends here, or none at all: no product fits.
    return readOptions({ product: null })
  }
}

type Given = VerifyOptions & Readonly<Record<string, unknown>>

const asNumber = (value: unknown): number => (typeof value === 'number' ? value : NaN)
