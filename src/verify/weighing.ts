import { encodeBase64url } from '../format/base64url.ts'
import { bindDevice } from '../format/license-code.ts'
import { keyName } from './chain.ts'
import { type Clock, clockAt, clockWith } from './clock.ts'
import {
  type HeardList,
  type HeardStatement,
  type Hearing,
  hearList,
  hearStatement,
  isTakenBack,
  listVoices,
  statementVoice,
} from './hearing.ts'
import { learned } from './learning.ts'
import type { Memory } from './memory.ts'
import { factsOf } from './names.ts'
import type { Question } from './options.ts'
import { ruling } from './ruling.ts'
import type { Steps } from './steps.ts'
import { newestIn } from './trust.ts'
import { refused, type Verdict } from './verdict.ts'
import { type Genuineness, misfit } from './verify-license.ts'
import { decisive, type Voice } from './voices.ts'

export type Genuine = Extract<Genuineness, { ok: true }>

/** A statement and a list as they were given, or null or undefined. */
export interface Given {
  readonly statement: unknown
  readonly list: unknown
}

export interface Weighed {
  readonly verdict: Verdict
  /** What is known from now on. */
  readonly memory: Memory
}

/** The verdict on a genuine code, with all that is said about its license (contract 1.5, "Precedence"). */
export function* weigh(
  { code: { value: code }, certificate }: Genuine,
  question: Question,
  given: Given,
  about: Omit<Hearing, 'code'>,
): Steps<Weighed> {
  const { sha256, memory } = about
  const facts = factsOf(code, question.product === code.product ? question.names : null)
  const misfits = misfit(code, question, sha256)
  if (misfits !== null) return { verdict: refused(misfits, facts), memory }

  const hearing: Hearing = { ...about, code }
  const heard = yield* hear(hearing, question, given)
  const { statement, list, before, clock } = heard
  const { revision, issuedAt: at } = code
  const own: Voice = { by: 'code', revision, at, word: 'active', key: keyName(certificate) }
  const said = statement === null ? null : statementVoice(statement)
  const decider = decisive(own, otherVoices(hearing, said, list))
  const isListRolledBack = list?.isRolledBack ?? false
  const byStatement = said === null || decider !== said ? null : statement
  const mayPermit = statement !== null && isForHere(statement, question, hearing)
  const verdict = ruling({ code, facts, byStatement, decider, clock, isListRolledBack, mayPermit })
  return {
    verdict: { ...verdict, decidedBy: decider.by },
    memory: learned(memory, { code, own, decider, statement, list, before, clock, sha256 }),
  }
}

interface HeardAll {
  readonly statement: HeardStatement | null
  readonly list: HeardList | null
  /** The clock before and after the statement was heard. */
  readonly before: Clock
  readonly clock: Clock
}

function* hear(hearing: Hearing, { now, buildTime }: Question, given: Given): Steps<HeardAll> {
  const { memory, trust, warn } = hearing
  const before = clockAt(now, buildTime, memory.time?.seen)
  const statement = yield* hearStatement(hearing, given.statement, before)
  const clock = statement === null ? before : clockWith(before, statement.claims.iat, statement.isFresh)
  const list = yield* hearList(hearing, given.list, clock, statement)
  if (list !== null && list.claims.root > newestIn(trust)) warn('manifests_behind')
  if (!clock.rolledBack && before.now < Math.max(clock.now, clock.floor)) warn('clock_behind')
  return { statement, list, before, clock }
}

/** What was remembered, what the statement says and what the list says: in this order, the later has the last word. */
function otherVoices(
  { code: { licenseId }, memory }: Hearing,
  said: Voice | null,
  list: HeardList | null,
): readonly Voice[] {
  const listed = list === null || list.isRolledBack ? [] : listVoices(list, licenseId)
  const remembered = memory.licenses.find(({ id }) => id === licenseId)?.voice
  const isStanding = remembered !== undefined && !isTakenBack(remembered, list, listed)
  return [...(isStanding ? [remembered] : []), ...(said === null ? [] : [said]), ...listed]
}

/** A statement permits nothing where a newer root manifest may have revoked its key, or on another device. */
function isForHere(
  { claims }: HeardStatement,
  { fingerprint }: Question,
  { trust, sha256, warn }: Hearing,
): boolean {
  const isKnownRoot = claims.root <= newestIn(trust)
  if (!isKnownRoot) warn('manifests_behind')
  const device = fingerprint === null ? null : bindDevice(fingerprint, sha256)
  const isHere = claims.device === undefined || (device !== null && claims.device === encodeBase64url(device))
  if (!isHere) warn('statement_wrong_device')
  return isKnownRoot && isHere
}
