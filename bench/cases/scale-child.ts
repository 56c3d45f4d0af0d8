import type { Store } from '../../src/authority/ports.ts'
import { openSqlite } from '../../src/store/sqlite.ts'
import { cpuMicrosOf } from '../report/own-time.ts'
import { median } from '../report/statistics.ts'
import { interleave } from '../rounds.ts'
import { SCHEMA } from '../server/mock.ts'
import { type ScaleCosts, type ScaleFound, type ScaleSettings, SIZES } from './scale.ts'
import { type Filled, fill } from './scale-fill.ts'
import { sale } from './scale-sales.ts'

/** The product's store on a small and on a large database, in turn, in one process. Prints what it found as JSON. */
const settings: ScaleSettings = JSON.parse(process.argv[2]!)
const now = Math.floor(Date.now() / 1000)
const READS = 4_000
const PAGES = 200
const SWEEPS = 1_000
const INSERTS_ALONE = 100
const INSERTS_TOGETHER = 640
const IN_FLIGHT = 32

interface Opened {
  readonly store: Store
  readonly filled: Filled
}

/** Looks every sampled license up once: cold pages are a matter of the disk, not of the store. */
async function opened(size: (typeof SIZES)[number]): Promise<Opened> {
  const path = `${settings.directory}/${size}.db`
  const filled = await fill(path, settings.licenses[size], now)
  const store = openSqlite(path, { schema: SCHEMA, create: false })
  for (const id of filled.ids) {
    await store.byId(id)
    await store.byInstance('bench', id)
  }
  return { store, filled }
}

/** Reads in processor time, sales by the clock: they wait for the disk. */
async function costs({ store, filled }: Opened, round: number): Promise<ScaleCosts> {
  const idAt = (index: number) => filled.ids[(index * 7919 + round) % filled.ids.length]!
  return {
    byId: await cpuMicrosOf(READS, async (i) => found(await store.byId(idAt(i)))),
    byInstance: await cpuMicrosOf(READS, async (i) => found(await store.byInstance('bench', idAt(i)))),
    byOrder: await cpuMicrosOf(READS, (i) => store.byOrder('bench', { id: `CS${i}`, line: '1' })),
    page: await cpuMicrosOf(PAGES, async () => found((await store.page(filled.middle, 50)).items.at(49))),
    sweep: await cpuMicrosOf(SWEEPS, async () => nothing(await store.due(now, 200))),
    ...(await insertCosts(store)),
  }
}

async function insertCosts(
  store: Store,
): Promise<Pick<ScaleCosts, 'insertAlone' | 'insertTogether' | 'insertCpu'>> {
  const alone: number[] = []
  for (let i = 0; i < INSERTS_ALONE; i++) alone.push(await elapsedMicros(() => insert(store)))
  const together: number[] = []
  const cpu = await cpuMicrosOf(INSERTS_TOGETHER / IN_FLIGHT, async () => {
    const all = () => Promise.all(Array.from({ length: IN_FLIGHT }, () => insert(store)))
    together.push(await elapsedMicros(all))
  })
  return {
    insertAlone: median(alone),
    insertTogether: median(together) / IN_FLIGHT,
    insertCpu: cpu / IN_FLIGHT,
  }
}

let orders = 1_000_000_000

async function insert(store: Store): Promise<void> {
  const committed = await store.commit(sale(orders++, now).whole)
  if (committed !== 'committed') throw new Error('a new order met a conflict')
}

function found<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error('a license of the database was not found')
  return value
}

function nothing(due: readonly string[]): void {
  if (due.length > 0) throw new Error('a license is due that should not be')
}

async function elapsedMicros(act: () => Promise<unknown>): Promise<number> {
  const from = performance.now()
  await act()
  return (performance.now() - from) * 1000
}

const began = performance.now()
const databases = { small: await opened('small'), large: await opened('large') }
const fillSeconds = (performance.now() - began) / 1000
// The first round warms caches and compiles; it is not kept.
await interleave(SIZES, 1, (size) => costs(databases[size], 0))
const rounds = await interleave(SIZES, settings.rounds, (size, round) => costs(databases[size], round + 1))
const bytesPerLicense = {
  small: databases.small.filled.bytesPerLicense,
  large: databases.large.filled.bytesPerLicense,
}
for (const { store } of Object.values(databases)) await store.close()
console.log(JSON.stringify({ fillSeconds, bytesPerLicense, rounds } satisfies ScaleFound))
