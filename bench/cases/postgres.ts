import { type CaseReport, goal, type Ratio, required, type Table } from '../report/case-report.ts'
import { measuredTable } from '../report/measured-table.ts'
import { interleave, type Measured, medianOver, quotient, type Round } from '../rounds.ts'
import type { Bench } from './bench.ts'
import { COMMITTERS, FLEETS, type Seller, type SellingRound, sellingRound } from './postgres-purchases.ts'
import { openShop } from './postgres-shop.ts'
import { sellCodes, VALIDATORS, type ValidatingRound, validatingRound } from './postgres-validations.ts'

interface Found {
  readonly committing: readonly Round<(typeof COMMITTERS)[number], SellingRound>[]
  readonly fleets: readonly Round<(typeof FLEETS)[number], SellingRound>[]
  readonly validating: readonly Round<(typeof VALIDATORS)[number], ValidatingRound>[]
  readonly durability: string
}

/** The product on PostgreSQL: purchases beside the same program without shared transactions, four processes beside one, and validations beside a mock. */
export async function postgresCase(bench: Bench): Promise<CaseReport> {
  const found = await measure(bench)
  const { committing, fleets, validating, durability } = found
  return {
    name: 'postgres',
    title: 'PostgreSQL: purchases durable before the answer, and validations',
    notes: [
      durability,
      'Server on one core, PostgreSQL and the load generator on the other; for one and four processes everything but the load generator on both.',
      'A transaction per call: the same program on the same pool of ten connections, which shares no transaction. A round trip per statement: it also waits for each statement. One transaction at a time: on one connection.',
    ],
    tables: [
      measuredTable('New orders, 32 in flight', COMMITTERS, phase(committing, COMMITTERS, 'sold')),
      measuredTable('New orders, one at a time', COMMITTERS, phase(committing, COMMITTERS, 'alone')),
      measuredTable('New orders, 32 in flight, both cores', FLEETS, phase(fleets, FLEETS, 'sold')),
      databaseTable(found),
      measuredTable('Validations, 32 in flight', VALIDATORS, phase(validating, VALIDATORS, 'loaded')),
      measuredTable('Validations, one at a time', VALIDATORS, phase(validating, VALIDATORS, 'alone')),
    ],
    ratios: ratios(found),
    rounds: found,
  }
}

async function measure(bench: Bench): Promise<Found> {
  const { rounds } = bench.options
  const shop = await openShop(bench)
  try {
    const selling = (name: Seller) => sellingRound(bench, shop, name)
    const committing = await interleave(COMMITTERS, rounds, selling)
    const fleets = await interleave(FLEETS, rounds, selling)
    const sold = await sellCodes(bench, shop)
    const validating = await interleave(VALIDATORS, rounds, (name) =>
      validatingRound(bench, shop, name, sold),
    )
    return { committing, fleets, validating, durability: shop.server.durability }
  } finally {
    await shop.close()
  }
}

function phase<Name extends string, Phase extends string>(
  rounds: readonly Round<Name, Readonly<Record<Phase, Measured>>>[],
  names: readonly Name[],
  of: Phase,
): Round<Name, Measured>[] {
  return rounds.map(
    (round) => Object.fromEntries(names.map((name) => [name, round[name][of]])) as Round<Name, Measured>,
  )
}

function databaseTable({ committing, fleets, validating }: Found): Table {
  const selling = <Name extends string>(
    names: readonly Name[],
    rounds: readonly Round<Name, SellingRound>[],
  ) =>
    names.map((name) => [
      `purchase: ${name}`,
      medianOver(rounds, (round) => round[name].databaseMicros),
      medianOver(rounds, (round) => round[name].transactions),
    ])
  return {
    title: 'PostgreSQL, 32 in flight',
    columns: ['', 'CPU us/req', 'writing transactions/req'],
    rows: [
      ...selling(COMMITTERS, committing),
      ...selling(FLEETS, fleets),
      ...VALIDATORS.map((name) => [
        `validation: ${name}`,
        medianOver(validating, (round) => round[name].databaseMicros),
        null,
      ]),
    ],
  }
}

function ratios({ committing, fleets, validating }: Found): readonly Ratio[] {
  const own = 'a transaction per call'
  const faster = (name: (typeof COMMITTERS)[number]) =>
    medianOver(committing, (round) => round.licet.sold.perSecond / round[name].sold.perSecond)
  return [
    {
      what: `new orders/s, shared transactions / ${own}`,
      value: faster(own),
      target: required('at least', 2.5),
    },
    ...(['a round trip per statement', 'one transaction at a time'] as const).map((name) => ({
      what: `new orders/s, shared transactions / ${own}, ${name}`,
      value: faster(name),
      target: null,
    })),
    {
      what: 'p50 one at a time, shared transactions / a transaction per call',
      value: medianOver(committing, (round) => round.licet.alone.p50Micros / round[own].alone.p50Micros),
      target: goal('at most', 1.25),
    },
    {
      what: 'new orders/s on two cores, four processes / one',
      value: medianOver(
        fleets,
        (round) => round['four processes'].sold.perSecond / round['one process'].sold.perSecond,
      ),
      target: required('at least', 1),
    },
    {
      what: 'validations/s, licet / mock',
      value: medianOver(validating, ({ licet, mock }) => licet.loaded.perSecond / mock.loaded.perSecond),
      target: required('at least', 0.7),
    },
    {
      what: 'CPU per validation, licet / mock',
      value: medianOver(validating, ({ licet, mock }) =>
        quotient(licet.loaded.cpuMicros, mock.loaded.cpuMicros),
      ),
      target: null,
    },
  ]
}
