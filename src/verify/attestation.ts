import type { Sha256 } from '../format/bytes.ts'
import { type ObjectType, readCompact } from '../format/jws.ts'
import { coversProduct, type KeyCertificate, USAGE } from '../format/key-certificate.ts'
import type { SignedObject } from '../format/license-text.ts'
import { LIST_CHARACTERS, STATEMENT_CHARACTERS } from '../format/limits.ts'
import { type RevocationList, readRevocations } from '../format/revocations.ts'
import { readStatement, type Statement } from '../format/statement.ts'
import { keyName } from './chain.ts'
import { type EndorsementFault, endorsement } from './endorsement.ts'
import type { Steps } from './steps.ts'
import type { Trust } from './trust.ts'

/** The claims of a JWT that the root vouches for, and the name of the key that signed it. */
export type Attested<T> =
  | { readonly ok: true; readonly claims: T; readonly key: string }
  | { readonly ok: false; readonly reason: 'malformed' | EndorsementFault }

interface Kind<T> {
  readonly typ: ObjectType
  readonly usage: number
  readonly longest: number
  readonly read: (body: Uint8Array) => T | null
}

const STATEMENT: Kind<Statement> = {
  typ: 'license-statement+jwt',
  usage: USAGE.statements,
  longest: STATEMENT_CHARACTERS,
  read: readStatement,
}

const LIST: Kind<RevocationList> = {
  typ: 'license-revocations+jwt',
  usage: USAGE.lists,
  longest: LIST_CHARACTERS,
  read: readRevocations,
}

/** Shape, key, signature, window and certificate of a statement (contract 1.4); what it says is not judged. */
export function* attestedStatement(
  text: unknown,
  certificates: readonly SignedObject<KeyCertificate>[],
  trust: Trust,
  sha256: Sha256,
): Steps<Attested<Statement>> {
  return yield* attested(text, STATEMENT, ({ product }) => product, certificates, trust, sha256)
}

/**
 * The same of a revocation list (contract 1.5). A list names its product by code alone, so the caller says which
 * number that is; null: only a certificate for every product counts. A list that held is not verified again.
 */
export function* attestedList(
  text: unknown,
  product: number | null,
  certificates: readonly SignedObject<KeyCertificate>[],
  trust: Trust,
  sha256: Sha256,
): Steps<Attested<RevocationList>> {
  const known = typeof text === 'string' ? trust.lists.get(text) : undefined
  if (known?.product === product) return known.attested
  const found = yield* attested(text, LIST, () => product, certificates, trust, sha256)
  if (typeof text === 'string' && found.ok) trust.lists.set(text, { product, attested: found })
  return found
}

function* attested<T extends { readonly iat: number }>(
  text: unknown,
  { typ, usage, longest, read }: Kind<T>,
  productOf: (claims: T) => number | null,
  certificates: readonly SignedObject<KeyCertificate>[],
  trust: Trust,
  sha256: Sha256,
): Steps<Attested<T>> {
  const jws = typeof text === 'string' ? readCompact(text, typ, longest) : null
  const claims = jws && read(jws.body)
  if (!jws || !claims) return { ok: false, reason: 'malformed' }
  const product = productOf(claims)
  const covers = (certificate: KeyCertificate) =>
    product === null ? certificate.product === 0 : coversProduct(certificate, product)
  const object = { ...jws, message: jws.signed, issuedAt: claims.iat, usage, covers }
  const endorsed = yield* endorsement(object, certificates, trust, sha256)
  return endorsed.ok ? { ok: true, claims, key: keyName(endorsed.certificate) } : endorsed
}
