import { type CaseReport, type Ratio, required } from '../report/case-report.ts'
import { measuredTable } from '../report/measured-table.ts'
import { interleave, medianOver, phaseOf, quotient, type Round } from '../rounds.ts'
import type { Bench } from './bench.ts'
import { openShop } from './postgres-shop.ts'
import { sellCodes, VALIDATORS, type ValidatingRound, validatingRound } from './postgres-validating.ts'

type Rounds = readonly Round<(typeof VALIDATORS)[number], ValidatingRound>[]

/** Validations on PostgreSQL beside two mocks: one that verifies the code's signature, one that knows the code by its digest. */
export async function postgresValidationCase(bench: Bench): Promise<CaseReport> {
  const shop = await openShop(bench)
  try {
    const sold = await sellCodes(bench, shop)
    const rounds = await interleave(VALIDATORS, bench.options.rounds, (name) =>
      validatingRound(bench, shop, name, sold),
    )
    return {
      name: 'postgres-validation',
      title: 'PostgreSQL: validations',
      notes: ['Server on one core, PostgreSQL and the load generator on the other.'],
      tables: [
        measuredTable('32 in flight', VALIDATORS, phaseOf(rounds, VALIDATORS, 'loaded')),
        measuredTable('One at a time', VALIDATORS, phaseOf(rounds, VALIDATORS, 'alone')),
        {
          title: 'PostgreSQL, 32 in flight',
          columns: ['', 'CPU us/req'],
          rows: VALIDATORS.map((name) => [name, medianOver(rounds, (round) => round[name].databaseMicros)]),
        },
      ],
      ratios: [...ratiosTo('mock', rounds), ...ratiosTo('mock by digest', rounds)],
      rounds,
    }
  } finally {
    await shop.close()
  }
}

function ratiosTo(mock: 'mock' | 'mock by digest', rounds: Rounds): readonly Ratio[] {
  return [
    {
      what: `validations/s, licet / ${mock}`,
      value: medianOver(rounds, (round) => round.licet.loaded.perSecond / round[mock].loaded.perSecond),
      target: mock === 'mock' ? required('at least', 0.7) : null,
    },
    {
      what: `CPU per validation, licet / ${mock}`,
      value: medianOver(rounds, (round) =>
        quotient(round.licet.loaded.cpuMicros, round[mock].loaded.cpuMicros),
      ),
      target: null,
    },
  ]
}
