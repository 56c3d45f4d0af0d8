import { isRecord } from '../format/claims.ts'
import { CERTIFICATES_AT_HAND } from '../format/limits.ts'
import { type Names, namesIn, type ProductNames } from './names.ts'
import { partsOf, type TrustInput } from './trust-input.ts'

/** What the shipped program knows and asks. */
export interface VerifyOptions {
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
  /** Root manifests met since the pinned ones, in any order; those that do not follow change nothing. */
  readonly manifests?: TrustInput
  /** The newest statement about this license, a compact JWT; null when there is none yet. */
  readonly statement?: string | null
  /** The newest revocation list of the product, a compact JWT; null when there is none yet. */
  readonly list?: string | null
  /** The nonce the program sent when it asked for the statement: one that echoes it was made now. */
  readonly nonce?: string
  /** What the last verdict gave to be stored; the empty text for the first time. */
  readonly state?: string
}

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
  names: Names | null,
  fingerprint: unknown,
  buildTime: number | undefined,
  certificates: readonly unknown[],
  since: Since,
]

/**
 * What was met since the program was shipped: manifests as texts; the others as they were given, undefined when left
 * out.
 */
export type Since = readonly [
  manifests: readonly string[],
  statement: unknown,
  list: unknown,
  nonce: unknown,
  state: unknown,
  /** False when all of them were left out. */
  isGiven: boolean,
]

/** Never throws, whatever the options are. */
export function readOptions(options: unknown): Question {
  try {
    if (isRecord(options)) return questionIn(options)
  } catch {
    // Only a foreign object that throws when it is looked at ends here.
  }
  return questionIn({ product: null, buildTime: null })
}

function questionIn(options: Readonly<Record<string, unknown>>): Question {
  const { now, product, device, buildTime, certificates, manifests, statement, list, nonce, state } = options
  const isGiven = [manifests, statement, list, nonce, state].some((option) => option !== undefined)
  return [
    numberOrNaN(now),
    isRecord(product) ? (product.id ?? null) : product,
    isRecord(product) ? namesIn(product) : null,
    isRecord(device) ? device.fingerprint : device,
    buildTime === undefined ? buildTime : numberOrNaN(buildTime),
    Array.isArray(certificates) ? certificates.slice(0, CERTIFICATES_AT_HAND) : [],
    [manifests === undefined ? [] : partsOf(manifests), statement, list, nonce, state, isGiven],
  ]
}

const numberOrNaN = (value: unknown): number => (typeof value === 'number' ? value : Number.NaN)
