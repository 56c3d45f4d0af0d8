import type { RevocationList } from '../format/revocations.ts'
import type { Guarded } from '../format/spelling.ts'
import { type Kind, LIST, readSpoken } from '../format/spoken.ts'
import { type Clock, isAhead } from './clock.ts'
import { type EndorsementFault, endorsement } from './endorsement.ts'
import type { Steps } from './steps.ts'
import type { Trust } from './trust.ts'

/** What statements and lists have in common; the last three are a statement's alone. */
export interface Spoken {
  readonly aud: string
  readonly iat: number
  readonly root: number
  readonly sub?: string
  readonly product?: number
  readonly nonce?: string
}

/** The claims of a JWT that the root vouches for, and the x of the key that signed it; or why they are none. */
export type Attested<T> = readonly [claims: T, key: string] | 'malformed' | EndorsementFault

/**
 * Shape, key, signature, window and certificate of a statement or a list (contract 1.4, 1.5); what it says is not
 * judged. A list names its product by code alone, so the caller says which number that is; undefined: only a
 * certificate for every product counts.
 */
export function* attested<T extends Spoken>(
  kind: Kind<T>,
  text: unknown,
  asked: unknown,
  certificates: readonly Guarded[],
  trust: Trust,
): Steps<Attested<T>> {
  const read = readSpoken(kind, text)
  if (!read) return 'malformed'
  const [claims, { kid, signed: message, signature }] = read
  const { iat: issuedAt, product = asked } = claims
  const object = [kid, message, signature, kind[4], product, issuedAt, issuedAt] as const
  const found = yield* endorsement(object, certificates, trust)
  return typeof found === 'string' ? found : [claims, found[1]]
}

/** All that the answer about a list depends on beside the trust, and the answer. */
type MetList = readonly [
  text: unknown,
  product: unknown,
  certificates: string,
  attested: Attested<RevocationList>,
]

/** The list that held last under each trust. */
const lists = new WeakMap<Trust, MetList>()

/** `attested` of a list; the one that held last is not verified again: it may have 4 MiB. */
export function* attestedList(
  text: unknown,
  product: unknown,
  certificates: readonly Guarded[],
  trust: Trust,
): Steps<Attested<RevocationList>> {
  const asked = [text, product, certificates.map((one) => one[3]).join()] as const
  const known = lists.get(trust)
  if (known && asked.every((one, i) => one === known[i])) return known[3]
  const found = yield* attested(LIST, text, product, certificates, trust)
  if (typeof found !== 'string') lists.set(trust, [...asked, found])
  return found
}

/**
 * Why genuine claims are not listened to, or null: another license, another product by its number or its code, where
 * they are known, or a date ahead of the clock. Proof of the present outranks a clock that is known to be wrong, and
 * no other.
 */
export function misfitOf(
  { sub, product, aud, iat }: Spoken,
  license: string | undefined,
  asked: unknown,
  code: unknown,
  clock: Clock,
  isProof: boolean,
): 'wrong_license' | 'wrong_product' | 'not_yet_valid' | null {
  if (license !== undefined && sub !== undefined && sub !== license) return 'wrong_license'
  if (asked !== undefined && product !== undefined && product !== asked) return 'wrong_product'
  if (typeof code === 'string' && aud !== code) return 'wrong_product'
  return isAhead(clock, iat) && !(isProof && clock[2]) ? 'not_yet_valid' : null
}
