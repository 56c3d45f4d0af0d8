import { utf8 } from './bytes.ts'
import {
  each,
  integer,
  licenseId,
  like,
  type Rule,
  readClaims,
  shape,
  text,
  time,
  version,
} from './claims.ts'
import { LIST_CHARACTERS } from './limits.ts'

/** The signed list of what offline software must no longer accept, member for member as in the JWT (contract 1.5). */
export interface RevocationList {
  /** Who says so: the server's public address. */
  readonly iss: string
  /** Product code. */
  readonly aud: string
  /** Rises with every list of the product. */
  readonly number: number
  /** Unix seconds, as is every time here. */
  readonly iat: number
  /** A newer list is due by then; a later clock is a reason to warn, never to refuse. */
  readonly next_update: number
  /** Version of the newest root manifest. */
  readonly root: number
  /** In no order; where a license stands twice, each entry counts. */
  readonly entries: readonly RevocationEntry[]
}

/** Revisions below the number are refused for the reason; `released` refuses every revision. */
export type RevocationEntry = readonly [licenseId: string, minRevision: number, why: RevocationReason]

export type RevocationReason = 'frozen' | 'released' | 'superseded'

/** The JWT body. The claims stand in the order of the contract. */
export function writeRevocations(list: RevocationList): Uint8Array {
  const { iss, aud, number, iat, next_update, root, entries } = list
  return utf8(JSON.stringify({ iss, aud, number, iat, next_update, root, entries }))
}

/**
 * The claims of a JWT body, and no other. null when the bytes are over 4 MiB or no strict JSON object, or a known
 * claim is missing, of a wrong type or out of range: the list is malformed.
 */
export function readRevocations(body: Uint8Array): RevocationList | null {
  return body.length > LIST_CHARACTERS ? null : readClaims<RevocationList>(body, CLAIMS)
}

const CLAIMS: Readonly<Record<keyof RevocationList, Rule>> = {
  iss: text,
  aud: text,
  number: integer(0, 0xffffffff),
  iat: time,
  next_update: time,
  root: version,
  entries: each(shape([licenseId, integer(0, 0xffff), like(/^(frozen|released|superseded)$/)])),
}
