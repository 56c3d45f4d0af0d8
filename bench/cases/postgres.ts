import { type CaseReport, goal, type Ratio, required } from '../report/case-report.ts'
import { measuredTable } from '../report/measured-table.ts'
import { interleave, medianOver, phaseOf, quotient, type Round } from '../rounds.ts'
import type { Bench } from './bench.ts'
import { COMMITTERS, databaseTable, type SellingRound, sellingRound } from './postgres-purchases.ts'
import { openShop } from './postgres-shop.ts'

type Committer = (typeof COMMITTERS)[number]
type Rounds = readonly Round<Committer, SellingRound>[]

/** Purchases on PostgreSQL: the product beside itself without shared transactions, and beside mocks with and without. */
export async function postgresCase(bench: Bench): Promise<CaseReport> {
  const shop = await openShop(bench)
  try {
    const rounds = await interleave(COMMITTERS, bench.options.rounds, (name) =>
      sellingRound(bench, shop, name),
    )
    return {
      name: 'postgres',
      title: 'PostgreSQL: purchases, durable before the answer',
      notes: [
        shop.server.durability,
        'Server on one core, PostgreSQL and the load generator on the other.',
        'A transaction per call: the same program on the same pool of ten connections, which shares no transaction. A round trip per statement: it also waits for each statement. One transaction at a time: on one connection.',
        'The mocks have the same cryptography and the same rows, and nothing else: all that waits in one statement; a statement per call; BEGIN to COMMIT as the driver documents it.',
      ],
      tables: [
        measuredTable('New orders, 32 in flight', COMMITTERS, phaseOf(rounds, COMMITTERS, 'sold')),
        measuredTable('New orders, 128 in flight', COMMITTERS, phaseOf(rounds, COMMITTERS, 'crowded')),
        measuredTable('New orders, one at a time', COMMITTERS, phaseOf(rounds, COMMITTERS, 'alone')),
        databaseTable(COMMITTERS, rounds),
      ],
      ratios: ratios(rounds),
      rounds,
    }
  } finally {
    await shop.close()
  }
}

function ratios(rounds: Rounds): readonly Ratio[] {
  const own = 'a transaction per call'
  const mock = 'mock: shared transactions'
  const faster = (name: Committer, than: Committer, target: Ratio['target'] = null): Ratio => ({
    what: `new orders/s, ${shared(name)} / ${than}`,
    value: medianOver(rounds, (round) => round[name].sold.perSecond / round[than].sold.perSecond),
    target,
  })
  return [
    faster('licet', own, required('at least', 2.5)),
    faster('licet', 'a round trip per statement'),
    faster('licet', 'one transaction at a time'),
    faster(mock, 'mock: a transaction per call'),
    faster(mock, 'mock: as documented'),
    faster('licet', mock),
    {
      what: `CPU per new order, licet / ${mock}`,
      value: medianOver(rounds, (round) => quotient(round.licet.sold.cpuMicros, round[mock].sold.cpuMicros)),
      target: null,
    },
    {
      what: 'p50 one at a time, shared transactions / a transaction per call',
      value: medianOver(rounds, (round) => round.licet.alone.p50Micros / round[own].alone.p50Micros),
      target: goal('at most', 1.25),
    },
  ]
}

const shared = (name: Committer): string => (name === 'licet' ? 'licet: shared transactions' : name)
