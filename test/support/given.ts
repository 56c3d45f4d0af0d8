import { expect } from 'vitest'
import type { Command } from '../../src/domain/commands.ts'
import { decide } from '../../src/domain/decide.ts'
import type { Event } from '../../src/domain/events.ts'
import { evolve } from '../../src/domain/evolve.ts'
import type { License } from '../../src/domain/license.ts'
import type { Refusal } from '../../src/domain/refusal.ts'
import type { Seconds } from '../../src/domain/time.ts'

/** Given what happened, when somebody asks, then this happens: rules without a database. */
export function given(history: readonly Event[]) {
  const license = history.reduce<License | null>(evolve, null)
  return { when: (command: Command, now: Seconds) => outcome(license, command, now) }
}

function outcome(license: License | null, command: Command, now: Seconds) {
  const decision = decide(license, command, now)
  return {
    /** Exactly these events, in this order. */
    thenHappened: (events: readonly Event[]) => expect(decision).toEqual({ ok: true, value: events }),
    /** Success without an event. */
    thenNothing: () => expect(decision).toEqual({ ok: true, value: [] }),
    /** A no with exactly this evidence. */
    thenRefused: (refusal: Refusal) => expect(decision).toEqual({ ok: false, no: refusal }),
  }
}
