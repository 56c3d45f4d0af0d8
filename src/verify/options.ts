import { isRecord, type Names, namesIn, type ProductNames } from './names.ts'

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
}

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
}

const MOST_CERTIFICATES = 64

const UNREADABLE: Question = {
  now: Number.NaN,
  product: Number.NaN,
  names: null,
  fingerprint: null,
  buildTime: Number.NaN,
  certificates: [],
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
        ? certificates.slice(0, MOST_CERTIFICATES).filter(isText)
        : [],
    }
  } catch {
    // Only a foreign object that throws when it is looked at ends here.
    return UNREADABLE
  }
}

const isText = (value: unknown): value is string => typeof value === 'string'

const textOrNull = (value: unknown): string | null => (isText(value) ? value : null)

const numberOrNaN = (value: unknown): number => (typeof value === 'number' ? value : Number.NaN)
