import { type CaseReport, type Ratio, required } from '../report/case-report.ts'
import { measuredTable } from '../report/measured-table.ts'
import { interleave, medianOver, phaseOf } from '../rounds.ts'
import { type Bench, IN_FLIGHT } from './bench.ts'
import { CROWD, databaseTable, FLEETS, sellingRound } from './postgres-purchases.ts'
import { openShop } from './postgres-shop.ts'

/** Purchases on PostgreSQL by four processes and by one: the product's, and those of a mock that has nothing to spare. */
export async function postgresFleetsCase(bench: Bench): Promise<CaseReport> {
  const shop = await openShop(bench)
  try {
    const rounds = await interleave(FLEETS, bench.options.rounds, (name) => sellingRound(bench, shop, name))
    const faster = (
      phase: 'sold' | 'crowded',
      four: (typeof FLEETS)[number],
      one: (typeof FLEETS)[number],
      target: Ratio['target'],
    ): Ratio => ({
      what: `new orders/s on two cores, ${phase === 'sold' ? IN_FLIGHT : CROWD} in flight, ${four} / ${one}`,
      value: medianOver(rounds, (round) => round[four][phase].perSecond / round[one][phase].perSecond),
      target,
    })
    return {
      name: 'postgres-fleets',
      title: 'PostgreSQL: purchases by one process and by four',
      notes: ['Everything but the load generator on both cores.'],
      tables: [
        measuredTable('New orders, 32 in flight, both cores', FLEETS, phaseOf(rounds, FLEETS, 'sold')),
        measuredTable('New orders, 128 in flight, both cores', FLEETS, phaseOf(rounds, FLEETS, 'crowded')),
        databaseTable(FLEETS, rounds),
      ],
      ratios: [
        faster('crowded', 'four processes', 'one process', required('at least', 1)),
        faster('crowded', 'four mocks', 'one mock', null),
        faster('sold', 'four processes', 'one process', required('at least', 1)),
        faster('sold', 'four mocks', 'one mock', null),
      ],
      rounds,
    }
  } finally {
    await shop.close()
  }
}
