import type { RevocationList } from '../format/revocations.ts'
import type { Guarded } from '../format/spelling.ts'
import { STATEMENT } from '../format/spoken.ts'
import type { Statement } from '../format/statement.ts'
import { type Attested, attested, attestedList, misfitOf, type Spoken } from './attestation.ts'
import { type Clock, clockAt, clockWith } from './clock.ts'
import { audDigest } from './floors.ts'
import type { Memory } from './memory.ts'
import type { Steps } from './steps.ts'
import { newestIn, type Trust } from './trust.ts'
import type { LicenseFacts } from './verdict.ts'
import type { Warning } from './warnings.ts'

/** One genuine code, with all that statements and lists about it are judged by. */
export type Case = readonly [code: LicenseFacts, product: number, ...Circumstances]

/** What does not depend on the code. */
export type Circumstances = readonly [
  /** Those beside the license text; of a `Case` also those in it. */
  certificates: readonly Guarded[],
  trust: Trust,
  memory: Memory,
  /** The product's code, where the program named it. */
  productCode: unknown,
  /** Takes what the program should know. */
  warn: (warning: Warning) => unknown,
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
  buildTime: number,
  [statementText, listText, nonce]: Given,
): Steps<Heard> {
  const [, product, certificates, trust, memory, productCode, warn] = about
  const before = clockAt(now, Math.max(buildTime, memory[2]?.[0] ?? -Infinity))
  const statement = isGiven(statementText)
    ? heard(
        about,
        'statement',
        yield* attested(STATEMENT, statementText, product, certificates, trust),
        productCode,
        nonce,
        before,
      )
    : null
  const clock = statement ? clockWith(before, statement[0].iat, statement[2]) : before
  const named = typeof productCode === 'string' ? productCode : statement?.[0].aud
  const list = isGiven(listText)
    ? heard(
        about,
        'list',
        yield* attestedList(listText, product, certificates, trust),
        named,
        undefined,
        clock,
      )
    : null
  if (!clock[2] && now < Math.max(clock[0], clock[1])) warn('clock_behind')
  return [statement, list && [list[0], list[1], yield* isRolledBack(about, list[0], clock)], before, clock]
}

const isGiven = (text: unknown): boolean => text !== undefined && text !== null

/** An object that fits the case, and whether it echoes the nonce that was sent; else null, and a warning. */
function heard<T extends Spoken>(
  [{ id }, product, , , , , warn]: Case,
  name: 'statement' | 'list',
  found: Attested<T>,
  productCode: unknown,
  nonce: unknown,
  clock: Clock,
): readonly [claims: T, key: string, isFresh: boolean] | null {
  let fault: string | null = found as string
  let isFresh = false
  if (typeof found !== 'string') {
    const [claims] = found
    isFresh = typeof nonce === 'string' && claims.nonce === nonce
    fault = misfitOf(claims, id, product, productCode, clock, isFresh)
    if (nonce !== undefined && !isFresh && !fault?.startsWith('wrong')) warn('statement_not_fresh')
    if (fault === null) return [...found, isFresh]
  }
  warn(`${name}_${fault}` as Warning)
  return null
}

function* isRolledBack(
  [, , , trust, memory, , warn]: Case,
  { aud, number, root, next_update }: RevocationList,
  clock: Clock,
): Steps<boolean> {
  if (root > newestIn(trust)) warn('manifests_behind')
  if (clock[0] > next_update) warn('list_overdue')
  const digest = yield* audDigest(aud)
  return memory[3].some(([product, highest]) => product === digest && number < highest)
}
