import { codeWorksUntil, type LicenseCode } from '../format/license-code.ts'
import type { LicenseFacts } from './verdict.ts'

/** A product with what the program calls its parts; a code carries numbers only. */
export interface ProductNames {
  readonly id: number
  readonly code?: string
  readonly editions?:
    | Readonly<Record<number, string>>
    | readonly { readonly id: number; readonly code: string }[]
  /** In the order of the bits, the least significant first. */
  readonly features?: readonly string[]
}

/** The names after one look at them; what has none is missing. */
export interface Names {
  readonly product: unknown
  readonly editions: ReadonlyMap<number, unknown>
  readonly features: readonly unknown[]
}

/** A feature word has 24 bits (contract 1.1). */
const FEATURE_BITS = 24

/** Copies the names, so that a foreign object is looked at once; throws only what such an object throws. */
export function namesIn({ code, editions, features }: Readonly<Record<string, unknown>>): Names {
  return {
    product: code,
    editions: new Map(editionsIn(editions)),
    features: Array.isArray(features) ? features.slice(0, FEATURE_BITS) : [],
  }
}

function editionsIn(editions: unknown): readonly [number, unknown][] {
  if (Array.isArray(editions)) return editions.filter(isRecord).map(({ id, code }) => [Number(id), code])
  return isRecord(editions) ? Object.entries(editions).map(([id, code]) => [Number(id), code]) : []
}

/** What a genuine code says, in the caller's names where they are for its product. */
export function factsOf(code: LicenseCode, names: Names | null): LicenseFacts {
  return {
    id: code.licenseId,
    product: textOr(names?.product, code.product),
    edition: textOr(names?.editions.get(code.edition), code.edition),
    features: bitsIn(code.features).map((bit) => textOr(names?.features[bit], bit)),
    seats: code.seats === 0 ? null : code.seats,
    trial: code.trial,
    revision: code.revision,
    issuedAt: code.issuedAt,
    paidUntil: code.paidUntil,
    worksUntil: codeWorksUntil(code),
    kid: code.kid,
    bound: code.binding !== null,
  }
}

function bitsIn(word: number): readonly number[] {
  const bits: number[] = []
  for (let bit = 0; bit < FEATURE_BITS; bit++) if ((word >> bit) & 1) bits.push(bit)
  return bits
}

const textOr = (name: unknown, number: number): string | number => (typeof name === 'string' ? name : number)

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
