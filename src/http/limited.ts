import type { Authority } from '../authority/authority.ts'
import type { AppOptions } from './app.ts'
import { problem } from './problem.ts'
import { ALLOWANCE, createRateLimit, GUESSES, UNNAMED_GUESSES } from './rate-limit.ts'
import type { Answering } from './reply.ts'

/**
 * For questions that anybody may ask: each client's share of all of them together, 429 with `Retry-After` beyond it
 * (RFC 6585 4). Who is not known is not held back: clients behind an unnamed proxy would share one allowance.
 */
export function limited(
  { ambient }: Authority,
  clientOf: AppOptions['clientOf'],
): (answer: Answering) => Answering {
  if (clientOf === undefined) return (answer) => answer
  const limit = createRateLimit(ALLOWANCE)
  return (answer) => (c, requestId) => {
    const incoming = c.env?.incoming
    const client = incoming === undefined ? null : clientOf(incoming)
    const wait = client === null ? 0 : limit.take(client, ambient.nowMs())
    if (wait === 0) return answer(c, requestId)
    return problem('rate_limited', undefined, { 'retry-after': String(wait) })
  }
}

/** A client's share of what may be asked of a marketplace for who has shown nothing yet. */
export interface Share {
  /** Whole seconds until there is one; 0: it is taken. */
  take(): number
  giveBack(): void
}

const NO_LIMIT: Share = { take: () => 0, giveBack: () => undefined }

/**
 * As `limited`, of guesses; those who are not known have one allowance together. A marketplace that shuts out the seller
 * for what others try would stop every sale, which is worse than waiting.
 */
export function guessing(
  { ambient }: Authority,
  clientOf: AppOptions['clientOf'],
): (c: Parameters<Answering>[0]) => Share {
  if (clientOf === undefined) return () => NO_LIMIT
  const [named, unnamed] = [createRateLimit(GUESSES), createRateLimit(UNNAMED_GUESSES)]
  return (c) => {
    const incoming = c.env?.incoming
    const client = incoming === undefined ? null : clientOf(incoming)
    const [limit, name] = client === null ? [unnamed, ''] : [named, client]
    return { take: () => limit.take(name, ambient.nowMs()), giveBack: () => limit.giveBack(name) }
  }
}
