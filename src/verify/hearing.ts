import type { Sha256 } from '../format/bytes.ts'
import type { LicenseCode } from '../format/license-code.ts'
import type { SignedCertificate } from '../format/license-text.ts'
import type { RevocationList } from '../format/revocations.ts'
import type { Statement } from '../format/statement.ts'
import { attestedList, attestedStatement } from './attestation.ts'
import { type Clock, clockAt, clockWith, isAhead } from './clock.ts'
import { audDigest } from './floors.ts'
import type { Memory } from './memory.ts'
import type { Steps } from './steps.ts'
import { newestIn, type Trust } from './trust.ts'
import type { Warning } from './warnings.ts'

/** One genuine code, with all that statements and lists about it are judged by. */
export type Case = readonly [
  code: LicenseCode,
  certificates: readonly SignedCertificate[],
  trust: Trust,
  memory: Memory,
  /** The product's code, where the program named it. */
  productCode: unknown,
  /** Takes what the program should know. */
  warn: (warning: Warning) => unknown,
  sha256: Sha256,
]

/** A statement that is listened to, the key that signed it, and whether it echoes the nonce that the program sent. */
export type HeardStatement = readonly [claims: Statement, key: string, isFresh: boolean]

/**
 * A list that is listened to, the key that signed it, and whether its number is below one that was accepted before:
 * then what it says does not count, and the program must be told.
 */
export type HeardList = readonly [claims: RevocationList, key: string, isRolledBack: boolean]

export type Heard = readonly [
  statement: HeardStatement | null,
  list: HeardList | null,
  /** The clock before and after the statement was heard. */
  before: Clock,
  clock: Clock,
]

/** A statement and a list as they were given, or null or undefined, and the nonce. */
export type Given = readonly [statement: unknown, list: unknown, nonce: unknown]

/** The statement and the list as far as they are listened to (contract 1.5). */
export function* hear(
  about: Case,
  now: number,
  buildTime: number | undefined,
  [statementText, listText, nonce]: Given,
): Steps<Heard> {
  const [, , trust, memory, , warn] = about
  const before = clockAt(now, buildTime, memory[2]?.[0])
  const statement = isGiven(statementText) ? yield* hearStatement(about, statementText, nonce, before) : null
  const clock = statement ? clockWith(before, statement[0].iat, statement[2]) : before
  const list = isGiven(listText) ? yield* hearList(about, listText, clock, statement?.[0].aud) : null
  if (list && list[0].root > newestIn(trust)) warn('manifests_behind')
  if (!clock[2] && now < Math.max(clock[0], clock[1])) warn('clock_behind')
  return [statement, list, before, clock]
}

/** The statement when it is genuine, about this license and not dated ahead; else null, and a warning. */
function* hearStatement(
  about: Case,
  text: unknown,
  nonce: unknown,
  clock: Clock,
): Steps<HeardStatement | null> {
  const [code, certificates, trust, , productCode, warn, sha256] = about
  const found = yield* attestedStatement(text, certificates, trust, sha256)
  const unheard = (
    why: Exclude<typeof found, object> | 'wrong_license' | 'wrong_product' | 'not_yet_valid',
  ) => {
    warn(`statement_${why}`)
    return null
  }
  if (typeof found === 'string') return unheard(found)
  const [claims, key] = found
  if (claims.sub !== code.licenseId) return unheard('wrong_license')
  if (claims.product !== code.product || !isNamed(claims.aud, productCode)) return unheard('wrong_product')
  const isFresh = typeof nonce === 'string' && claims.nonce === nonce
  if (nonce !== undefined && !isFresh) warn('statement_not_fresh')
  // Proof of the present outranks a clock that is known to be wrong, and no other.
  if (isAhead(clock, claims.iat) && !(isFresh && clock[2])) return unheard('not_yet_valid')
  return [claims, key, isFresh]
}

/** The list when it is genuine, of this product and not dated ahead; else null, and a warning. */
function* hearList(
  about: Case,
  text: unknown,
  clock: Clock,
  aud: string | undefined,
): Steps<HeardList | null> {
  const [code, certificates, trust, memory, productCode, warn, sha256] = about
  const found = yield* attestedList(text, code.product, certificates, trust, sha256)
  const unheard = (why: Exclude<typeof found, object> | 'wrong_product' | 'not_yet_valid') => {
    warn(`list_${why}`)
    return null
  }
  if (typeof found === 'string') return unheard(found)
  const [claims, key] = found
  if (!isNamed(claims.aud, typeof productCode === 'string' ? productCode : aud))
    return unheard('wrong_product')
  if (isAhead(clock, claims.iat)) return unheard('not_yet_valid')
  if (clock[0] > claims.next_update) warn('list_overdue')
  const digest = audDigest(claims.aud, sha256)
  const floor = memory[3].find(([product]) => product === digest)
  return [claims, key, floor !== undefined && claims.number < floor[1]]
}

const isGiven = (text: unknown): boolean => text !== undefined && text !== null

/** False when the product's code is known and another one. */
export const isNamed = (aud: string, productCode: unknown): boolean =>
  typeof productCode !== 'string' || aud === productCode
