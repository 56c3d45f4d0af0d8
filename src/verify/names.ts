import { isText, toHex } from '../format/bytes.ts'
import { uint } from '../format/fields.ts'
import { kidIn } from '../format/key-certificate.ts'
import { BOUND, PERPETUAL, TRIAL } from '../format/layout.ts'
import { worksUntil } from '../format/license-code.ts'
import type { Names } from './options.ts'
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

/**
 * What the body of a license code says (contract 1.1), in the caller's names: a number stays where none is found. A
 * text in the place of a list has no `map`, and so no names.
 */
export const factsOf = (body: Uint8Array, [product, editions, features]: Names): LicenseFacts => {
  const edition = uint(body, 18, 2)
  const end = uint(body, 26, 4)
  const paidUntil = end === PERPETUAL ? null : end
  const named: (number | string)[] = []
  for (let bit = 0, word = uint(body, 33, 3); word; bit++, word >>= 1)
    if (word & 1) named.push(nameOr(bit, () => (features as Names)?.map((name) => name)[bit]))
  return {
    id: toHex(body.slice(6, 14)),
    product: isText(product) ? product : productIn(body),
    edition: nameOr(edition, () =>
      Array.isArray(editions)
        ? editions.find(({ id }) => id === edition).code
        : (editions as Readonly<Record<number, string>>)?.[edition],
    ),
    features: named,
    seats: uint(body, 20, 2) || null,
    trial: (body[1]! & TRIAL) > 0,
    revision: uint(body, 30, 2),
    issuedAt: uint(body, 22, 4),
    paidUntil,
    worksUntil: worksUntil(paidUntil, body[32]!),
    kid: kidIn(body),
    bound: (body[1]! & BOUND) > 0,
  }
}

/** The number of the product of a license code. */
export const productIn = (body: Uint8Array): number => uint(body, 14, 4)

/** The name that is found; a foreign object may throw when it is looked at. */
const nameOr = (number: number, find: () => unknown): string | number => {
  try {
    const name = find()
    if (isText(name)) return name
  } catch {
    // It has no name.
  }
  return number
}
