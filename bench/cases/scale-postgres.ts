import type { CaseReport } from '../report/case-report.ts'
import { startDatabase } from '../server/database.ts'
import type { Bench } from './bench.ts'
import { licensesOf, measuredScale, scaleReport } from './scale.ts'

/** As `scale`, on PostgreSQL. */
export async function scalePostgresCase({ options, work }: Bench): Promise<CaseReport> {
  const server = await startDatabase(work)
  try {
    const licenses = licensesOf(options)
    const databases = { small: await server.create(), large: await server.create() }
    const program = new URL('scale-postgres-child.ts', import.meta.url)
    const found = await measuredScale(program, { databases, rounds: options.rounds, licenses })
    return scaleReport(found, licenses, {
      name: 'scale-postgres',
      engine: 'PostgreSQL',
      measured: 'Microseconds each, by the clock (p50)',
      notes: [
        server.durability,
        'Filled by COPY, then VACUUM ANALYZE and a checkpoint; sales were measured after 6,400 others, since a page costs more when it is first changed after a checkpoint.',
      ],
    })
  } finally {
    await server.stop()
  }
}
