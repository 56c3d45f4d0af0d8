import { statSync } from 'node:fs'
import { join } from 'node:path'
import { type CaseReport, type Ratio, required } from '../report/case-report.ts'
import type { WorkDirectory } from '../work-directory.ts'
import type { Bench } from './bench.ts'
import { bulkStore } from './bulk-store.ts'
import { postgresBytes } from './bytes-postgres.ts'
import { sizes } from './scale-fill.ts'
import { life, sale } from './scale-sales.ts'

const LICENSES = { sqlite: 100_000, postgres: 20_000 }
const LICENSES_QUICK = { sqlite: 5_000, postgres: 2_000 }
const GOAL = 1_536

type Bytes = Readonly<Record<string, number>>

/** The room a license takes for good with its history of four events: sold, renewed, frozen, reinstated. */
export async function bytesCase({ options, work }: Bench): Promise<CaseReport> {
  const count = options.quick ? LICENSES_QUICK : LICENSES
  const sqlite = await sqliteBytes(work, count.sqlite)
  const { written, packed } = await postgresBytes(work, count.postgres)
  const columns = [sqlite.tables, written, packed]
  const together = [sqlite.file, sum(written), sum(packed)]
  const names = Object.keys(packed).map((table) => [table, ...columns.map((column) => column[table] ?? null)])
  return {
    name: 'bytes',
    title: 'Bytes per license with four events: sold, renewed, frozen, reinstated',
    notes: [
      `SQLite: ${count.sqlite.toLocaleString('en')} licenses, the file after VACUUM, the rest of it included in the sum.`,
      `PostgreSQL: ${count.postgres.toLocaleString('en')} licenses, tables with their indexes. Replay marks are deleted after half an hour and left out.`,
    ],
    tables: [
      {
        title: 'Bytes per license, indexes included',
        columns: ['', 'SQLite', 'PostgreSQL as written', 'PostgreSQL after VACUUM FULL'],
        rows: [...names, ['together', ...together]],
      },
    ],
    ratios: [ratio('SQLite', sqlite.file), ratio('PostgreSQL after VACUUM FULL', sum(packed))],
    rounds: { sqlite, written, packed },
  }
}

const sum = (bytes: Bytes): number => Object.values(bytes).reduce((a, b) => a + b, 0)

const ratio = (engine: string, bytes: number): Ratio => ({
  what: `bytes per license / ${GOAL}, ${engine}`,
  value: bytes / GOAL,
  target: required('at most', 1),
})

async function sqliteBytes(work: WorkDirectory, count: number) {
  const directory = work.fresh('bytes')
  const path = join(directory, 'licet.db')
  const { db, store } = await bulkStore(path)
  const now = Math.floor(Date.now() / 1000)
  for (let number = 0; number < count; number++) {
    const { lasting } = sale(number, now)
    await store.commit(lasting)
    for (const change of life(lasting.change!, now)) await store.commit({ change })
  }
  db.exec('COMMIT')
  db.exec('VACUUM')
  const tables: Bytes = sizes(db, count)
  db.close()
  const file = statSync(path).size / count
  work.remove(directory)
  return { tables, file }
}
