import { CERTIFICATES_AT_HAND } from '../format/limits.ts'
import { isRecord, type Names, namesIn, type ProductNames } from './names.ts'
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
 * was left out: it becomes a value no code fits.
 */
export interface Question {
  readonly now: number
  readonly product: number | undefined
  readonly names: Names | null
  readonly fingerprint: string | null
  readonly buildTime: number | undefined
  readonly certificates: readonly string[]
  /** What was met since the program was shipped; null when nothing of it was given. */
  readonly since: Since | null
}

/** Each as it was given, undefined when it was left out. */
export interface Since {
  readonly manifests: readonly unknown[]
  readonly statement: unknown
  readonly list: unknown
  readonly nonce: unknown
  readonly state: unknown
}

/** Nothing met: what a license file alone is judged with. */
export const NOTHING_SINCE: Since = {
  manifests: [],
  statement: undefined,
  list: undefined,
  nonce: undefined,
  state: undefined,
}

const UNREADABLE: Question = {
  now: Number.NaN,
  product: Number.NaN,
  names: null,
  fingerprint: null,
  buildTime: Number.NaN,
  certificates: [],
  since: null,
}

/** Never throws, whatever the options are. */
export function readOptions(options: unknown): Question {
  try {
    if (!isRecord(options)) return UNREADABLE
    const { now, product, device, buildTime, certificates } = options
    return {
      now: numberOrNaN(now),
      product: product === undefined ? undefined : numberOrNaN(isRecord(product) ? product.id : product),
      names: isRecord(product) ? namesIn(product) : null,
      fingerprint: textOrNull(isRecord(device) ? device.fingerprint : device),
      buildTime: buildTime === undefined ? undefined : numberOrNaN(buildTime),
      certificates: Array.isArray(certificates)
        ? certificates.slice(0, CERTIFICATES_AT_HAND).filter(isText)
        : [],
      since: sinceIn(options),
    }
  } catch {
    // Only a foreign object that throws when it is looked at ends here.
    return UNREADABLE
  }
}

function sinceIn({
  manifests,
  statement,
  list,
  nonce,
  state,
}: Readonly<Record<string, unknown>>): Since | null {
  const isGiven = manifests !== undefined || statement !== undefined || list !== undefined
  if (!isGiven && nonce === undefined && state === undefined) return null
  // What cannot be unpacked stays one part, which is no manifest.
  const parts = manifests === undefined ? [] : (partsOf(manifests) ?? [null])
  return { manifests: parts, statement, list, nonce, state }
}

const isText = (value: unknown): value is string => typeof value === 'string'

const textOrNull = (value: unknown): string | null => (isText(value) ? value : null)

const numberOrNaN = (value: unknown): number => (typeof value === 'number' ? value : Number.NaN)
