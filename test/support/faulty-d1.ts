import { setTimeout as pause } from 'node:timers/promises'
import type { D1Binding, D1Statement } from '../../src/store/d1/engine.ts'

/**
 * What happens to one call of the database. `commits and throws`: it is done, and its answer lost. `stalls`: it is
 * done and answered late. `throws and lands later`: it is given up, and done all the same when nobody waits any more.
 */
export const FAULTS = [
  'fails before commit',
  'commits and throws',
  'stalls',
  'throws and lands later',
] as const
export type Fault = (typeof FAULTS)[number]

export interface FaultyD1 {
  readonly binding: D1Binding
  /** From now on calls are counted anew, and the fault is met. */
  arm(): void
  /** Calls since; a batch is one. */
  calls(): number
  /** Resolves when what was to land later has landed. */
  landed(): Promise<void>
}

const LOST = 'D1_ERROR: Network connection lost.'

/** D1 whose call number `at` after `arm`, counted from 1, meets the fault; all others are as they should be. */
export function faultyD1(d1: D1Binding, fault: Fault | null, at: number, stallMs: number): FaultyD1 {
  const real = new WeakMap<D1Statement, D1Statement>()
  let calls = 0
  let armed = false
  let late: Promise<unknown> = Promise.resolve()

  async function call<T>(run: () => Promise<T>): Promise<T> {
    calls += 1
    if (fault === null || !armed || calls !== at) return run()
    switch (fault) {
      case 'fails before commit':
        throw new Error(LOST)
      case 'commits and throws':
        await run()
        throw new Error(LOST)
      case 'stalls':
        await pause(stallMs)
        return run()
      case 'throws and lands later':
        late = pause(stallMs).then(run)
        late.catch(() => undefined)
        throw new Error(LOST)
      default:
        return fault satisfies never
    }
  }

  function wrapped(statement: D1Statement): D1Statement {
    const one: D1Statement = {
      bind: (...values) => wrapped(statement.bind(...values)),
      all: () => call(() => statement.all()),
    }
    real.set(one, statement)
    return one
  }

  return {
    binding: {
      prepare: (sql) => wrapped(d1.prepare(sql)),
      batch: (statements) => call(() => d1.batch(statements.map((one) => real.get(one)!))),
    },
    arm() {
      armed = true
      calls = 0
    },
    calls: () => calls,
    landed: () =>
      late.then(
        () => undefined,
        () => undefined,
      ),
  }
}
