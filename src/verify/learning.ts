import type { Sha256 } from '../format/bytes.ts'
import type { LicenseCode } from '../format/license-code.ts'
import { type Clock, latest } from './clock.ts'
import { audDigest, raisedList, raisedTime, type SignedTime, withVoice } from './floors.ts'
import type { HeardList, HeardStatement } from './hearing.ts'
import type { Memory } from './memory.ts'
import { CLOCK_TOLERANCE } from './verify-license.ts'
import type { Voice } from './voices.ts'

/** What one verification accepted: a genuine code, and what was listened to beside it. */
export interface Accepted {
  readonly code: LicenseCode
  /** The code's own voice, and the one that decided. */
  readonly own: Voice
  readonly decider: Voice
  readonly statement: HeardStatement | null
  readonly list: HeardList | null
  /** The clock before and after the statement was heard. */
  readonly before: Clock
  readonly clock: Clock
  readonly sha256: Sha256
}

/** The memory after a verification (contract 1.5, "Floors"). A code dated ahead of the clock leaves nothing in it. */
export function learned(memory: Memory, accepted: Accepted): Memory {
  const { code, own, decider, clock, list, sha256 } = accepted
  const isTooEarly = !(code.issuedAt <= latest(clock) + CLOCK_TOLERANCE)
  const isLearned = decider !== own || !isTooEarly
  return {
    ...memory,
    time: raisedTime(
      isSetAside(accepted) ? null : memory.time,
      datesIn(accepted, isTooEarly),
      clock.rolledBack ? null : clock.now,
    ),
    lists:
      list === null
        ? memory.lists
        : raisedList(memory.lists, {
            aud: audDigest(list.claims.aud, sha256),
            number: list.claims.number,
            key: list.key,
          }),
    licenses: isLearned ? withVoice(memory.licenses, code.licenseId, lasting(decider)) : memory.licenses,
  }
}

/**
 * What stays of a voice. That a revision was active says later only that older ones are superseded: whatever speaks of
 * that revision itself knows more, so it has no date to be weighed by.
 */
function lasting(voice: Voice): Voice {
  return voice.word === 'active' ? { ...voice, at: 0 } : voice
}

/** A fresh statement showed the way out below the floor: the floor was wrong. */
function isSetAside({ statement, before, clock }: Accepted): boolean {
  return statement?.isFresh === true && before.rolledBack && !clock.rolledBack
}

function datesIn({ code, own, statement, list }: Accepted, isTooEarly: boolean): readonly SignedTime[] {
  const dates: SignedTime[] = isTooEarly ? [] : [{ at: code.issuedAt, key: own.key }]
  for (const heard of [statement, list]) {
    if (heard !== null) dates.push({ at: heard.claims.iat, key: heard.key })
  }
  return dates
}
