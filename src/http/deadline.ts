import type { Authority } from '../authority/authority.ts'
import type { Reply } from './reply.ts'

/** Milliseconds. The marketplace gives up after 5 s; a callback is answered before that, whatever hangs. */
export const CALLBACK_DEADLINE = 4_000

/** Milliseconds until an activation is answered, which waits for up to three calls to the marketplace. */
export const ACTIVATION_DEADLINE = 7_000

/** Milliseconds until `/readyz` says no: whoever watches asks every few seconds and wants to know soon. */
export const READINESS_DEADLINE = 2_000

export interface Deadline {
  /** Settles when the time is up; never when `clear` came first. */
  readonly expired: Promise<void>
  clear(): void
}

export function startDeadline(milliseconds: number): Deadline {
  let timer: ReturnType<typeof setTimeout> | undefined
  const expired = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds)
  })
  return { expired, clear: () => clearTimeout(timer) }
}

/**
 * The answer of `work`, or `late` when the time is up first, with a line in the log. What goes on after it is heard
 * by nobody: good for work that changes nothing. `work` is given what settles when the time is up.
 */
export async function inTime(
  { log }: Authority,
  requestId: string,
  milliseconds: number,
  work: (expired: Promise<void>) => Reply | Promise<Reply>,
  late: () => Reply,
): Promise<Reply> {
  const { expired, clear } = startDeadline(milliseconds)
  const giveUp = () => {
    log.error('request_deadline', { requestId, milliseconds })
    return late()
  }
  try {
    return await Promise.race([work(expired), expired.then(giveUp)])
  } finally {
    clear()
  }
}
