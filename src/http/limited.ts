import type { Authority } from '../authority/authority.ts'
import type { AppOptions } from './app.ts'
import { problem } from './problem.ts'
import { ALLOWANCE, createRateLimit } from './rate-limit.ts'
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
