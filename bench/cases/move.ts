import { copyFileSync, mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type CaseReport, required } from '../report/case-report.ts'
import { medianOver, type Round } from '../rounds.ts'
import { startDatabase } from '../server/database.ts'
import { dataOf, initProduct, productDatabase } from '../server/product.ts'
import { type Ran, runLicet } from '../server/run-licet.ts'
import type { Bench } from './bench.ts'
import { fill } from './scale-fill.ts'

const LICENSES = 1_000_000
const LICENSES_QUICK = 50_000

/** The most memory that either command may take, mebibytes. */
const MOST_MEMORY = 200

const WAYS = ['export from SQLite', 'import into PostgreSQL'] as const

interface Moved extends Ran {
  readonly rows: number
}

/** `licet export` of an instance on SQLite and `licet import` into PostgreSQL, as a seller moves. */
export async function moveCase({ options, work }: Bench): Promise<CaseReport> {
  const licenses = options.quick ? LICENSES_QUICK : LICENSES
  const directory = work.fresh('move')
  initProduct(directory, 'key-of-the-bench')
  await fill(productDatabase(directory), licenses, Math.floor(Date.now() / 1000))
  const server = await startDatabase(work)
  const rounds: Round<(typeof WAYS)[number], Moved>[] = []
  let bytes = 0
  try {
    for (let round = 0; round < Math.ceil(options.rounds / 2); round++) {
      const file = join(directory, `${round}.jsonl`)
      const exported = await runLicet(dataOf(directory), {}, ['export', file, '--json'])
      bytes = statSync(file).size
      const url = await server.create()
      const target = join(directory, `target-${round}`)
      mkdirSync(target, { mode: 0o700 })
      copyFileSync(join(dataOf(directory), 'master.key'), join(target, 'master.key'))
      const imported = await runLicet(target, { LICET_DATABASE_URL: url }, ['import', file, '--json'])
      const { rows } = JSON.parse(imported.output)
      assertAll(Object.values<number>(JSON.parse(exported.output).rows), rows, licenses)
      rounds.push({
        'export from SQLite': { ...exported, rows },
        'import into PostgreSQL': { ...imported, rows },
      })
      await server.drop(url)
    }
  } finally {
    await server.stop()
    work.remove(directory)
  }
  const of = (way: (typeof WAYS)[number], pick: (one: Moved) => number | null) =>
    medianOver(rounds, (round) => pick(round[way]))
  return {
    name: 'move',
    title: `Move: ${licenses.toLocaleString('en')} licenses from SQLite to PostgreSQL, by licet export and licet import`,
    notes: [
      `${rounds[0]!['export from SQLite'].rows.toLocaleString('en')} rows, ${Math.round(bytes / 2 ** 20)} MiB of JSON Lines; the whole commands, from start to end. The import reads the file twice: it checks all of it first.`,
      server.durability,
    ],
    tables: [
      {
        title: 'Commands on one core, PostgreSQL on the other',
        columns: ['', 'rows/s', 'seconds', 'peak memory MiB'],
        rows: WAYS.map((way) => [
          way,
          of(way, ({ rows, seconds }) => rows / seconds),
          of(way, ({ seconds }) => seconds),
          of(way, ({ peakMebibytes }) => peakMebibytes),
        ]),
      },
    ],
    ratios: WAYS.map((way) => ({
      what: `peak memory / ${MOST_MEMORY} MiB, ${way}`,
      value: worst(rounds.map((round) => round[way].peakMebibytes)),
      target: required('at most', 1),
    })),
    rounds,
  }
}

function worst(peaks: readonly (number | null)[]): number | null {
  const known = peaks.filter((peak) => peak !== null)
  return known.length < peaks.length ? null : Math.max(...known) / MOST_MEMORY
}

/** A move that lost something has no speed. */
function assertAll(exported: readonly number[], imported: number, licenses: number): void {
  const rows = exported.reduce((sum, count) => sum + count, 0)
  if (rows !== imported || rows < 3 * licenses)
    throw new Error(`${licenses} licenses were ${rows} rows, of which ${imported} arrived`)
}
