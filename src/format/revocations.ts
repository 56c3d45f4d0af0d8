import { readUtf8, utf8 } from './bytes.ts'
import { readJson } from './json.ts'
import { LAST_SECOND, LIST_CHARACTERS, SIGNED_JSON_DEPTH } from './limits.ts'
import { asMembers, isIntegerIn, type Members, member } from './members.ts'

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
 * The claims of a JWT body. Unknown claims are ignored. null when the bytes are over 4 MiB or no strict JSON
 * object, or a known claim is missing, of a wrong type or out of range: the list is malformed.
 */
export function readRevocations(body: Uint8Array): RevocationList | null {
  if (body.length > LIST_CHARACTERS) return null
  const text = readUtf8(body)
  const read = text === null ? null : readJson(text, { maxDepth: SIGNED_JSON_DEPTH, duplicates: 'refuse' })
  const claims = read?.ok ? asMembers(read.value) : null
  return claims === null ? null : readClaims(claims)
}

function readClaims(claims: Members): RevocationList | null {
  const [iss, aud] = [member(claims, 'iss'), member(claims, 'aud')]
  const [number, root] = [member(claims, 'number'), member(claims, 'root')]
  const [iat, next_update] = [member(claims, 'iat'), member(claims, 'next_update')]
  const entries = member(claims, 'entries')
  if (!isText(iss) || !isText(aud) || !isIntegerIn(number, 0, LAST_NUMBER)) return null
  if (!isIntegerIn(iat, 0, LAST_SECOND) || !isIntegerIn(next_update, 0, LAST_SECOND)) return null
  if (!isIntegerIn(root, 1, Number.MAX_SAFE_INTEGER)) return null
  if (!Array.isArray(entries) || !entries.every(isEntry)) return null
  return { iss, aud, number, iat, next_update, root, entries }
}

const LAST_NUMBER = 0xffffffff
const LAST_REVISION = 0xffff
const LICENSE_ID = /^[0-9a-f]{16}$/
const REASONS: readonly unknown[] = ['frozen', 'released', 'superseded'] satisfies RevocationReason[]

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''

function isEntry(value: unknown): value is RevocationEntry {
  if (!Array.isArray(value) || value.length !== 3) return false
  const [id, minRevision, why] = value as readonly unknown[]
  return (
    isText(id) && LICENSE_ID.test(id) && isIntegerIn(minRevision, 0, LAST_REVISION) && REASONS.includes(why)
  )
}
