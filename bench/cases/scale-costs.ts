import type { Store } from '../../src/authority/ports.ts'
import { cpuMicrosOf } from '../report/own-time.ts'
import { median } from '../report/statistics.ts'
import type { ScaleCosts } from './scale.ts'
import type { Filled } from './scale-fill.ts'
import { sale } from './scale-sales.ts'

const READS = 4_000
const PAGES = 200
const SWEEPS = 1_000
const INSERTS_ALONE = 100
const INSERTS_TOGETHER = 640
const IN_FLIGHT = 32

export interface Opened {
  readonly store: Store
  readonly filled: Filled
}

/** Microseconds of one act, of so many. */
export type Measure = (times: number, act: (index: number) => unknown) => Promise<number>

/** Looks every sampled license up once: cold pages are a matter of the disk, not of the store. */
export async function warmedUp(opened: Opened): Promise<Opened> {
  for (const id of opened.filled.ids) {
    await opened.store.byId(id)
    await opened.store.byInstance('bench', id)
  }
  return opened
}

/** Reads as `measure` does, sales by the clock: they wait for the disk. */
export async function costs(
  { store, filled }: Opened,
  { round, now, measure }: { readonly round: number; readonly now: number; readonly measure: Measure },
): Promise<ScaleCosts> {
  const idAt = (index: number) => filled.ids[(index * 7919 + round) % filled.ids.length]!
  return {
    byId: await measure(READS, async (i) => found(await store.byId(idAt(i)))),
    byInstance: await measure(READS, async (i) => found(await store.byInstance('bench', idAt(i)))),
    byOrder: await measure(READS, (i) => store.byOrder('bench', { id: `CS${i}`, line: '1' })),
    page: await measure(PAGES, async () => found((await store.page(filled.middle, 50)).items.at(49))),
    sweep: await measure(SWEEPS, async () => nothing(await store.due(now, 200))),
    ...(await insertCosts(store, now)),
  }
}

async function insertCosts(
  store: Store,
  now: number,
): Promise<Pick<ScaleCosts, 'insertAlone' | 'insertTogether' | 'insertCpu'>> {
  const alone: number[] = []
  for (let i = 0; i < INSERTS_ALONE; i++) alone.push(await elapsedMicros(() => insert(store, now)))
  const together: number[] = []
  const cpu = await cpuMicrosOf(INSERTS_TOGETHER / IN_FLIGHT, async () => {
    const all = () => Promise.all(Array.from({ length: IN_FLIGHT }, () => insert(store, now)))
    together.push(await elapsedMicros(all))
  })
  return {
    insertAlone: median(alone),
    insertTogether: median(together) / IN_FLIGHT,
    insertCpu: cpu / IN_FLIGHT,
  }
}

let orders = 1_000_000_000

export async function insert(store: Store, now: number): Promise<void> {
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

export async function elapsedMicros(act: () => unknown): Promise<number> {
  const from = performance.now()
  await act()
  return (performance.now() - from) * 1000
}
