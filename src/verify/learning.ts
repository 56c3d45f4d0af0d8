import { CLOCK_TOLERANCE, latest } from './clock.ts'
import { audDigest, raisedLicense, raisedList, raisedTime, type SignedTime } from './floors.ts'
import type { Case, Heard } from './hearing.ts'
import type { Memory } from './memory.ts'
import type { Steps } from './steps.ts'
import type { Voice } from './voices.ts'

/**
 * The memory after a verification (contract 1.5, "Floors"): of the code's own voice, of the one that decided, of what
 * was listened to. A code dated ahead of the clock leaves nothing in it.
 */
export function* learned(
  [code, , , , [root, revoked, time, lists, licenses]]: Case,
  own: Voice,
  decider: Voice,
  [statement, list, before, clock]: Heard,
): Steps<Memory> {
  const isTooEarly = !(code.issuedAt <= latest(clock) + CLOCK_TOLERANCE)
  const dates: SignedTime[] = isTooEarly ? [] : [[code.issuedAt, own[4]]]
  for (const heard of [statement, list]) if (heard) dates.push([heard[0].iat, heard[1]])
  // A fresh statement showed the way out below the floor: the floor was wrong.
  const isSetAside = statement?.[2] && before[2] && !clock[2]
  return [
    root,
    revoked,
    raisedTime(isSetAside ? null : time, dates, clock[2] ? -Infinity : clock[0]),
    list ? raisedList(lists, [yield* audDigest(list[0].aud), list[0].number, list[1]]) : lists,
    decider === own && isTooEarly ? licenses : raisedLicense(licenses, [code.id, ...lasting(decider)]),
  ]
}

/**
 * What stays of a voice. That a revision was active says later only that older ones are superseded: whatever speaks of
 * that revision itself knows more, so it has no date to be weighed by.
 */
const lasting = ([by, revision, at, word, key]: Voice): Voice => [
  by,
  revision,
  word === 'active' ? 0 : at,
  word,
  key,
]
