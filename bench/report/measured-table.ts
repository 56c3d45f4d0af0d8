import { type Measured, medianOver, type Round } from '../rounds.ts'
import type { Table } from './case-report.ts'

/** Medians over the rounds; p99 is the best of them, because a neighbour can only make it worse. */
export function measuredTable<Name extends string>(
  title: string,
  names: readonly Name[],
  rounds: readonly Round<Name, Measured>[],
): Table {
  return {
    title,
    columns: ['', 'req/s', 'CPU us/req', 'p50 us', 'best p99 us'],
    rows: names.map((name) => {
      const of = (pick: (one: Measured) => number | null) => medianOver(rounds, (round) => pick(round[name]))
      const bestP99 = Math.min(...rounds.map((round) => round[name].p99Micros))
      return [
        name,
        of((one) => one.perSecond),
        of((one) => one.cpuMicros),
        of((one) => one.p50Micros),
        bestP99,
      ]
    }),
  }
}
