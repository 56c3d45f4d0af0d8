import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import Sqlite from 'better-sqlite3'
import { type CaseReport, required } from '../report/case-report.ts'
import { median } from '../report/statistics.ts'
import { dataOf, initProduct, LICET, productDatabase, serveProduct } from '../server/product.ts'
import type { Bench } from './bench.ts'
import { fill } from './scale-fill.ts'

const LICENSES = 100_000
const LICENSES_QUICK = 5_000

/** The longest that 100,000 may take, minutes. */
const MOST_MINUTES = 10

interface ReissueRound {
  readonly seconds: number
  /** The same while a serving process has the instance open. */
  readonly servedSeconds: number
}

/** The day of a leak: `licet keys revoke` on an instance whose licenses are all of the leaked key. */
export async function reissueCase({ options, work }: Bench): Promise<CaseReport> {
  const licenses = options.quick ? LICENSES_QUICK : LICENSES
  const directory = work.fresh('reissue')
  initProduct(directory, randomBytes(16).toString('hex'))
  await fill(productDatabase(directory), licenses, Math.floor(Date.now() / 1000))
  const rounds: ReissueRound[] = []
  // Each round revokes the key that took over in the one before.
  for (let round = 0; round < Math.ceil(options.rounds / 2); round++) {
    const seconds = await revokeAll(directory, licenses)
    const server = await serveProduct(directory)
    rounds.push({ seconds, servedSeconds: await revokeAll(directory, licenses) })
    await server.stop()
  }
  work.remove(directory)
  const alone = median(rounds.map(({ seconds }) => seconds))
  const served = median(rounds.map(({ servedSeconds }) => servedSeconds))
  const row = (what: string, seconds: number) => [what, licenses / seconds, seconds]
  return {
    name: 'reissue',
    title: `Leak: ${licenses.toLocaleString('en')} licenses signed again by licet keys revoke`,
    notes: [
      'The whole command, from its start to its end, with the three seconds it waits for running servers.',
    ],
    tables: [
      {
        title: 'Durable, 32 in flight',
        columns: ['', 'licenses/s', 'seconds'],
        rows: [row('no other process', alone), row('beside licet serve', served)],
      },
    ],
    ratios: [
      {
        what: 'minutes for 100,000 licenses',
        value: ((Math.max(alone, served) / licenses) * 100_000) / 60,
        target: required('at most', MOST_MINUTES),
      },
    ],
    rounds,
  }
}

async function revokeAll(directory: string, licenses: number): Promise<number> {
  const database = productDatabase(directory)
  const kid = giveToActiveKey(database)
  const began = performance.now()
  const said = await licet(
    directory,
    'keys',
    'revoke',
    kid,
    '--compromised-at',
    '2026-01-01',
    '--reason',
    'bench',
    '--json',
  )
  const seconds = (performance.now() - began) / 1000
  const { reissued } = JSON.parse(said)
  if (reissued !== licenses) throw new Error(`${reissued} of ${licenses} licenses were signed again`)
  return seconds
}

/** As if the key that signs now had signed all of them; what was filled in is of a key that never was. */
function giveToActiveKey(database: string): string {
  const db = new Sqlite(database)
  try {
    const active = "SELECT kid FROM signing_keys WHERE usage = 'codes' AND status = 'active'"
    const kid = db.prepare<[], string>(active).pluck().get()
    if (kid === undefined) throw new Error('no key signs codes')
    db.prepare('UPDATE licenses SET code_kid = ?').run(kid)
    return kid
  } finally {
    db.close()
  }
}

function licet(directory: string, ...args: string[]): Promise<string> {
  const env = { ...process.env, LICET_DATA: dataOf(directory) }
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [LICET, ...args], { env }, (error, stdout, stderr) =>
      error === null ? resolve(stdout) : reject(new Error(stderr || error.message)),
    )
  })
}
