import pg from 'pg'
import { openPostgres } from '../../src/store/postgres/open.ts'
import { median } from '../report/statistics.ts'
import { interleave } from '../rounds.ts'
import { SCHEMA } from '../server/mock.ts'
import { postgresSizes } from './postgres-sizes.ts'
import { type ScaleFound, type ScaleSettings, SIZES } from './scale.ts'
import { costs, elapsedMicros, insert, type Measure, type Opened, warmedUp } from './scale-costs.ts'
import { fillPostgres } from './scale-postgres-fill.ts'

/**
 * The product's store on a small and on a large PostgreSQL database, in turn, in one process; all by the clock, since most of
 * the work is the server's. Prints what it found as JSON.
 */
const settings: ScaleSettings = JSON.parse(process.argv[2]!)
const now = Math.floor(Date.now() / 1000)
const WARMING_SALES = 6_400
const IN_FLIGHT = 32

async function opened(size: (typeof SIZES)[number]): Promise<Opened> {
  const url = settings.databases[size]
  const store = await openPostgres(url, { schema: SCHEMA, create: true, chance: Math.random })
  const filled = await fillPostgres(url, store, settings.licenses[size], now)
  return warmedUp({ store, filled: { ...filled, bytesPerLicense: await sizesOf(url, size) } })
}

async function sizesOf(url: string, size: (typeof SIZES)[number]): Promise<Record<string, number>> {
  const client = new pg.Client(url)
  await client.connect()
  const sizes = await postgresSizes(client, settings.licenses[size])
  await client.end()
  return sizes
}

/** The median, by the clock. */
const byTheClock: Measure = async (times, act) => {
  const micros: number[] = []
  for (let i = 0; i < times; i++) micros.push(await elapsedMicros(() => act(i)))
  return median(micros)
}

/** Sales until most pages of the indexes were written since the checkpoint, as they are on a server that sells. */
async function sellAlong({ store }: Opened): Promise<void> {
  for (let sold = 0; sold < WARMING_SALES; sold += IN_FLIGHT)
    await Promise.all(Array.from({ length: IN_FLIGHT }, () => insert(store, now)))
}

const began = performance.now()
const databases = { small: await opened('small'), large: await opened('large') }
const fillSeconds = (performance.now() - began) / 1000
const measured = (size: (typeof SIZES)[number], round: number) =>
  costs(databases[size], { round, now, measure: byTheClock })
// The first round warms caches and compiles; it is not kept.
await interleave(SIZES, 1, async (size) => {
  await sellAlong(databases[size])
  await measured(size, 0)
})
const rounds = await interleave(SIZES, settings.rounds, (size, round) => measured(size, round + 1))
const bytesPerLicense = {
  small: databases.small.filled.bytesPerLicense,
  large: databases.large.filled.bytesPerLicense,
}
for (const { store } of Object.values(databases)) await store.close()
console.log(JSON.stringify({ fillSeconds, bytesPerLicense, rounds } satisfies ScaleFound))
