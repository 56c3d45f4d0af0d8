import { isRecord } from '../format/claims.ts'
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
export type Names = readonly [
  product: unknown,
  editions: ReadonlyMap<number, unknown>,
  features: readonly unknown[],
]

/** A feature word has 24 bits (contract 1.1). */
const FEATURE_BITS = 24

/** Copies the names, so that a foreign object is looked at once; throws only what such an object throws. */
export function namesIn({ code, editions, features }: Readonly<Record<string, unknown>>): Names {
  return [
    code,
    new Map(editionsIn(editions).map(([id, name]) => [Number(id), name])),
    Array.isArray(features) ? features.slice(0, FEATURE_BITS) : [],
  ]
}

function editionsIn(editions: unknown): readonly (readonly [unknown, unknown])[] {
  if (Array.isArray(editions)) return editions.filter(isRecord).map(({ id, code }) => [id, code])
  return isRecord(editions) ? Object.entries(editions) : []
}

/** What a genuine code says, in the caller's names where they are for its product. */
export function factsOf(code: LicenseCode, names: Names | null): LicenseFacts {
  const { trial, kid, edition, features: word, issuedAt, paidUntil, revision } = code
  const [product, editions, features] = names ?? []
  const named: (number | string)[] = []
  for (let bit = 0; word >> bit; bit++) if ((word >> bit) & 1) named.push(textOr(features?.[bit], bit))
  return {
    id: code.licenseId,
    product: textOr(product, code.product),
    edition: textOr(editions?.get(edition), edition),
    features: named,
    seats: code.seats || null,
    trial,
    revision,
    issuedAt,
    paidUntil,
    worksUntil: codeWorksUntil(code),
    kid,
    bound: code.binding !== null,
  }
}

const textOr = (name: unknown, number: number): string | number => (typeof name === 'string' ? name : number)
