import Sqlite from 'better-sqlite3'
import { type OpenedTrust, openTrustSync, verifySync } from '../../src/verify/node.ts'
import { type Measured, measured } from '../rounds.ts'
import { foundMocks, type MockInstance, type MockName, startMock } from '../server/mock.ts'
import type { ServerProcess } from '../server/process.ts'
import { initProduct, productDatabase, productManifests, serveProduct } from '../server/product.ts'
import { type Bench, IN_FLIGHT } from './bench.ts'

export const CALLBACK_CONTENDERS = ['licet', 'group-commit mock', 'as documented'] as const
export type CallbackContender = (typeof CALLBACK_CONTENDERS)[number]

export interface CallbackRound {
  readonly sold: Measured
  readonly alone: Measured
  readonly replayed: Measured
  /** `PRAGMA synchronous` as the server saw it after a write, or null where its start asserts it. */
  readonly synchronous: string | null
}

/** How many purchases each phase of a round makes. */
interface Counts {
  readonly warmUp: number
  readonly sold: number
  readonly alone: number
}

const COUNTS: Counts = { warmUp: 8_000, sold: 8_000, alone: 400 }
/** A transaction of its own for every request takes about five times as long. */
const COUNTS_DOCUMENTED: Counts = { warmUp: 2_000, sold: 2_000, alone: 400 }

const shortened = ({ warmUp, sold, alone }: Counts): Counts => ({
  warmUp: warmUp / 4,
  sold: sold / 4,
  alone: alone / 4,
})

/** One round of one contender: a fresh server on an empty database, warmed up, all answers checked and counted. */
export async function callbackRound(
  bench: Bench,
  name: CallbackContender,
  accessKey: string,
): Promise<CallbackRound> {
  const full = name === 'as documented' ? COUNTS_DOCUMENTED : COUNTS
  const counts = bench.options.quick ? shortened(full) : full
  const directory = bench.work.fresh('callback')
  const contender = await start(name, directory, accessKey)
  try {
    const result = await drive(bench, contender, accessKey, counts)
    await contender.server.stop()
    assertCount(contender.database, counts.warmUp + counts.sold + counts.alone)
    const said = /synchronous after a write: (\d)/.exec(contender.server.output())
    return { ...result, synchronous: said?.[1] ?? null }
  } finally {
    await contender.server.stop()
    bench.work.remove(directory)
  }
}

interface Started {
  readonly server: ServerProcess
  readonly database: string
  readonly trust: OpenedTrust
}

async function start(name: CallbackContender, directory: string, accessKey: string): Promise<Started> {
  if (name !== 'licet') {
    const mocks = foundMocks(accessKey)
    return startedMock(name === 'as documented' ? 'as-documented' : 'callback-group', directory, mocks)
  }
  initProduct(directory, accessKey)
  const server = await serveProduct(directory)
  return { server, database: productDatabase(directory), trust: openTrustSync(productManifests(directory)) }
}

async function startedMock(name: MockName, directory: string, mocks: MockInstance): Promise<Started> {
  const server = await startMock(name, directory, mocks)
  return { server, database: `${directory}/mock.db`, trust: openTrustSync(mocks.manifests) }
}

async function drive(
  { load }: Bench,
  { server, trust }: Started,
  accessKey: string,
  { warmUp, sold, alone }: Counts,
): Promise<Omit<CallbackRound, 'synchronous'>> {
  const address = `${server.origin}/callbacks/bench`
  const all = warmUp + sold + alone
  await load.prepare({
    set: 'purchases',
    address,
    what: { type: 'purchases', accessKey, prefix: 'CS', count: all },
  })
  const run = async (from: number, count: number, inFlight: number) => {
    const result = await load.run({
      set: 'purchases',
      from,
      to: from + count,
      inFlight,
      servers: [server],
      keepTexts: from === 0,
    })
    return result
  }
  const warm = await run(0, warmUp, IN_FLIGHT)
  assertGenuine(warm.texts, trust)
  return {
    sold: measured(await run(warmUp, sold, IN_FLIGHT)),
    alone: measured(await run(warmUp + sold, alone, 1)),
    // The same bytes once more: every answer comes from the memory of answers.
    replayed: measured(await run(warmUp, sold, IN_FLIGHT)),
  }
}

/** Contenders that did not make real licenses have nothing to compare. */
function assertGenuine(texts: readonly string[], trust: OpenedTrust): void {
  if (!trust.ok) throw new Error(`the root of the contender does not hold: ${trust.why}`)
  const now = Math.floor(Date.now() / 1000)
  for (const text of texts.slice(0, 20)) {
    const verdict = verifySync(text, trust.trust, { now, product: 1001 })
    if (!verdict.valid) throw new Error(`a license text of the contender is ${verdict.reason}: ${text}`)
  }
  if (new Set(texts).size !== texts.length) throw new Error('two orders got one license')
}

function assertCount(database: string, purchases: number): void {
  const db = new Sqlite(database, { readonly: true })
  const licenses = db.prepare('SELECT count(*) FROM licenses').pluck().get()
  db.close()
  if (licenses !== purchases)
    throw new Error(`${purchases} purchases left ${licenses} licenses in ${database}`)
}
