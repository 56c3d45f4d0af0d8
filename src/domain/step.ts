import type { Command } from './commands.ts'
import { decide } from './decide.ts'
import type { Event } from './events.ts'
import { evolve, withOrder } from './evolve.ts'
import type { License } from './license.ts'
import type { Refusal } from './refusal.ts'
import { type Result, yes } from './result.ts'
import type { Seconds } from './time.ts'

export interface Step {
  readonly license: License
  /** Contiguous from the revision before plus one; none when nothing changed. */
  readonly events: readonly Event[]
}

/**
 * One command from decision to the license after it. The order a command cites is noted also when it
 * changed nothing, so that it cannot apply later (contract 3.1): a renewal that came too late to extend must
 * not extend after a shortening. When nothing changed and no order was new, `license` is the same object.
 */
export function step(license: License | null, command: Command, now: Seconds): Result<Step, Refusal> {
  const decision = decide(license, command, now)
  if (!decision.ok) return decision
  const after = note(evolveAll(license, decision.value), command)
  return yes({ license: after, events: decision.value })
}

/** A license after several events; throws as `evolve` does, and when there is neither license nor event. */
export function evolveAll(license: License | null, events: readonly Event[]): License {
  const after = events.reduce<License | null>(evolve, license)
  if (after === null) throw new Error('there is no license and no event that makes one')
  return after
}

function note(license: License, command: Command): License {
  const cited = withOrder(license.orders, 'order' in command ? (command.order ?? null) : null)
  const orders = withOrder(cited, command.type === 'shorten' ? (command.cancels ?? null) : null)
  return orders === license.orders ? license : { ...license, orders }
}
