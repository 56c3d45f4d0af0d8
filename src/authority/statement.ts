import { featureNames, findEdition, findProduct } from '../domain/catalog.ts'
import { account } from '../domain/grant.ts'
import { chooseKey, type NoKey } from '../domain/keyring.ts'
import type { License } from '../domain/license.ts'
import { no, type Result, yes } from '../domain/result.ts'
import type { PaidUntil, Seconds } from '../domain/time.ts'
import { encodeBase64url } from '../format/base64url.ts'
import { signingInput, writeCompact } from '../format/jws.ts'
import { bindDevice } from '../format/license-code.ts'
import { LAST_SECOND } from '../format/limits.ts'
import { type Statement, writeStatement } from '../format/statement.ts'
import type { Authority } from './authority.ts'
import type { Snapshot } from './configuration.ts'

/** What the caller asked to have in its statement. */
export interface StatementWish {
  readonly fingerprint: string | null
  readonly nonce: string | null
  /** How long it is to permit, in place of the product's statement life. */
  readonly life?: Seconds
}

export interface SignedStatement {
  /** Compact JWT. */
  readonly text: string
  readonly claims: Statement
  readonly kid: string
}

/** Either no active key may sign it, or the terms of the license were never known. */
export type NoStatement = NoKey | { readonly reason: 'nothing_to_state' }

/**
 * The signed account of a license as it is now (contract 1.4), as a compact JWT; also of a frozen, expired
 * or released one. null when no active key may sign statements, or nothing is known to state.
 */
export async function signStatement(
  authority: Authority,
  snapshot: Snapshot,
  license: License,
  wish: StatementWish,
  now: Seconds,
): Promise<string | null> {
  const stated = await stateLicense(authority, snapshot, license, wish, now)
  return stated.ok ? stated.value.text : null
}

/** As `signStatement`, with what it says, and why there is none. */
export async function stateLicense(
  authority: Authority,
  snapshot: Snapshot,
  license: License,
  wish: StatementWish,
  now: Seconds,
): Promise<Result<SignedStatement, NoStatement>> {
  const claims = claimsOf(authority, snapshot, license, wish, now)
  if (claims === null) return no({ reason: 'nothing_to_state' })
  const { keyring } = snapshot
  const chosen = chooseKey(keyring.known, 'statements', { now, product: claims.product, paidUntil: null })
  if (!chosen.ok) return chosen
  const { kid, signer } = keyring.open(chosen.value.kid)
  const typ = 'license-statement+jwt'
  const body = writeStatement(claims)
  const signature = await signer.sign(signingInput(kid, typ, body))
  const text = writeCompact(kid, typ, body, signature)
  return yes({ text, claims, kid })
}

function claimsOf(
  authority: Authority,
  { catalog, keyring }: Snapshot,
  license: License,
  { fingerprint, nonce, life }: StatementWish,
  now: Seconds,
): Statement | null {
  const productId = license.status === 'pending' ? undefined : license.terms?.product
  const product = productId === undefined ? null : findProduct(catalog, productId)
  const stated = product && account(license, now, life ?? product.statementLife)
  if (!product || !stated) return null
  const { terms } = stated
  const device = fingerprint === null ? null : bindDevice(fingerprint, authority.crypto.sha256)
  return {
    iss: authority.issuer,
    sub: license.id,
    aud: product.code,
    iat: now,
    exp: stated.expires,
    root: keyring.rootVersion,
    rev: stated.revision,
    status: stated.status,
    paid_until: withinYears(terms.paidUntil),
    works_until: withinYears(stated.worksUntil),
    product: product.id,
    edition: findEdition(product, terms.edition)?.code ?? String(terms.edition),
    features: featureNames(product, terms.features),
    seats: terms.seats === 0 ? null : terms.seats,
    trial: terms.trial,
    ...(device && { device: encodeBase64url(device) }),
    ...(nonce !== null && { nonce }),
  }
}

/** A later end than the year 9999 can write is stated as its last second: no statement has a later time. */
const withinYears = (end: PaidUntil): PaidUntil => (end === null ? null : Math.min(end, LAST_SECOND))
