import { utf8 } from './bytes.ts'
import {
  bytes32,
  each,
  either,
  integer,
  licenseId,
  like,
  type Rule,
  readClaims,
  text,
  time,
  version,
} from './claims.ts'

/** The signed answer of the validation endpoint, member for member as in the JWT (contract 1.4). */
export interface Statement {
  /** Who says so: the server's public address. */
  readonly iss: string
  /** License id. */
  readonly sub: string
  /** Product code. */
  readonly aud: string
  /** Unix seconds, as is every time here. */
  readonly iat: number
  /** From here on it permits nothing; what it forbids stays forbidden. */
  readonly exp: number
  /** Version of the newest root manifest. */
  readonly root: number
  readonly rev: number
  readonly status: 'pending' | 'active' | 'frozen' | 'released'
  /** null when perpetual. */
  readonly paid_until: number | null
  readonly works_until: number | null
  readonly product: number
  /** Edition code. */
  readonly edition: string
  readonly features: readonly string[]
  /** null = unlimited. */
  readonly seats: number | null
  readonly trial: boolean
  /** base64url of all 32 bytes of `bindDevice`. */
  readonly device?: string
  /** What the caller sent, 1–64 characters `[A-Za-z0-9_-]`. */
  readonly nonce?: string
}

/** The JWT body. The claims stand in the order of the contract. */
export function writeStatement(s: Statement): Uint8Array {
  const { iss, sub, aud, iat, exp, root, rev, status, paid_until, works_until } = s
  const { product, edition, features, seats, trial, device, nonce } = s
  const claims = { iss, sub, aud, iat, exp, root, rev, status, paid_until, works_until }
  return utf8(JSON.stringify({ ...claims, product, edition, features, seats, trial, device, nonce }))
}

/**
 * The claims of a JWT body, and no other. null when the bytes are no strict JSON object, or a known claim is
 * missing, of a wrong type or out of range: the statement is malformed.
 */
export function readStatement(body: Uint8Array): Statement | null {
  const claims = readClaims<Statement>(body, CLAIMS)
  return claims && endsAgree(claims) ? claims : null
}

/** Perpetual is perpetual in both, and grace never ends before the paid time. */
const endsAgree = ({ paid_until, works_until }: Statement): boolean =>
  (paid_until === null) === (works_until === null) && works_until! >= paid_until!

/** The range of every claim; where the license code has a width for it, the same one. */
const CLAIMS: Readonly<Record<keyof Statement, Rule>> = {
  iss: text,
  sub: licenseId,
  aud: text,
  iat: time,
  exp: time,
  root: version,
  rev: integer(0, 0xffff),
  status: like(/^(pending|active|frozen|released)$/),
  paid_until: either(null, time),
  works_until: either(null, time),
  product: integer(0, 0xffffffff),
  edition: text,
  features: each(text),
  seats: either(null, integer(1, 0xffff)),
  trial: (value) => typeof value === 'boolean',
  device: either(undefined, bytes32),
  nonce: either(undefined, like(/^[\w-]{1,64}$/)),
}
