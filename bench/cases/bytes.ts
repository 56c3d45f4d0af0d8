import { statSync } from 'node:fs'
import { join } from 'node:path'
import { type CaseReport, required } from '../report/case-report.ts'
import type { Bench } from './bench.ts'
import { bulkStore } from './bulk-store.ts'
import { sizes } from './scale-fill.ts'
import { life, sale } from './scale-sales.ts'

const LICENSES = 100_000
const LICENSES_QUICK = 5_000
const GOAL = 1_536

/** The room a license takes for good with its history of four events: sold, renewed, frozen, reinstated. */
export async function bytesCase({ options, work }: Bench): Promise<CaseReport> {
  const count = options.quick ? LICENSES_QUICK : LICENSES
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
  const tables = sizes(db, count)
  db.close()
  const together = statSync(path).size / count
  work.remove(directory)
  return {
    name: 'bytes',
    title: `Bytes per license: a database of ${count.toLocaleString('en')} licenses of four events each`,
    notes: [
      'The file after VACUUM, through the number of licenses; replay marks are deleted after half an hour.',
    ],
    tables: [
      {
        title: 'Bytes per license, indexes included',
        columns: ['', 'bytes'],
        rows: [...Object.entries(tables), ['the file', together]],
      },
    ],
    ratios: [{ what: `bytes per license / ${GOAL}`, value: together / GOAL, target: required('at most', 1) }],
    rounds: { tables, together },
  }
}
