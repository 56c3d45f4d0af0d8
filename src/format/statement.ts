import { decodeBase64url } from './base64url.ts'
import { readUtf8, utf8 } from './bytes.ts'
import { readJson } from './json.ts'
import { LAST_SECOND, SIGNED_JSON_DEPTH } from './limits.ts'
import { asMembers, isIntegerIn, type Members } from './members.ts'

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
 * The claims of a JWT body. Unknown claims are ignored. null when the bytes are no strict JSON object, or a
 * known claim is missing, of a wrong type or out of range: the statement is malformed.
 */
export function readStatement(body: Uint8Array): Statement | null {
  const text = readUtf8(body)
  const read = text === null ? null : readJson(text, { maxDepth: SIGNED_JSON_DEPTH, duplicates: 'refuse' })
  const claims = read?.ok ? asMembers(read.value) : null
  if (claims === null) return null
  const statement: Members = Object.fromEntries(
    Object.keys(CLAIMS).flatMap((name) => (Object.hasOwn(claims, name) ? [[name, claims[name]]] : [])),
  )
  return isStatement(statement) && endsAgree(statement) ? statement : null
}

function isStatement(claims: Members): claims is Members & Statement {
  return Object.entries(CLAIMS).every(([name, holds]) => holds(claims[name]))
}

/** Perpetual is perpetual in both, and grace never ends before the paid time. */
function endsAgree({ paid_until, works_until }: Statement): boolean {
  if (paid_until === null || works_until === null) return paid_until === works_until
  return works_until >= paid_until
}

const LICENSE_ID = /^[0-9a-f]{16}$/
const NONCE = /^[A-Za-z0-9_-]{1,64}$/
const STATUSES: readonly unknown[] = ['pending', 'active', 'frozen', 'released']
const DIGEST_BYTES = 32

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''
const isTime = (value: unknown) => isIntegerIn(value, 0, LAST_SECOND)
const isEnd = (value: unknown) => value === null || isTime(value)

/** The range of every claim; where the license code has a width for it, the same one. */
const CLAIMS: Readonly<Record<keyof Statement, (value: unknown) => boolean>> = {
  iss: isText,
  sub: (value) => isText(value) && LICENSE_ID.test(value),
  aud: isText,
  iat: isTime,
  exp: isTime,
  root: (value) => isIntegerIn(value, 1, Number.MAX_SAFE_INTEGER),
  rev: (value) => isIntegerIn(value, 0, 0xffff),
  status: (value) => STATUSES.includes(value),
  paid_until: isEnd,
  works_until: isEnd,
  product: (value) => isIntegerIn(value, 0, 0xffffffff),
  edition: isText,
  features: (value) => Array.isArray(value) && value.every(isText),
  seats: (value) => value === null || isIntegerIn(value, 1, 0xffff),
  trial: (value) => typeof value === 'boolean',
  device: (value) =>
    value === undefined || (isText(value) && decodeBase64url(value)?.length === DIGEST_BYTES),
  nonce: (value) => value === undefined || (isText(value) && NONCE.test(value)),
}
