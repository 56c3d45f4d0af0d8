import { openSqlite } from '../../src/store/sqlite/open.ts'
import { cpuMicrosOf } from '../report/own-time.ts'
import { interleave } from '../rounds.ts'
import { SCHEMA } from '../server/mock.ts'
import { type ScaleFound, type ScaleSettings, SIZES } from './scale.ts'
import { costs, type Opened, warmedUp } from './scale-costs.ts'
import { fill } from './scale-fill.ts'

/**
 * The product's store on a small and on a large SQLite database, in turn, in one process; reads in processor time. Prints
 * what it found as JSON.
 */
const settings: ScaleSettings = JSON.parse(process.argv[2]!)
const now = Math.floor(Date.now() / 1000)

async function opened(size: (typeof SIZES)[number]): Promise<Opened> {
  const path = settings.databases[size]
  const filled = await fill(path, settings.licenses[size], now)
  return warmedUp({ store: openSqlite(path, { schema: SCHEMA, create: false }), filled })
}

const began = performance.now()
const databases = { small: await opened('small'), large: await opened('large') }
const fillSeconds = (performance.now() - began) / 1000
const measured = (size: (typeof SIZES)[number], round: number) =>
  costs(databases[size], { round, now, measure: cpuMicrosOf })
// The first round warms caches and compiles; it is not kept.
await interleave(SIZES, 1, (size) => measured(size, 0))
const rounds = await interleave(SIZES, settings.rounds, (size, round) => measured(size, round + 1))
const bytesPerLicense = {
  small: databases.small.filled.bytesPerLicense,
  large: databases.large.filled.bytesPerLicense,
}
for (const { store } of Object.values(databases)) await store.close()
console.log(JSON.stringify({ fillSeconds, bytesPerLicense, rounds } satisfies ScaleFound))
