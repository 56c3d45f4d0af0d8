import { toHex } from '../../../format/bytes.ts'
import type { HuaweiCall, HuaweiCaller, Moment } from '../caller.ts'
import { type Attempt, type Expectation, type Heard, judge } from './judge.ts'
import type { Schedule } from './schedule.ts'

/** The line to the seller, with the clock and the randomness of the desk. */
export interface Line {
  /** Sends a call and waits `PATIENCE_MS` at most; never throws. */
  send(call: HuaweiCall): Promise<Heard>
  /** Unix milliseconds. */
  nowMs(): number
  random(length: number): Uint8Array
  /** Lets this many milliseconds of the marketplace pass, which may be fewer on the wall. */
  pause(marketMs: number): Promise<void>
  /** Lets this many milliseconds pass on the wall: what the seller does takes its time, however fast days go. */
  rest(wallMs: number): Promise<void>
}

/** What came of one activity: its last attempt decides, as in the seller's console. */
export interface Delivery extends Attempt {
  readonly delivered: boolean
  readonly attempts: readonly Attempt[]
}

/** A moment that was never used before. */
export const momentOf = (line: Line): Moment => ({ nowMs: line.nowMs(), nonce: toHex(line.random(16)) })

/**
 * Calls until it is delivered or the schedule is over. Every try is signed anew, with a fresh nonce: that is how the
 * marketplace retries. `heard` is told each try.
 */
export async function deliver(
  line: Line,
  caller: Pick<HuaweiCaller, 'bodySignHolds'>,
  schedule: Schedule,
  build: (moment: Moment) => HuaweiCall,
  expected: Expectation = {},
  heard: (attempt: Attempt) => void = () => undefined,
): Promise<Delivery> {
  const attempts: Attempt[] = []
  for (;;) {
    const call = build(momentOf(line))
    const attempt = judge(caller, call, await line.send(call), expected)
    attempts.push(attempt)
    heard(attempt)
    const delivered = attempt.failure === null
    if (delivered || attempts.length > schedule.retries) return { ...attempt, delivered, attempts }
    await line.pause(schedule.pauseMs)
  }
}
