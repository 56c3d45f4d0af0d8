import type { Sha256 } from '../format/bytes.ts'
import { type ObjectType, readCompact } from '../format/jws.ts'
import { LISTS, STATEMENTS } from '../format/key-certificate.ts'
import type { SignedCertificate } from '../format/license-text.ts'
import { LIST_CHARACTERS, STATEMENT_CHARACTERS } from '../format/limits.ts'
import { remember } from '../format/remember.ts'
import { type RevocationList, readRevocations } from '../format/revocations.ts'
import { readStatement, type Statement } from '../format/statement.ts'
import { type EndorsementFault, endorsement } from './endorsement.ts'
import type { Steps } from './steps.ts'
import type { Trust } from './trust.ts'

/** The claims of a JWT that the root vouches for, and the x of the key that signed it; or why they are none. */
export type Attested<T> = readonly [claims: T, key: string] | 'malformed' | EndorsementFault

/** A list that held, and the product that the certificate of its key had to cover; undefined = every one. */
export type MetList = readonly [product: unknown, attested: Attested<RevocationList>]

/** Shape, key, signature, window and certificate of a statement (contract 1.4); what it says is not judged. */
export function attestedStatement(
  text: unknown,
  certificates: readonly SignedCertificate[],
  trust: Trust,
  sha256: Sha256,
): Steps<Attested<Statement>> {
  const product = ({ product }: Statement) => product
  const kind: Kind<Statement> = [
    'license-statement+jwt',
    STATEMENT_CHARACTERS,
    readStatement,
    STATEMENTS,
    product,
  ]
  return attested(text, kind, certificates, trust, sha256)
}

/**
 * The same of a revocation list (contract 1.5). A list names its product by code alone, so the caller says which
 * number that is; undefined: only a certificate for every product counts. A list that held is not verified again.
 */
export function* attestedList(
  text: unknown,
  product: unknown,
  certificates: readonly SignedCertificate[],
  trust: Trust,
  sha256: Sha256,
): Steps<Attested<RevocationList>> {
  const known = trust.lists.get(text as string)
  if (known && known[0] === product) return known[1]
  const kind: Kind<RevocationList> = [
    'license-revocations+jwt',
    LIST_CHARACTERS,
    readRevocations,
    LISTS,
    () => product,
  ]
  const found = yield* attested(text, kind, certificates, trust, sha256)
  if (typeof found !== 'string') remember(trust.lists, 1, text as string, [product, found])
  return found
}

type Kind<T> = readonly [
  typ: ObjectType,
  longest: number,
  read: (body: Uint8Array) => T | null,
  usage: number,
  productOf: (claims: T) => unknown,
]

function* attested<T extends { readonly iat: number }>(
  text: unknown,
  [typ, longest, read, usage, productOf]: Kind<T>,
  certificates: readonly SignedCertificate[],
  trust: Trust,
  sha256: Sha256,
): Steps<Attested<T>> {
  const jws = typeof text === 'string' && readCompact(text, typ, longest)
  const claims = jws && read(jws.body)
  if (!claims) return 'malformed'
  const { kid, signed: message, signature } = jws
  const { iat: issuedAt } = claims
  const product = productOf(claims)
  const object = { kid, message, signature, issuedAt, usage, product, paidUntil: issuedAt }
  const found = yield* endorsement(object, certificates, trust, sha256)
  if (typeof found !== 'string') return [claims, found.x]
  return found as EndorsementFault
}
