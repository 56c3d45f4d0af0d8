import type { RunResult } from './load/protocol.ts'
import { median } from './report/statistics.ts'

/** What one contender did in one round of one phase. */
export interface Measured {
  readonly perSecond: number
  readonly cpuMicros: number | null
  readonly p50Micros: number
  readonly p99Micros: number
}

export function measured({ requests, seconds, cpuMicros, p50Micros, p99Micros }: RunResult): Measured {
  return { perSecond: requests / seconds, cpuMicros, p50Micros, p99Micros }
}

export type Round<Name extends string, T> = Readonly<Record<Name, T>>

/**
 * Measures every contender in every round, in turn and then in reverse: what drifts on the machine meets all of
 * them alike, and the ratio of one round is between neighbours in time.
 */
export async function interleave<Name extends string, T>(
  names: readonly Name[],
  rounds: number,
  measure: (name: Name, round: number) => Promise<T>,
): Promise<readonly Round<Name, T>[]> {
  const done: Round<Name, T>[] = []
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? names : names.toReversed()
    const results: [Name, T][] = []
    for (const name of order) results.push([name, await measure(name, round)])
    done.push(Object.fromEntries(results) as Round<Name, T>)
  }
  return done
}

/** The median over rounds of what a round says; null when one of them has nothing to say. */
export function medianOver<T>(rounds: readonly T[], pick: (round: T) => number | null): number | null {
  const picked = rounds.map(pick).filter((value) => value !== null)
  return picked.length < rounds.length ? null : median(picked)
}

/** Divides where both sides were measured. */
export function quotient(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a / b
}

/** One phase of every round. */
export function phaseOf<Name extends string, Phase extends string>(
  rounds: readonly Round<Name, Readonly<Record<Phase, Measured>>>[],
  names: readonly Name[],
  phase: Phase,
): Round<Name, Measured>[] {
  return rounds.map(
    (round) => Object.fromEntries(names.map((name) => [name, round[name][phase]])) as Round<Name, Measured>,
  )
}
