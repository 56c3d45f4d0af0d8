import { type CaseReport, type Ratio, required } from '../report/case-report.ts'
import { measuredTable } from '../report/measured-table.ts'
import { interleave, medianOver, phaseOf } from '../rounds.ts'
import type { Bench } from './bench.ts'
import { databaseTable, FLEETS, sellingRound } from './postgres-purchases.ts'
import { openShop } from './postgres-shop.ts'

/** Purchases on PostgreSQL by four processes and by one: the product's, and those of a mock that has nothing to spare. */
export async function postgresFleetsCase(bench: Bench): Promise<CaseReport> {
  const shop = await openShop(bench)
  try {
    const rounds = await interleave(FLEETS, bench.options.rounds, (name) => sellingRound(bench, shop, name))
    const faster = (
      four: (typeof FLEETS)[number],
      one: (typeof FLEETS)[number],
      target: Ratio['target'],
    ): Ratio => ({
      what: `new orders/s on two cores, ${four} / ${one}`,
      value: medianOver(rounds, (round) => round[four].sold.perSecond / round[one].sold.perSecond),
      target,
    })
    return {
      name: 'postgres-fleets',
      title: 'PostgreSQL: purchases by one process and by four',
      notes: ['Everything but the load generator on both cores.'],
      tables: [
        measuredTable('New orders, 32 in flight, both cores', FLEETS, phaseOf(rounds, FLEETS, 'sold')),
        databaseTable(FLEETS, rounds),
      ],
      ratios: [
        faster('four processes', 'one process', required('at least', 1)),
        faster('four mocks', 'one mock', null),
      ],
      rounds,
    }
  } finally {
    await shop.close()
  }
}
