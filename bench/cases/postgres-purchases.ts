import type { Table } from '../report/case-report.ts'
import { type Measured, measured, medianOver, type Round } from '../rounds.ts'
import { type MockName, startMock } from '../server/mock.ts'
import { BOTH_CORES, LOAD_CORE, SERVER_CORE } from '../server/pin.ts'
import type { ServerProcess } from '../server/process.ts'
import { type Bench, IN_FLIGHT } from './bench.ts'
import { ask, type Shop } from './postgres-shop.ts'

export const COMMITTERS = [
  'licet',
  'a transaction per call',
  'a round trip per statement',
  'one transaction at a time',
  'mock: shared transactions',
  'mock: a transaction per call',
  'mock: as documented',
] as const
export const FLEETS = ['one process', 'four processes', 'one mock', 'four mocks'] as const
export type Seller = (typeof COMMITTERS)[number] | (typeof FLEETS)[number]

export interface SellingRound {
  readonly sold: Measured
  /** With `CROWD` in flight. */
  readonly crowded: Measured
  readonly alone: Measured
  /** Processor time of PostgreSQL per purchase of `sold`, microseconds. */
  readonly databaseMicros: number | null
  /** Transactions that wrote, per purchase of `sold`. */
  readonly transactions: number
}

/** How a seller runs: how many processes of what, where they are kept, and where PostgreSQL is kept beside them. */
interface Setup {
  readonly processes: number
  readonly cores: string
  readonly databaseCores: string
  /** Whether calls may share transactions. */
  readonly shares: boolean
  /** Left out: the product. */
  readonly mock?: MockName
  readonly nodeArgs?: readonly string[]
}

const PRELOAD = new URL('../server/transaction-per-call.ts', import.meta.url).href
const APART = { processes: 1, cores: SERVER_CORE, databaseCores: LOAD_CORE, shares: false }
const TOGETHER = { cores: BOTH_CORES, databaseCores: BOTH_CORES, shares: true }

const SETUPS: Readonly<Record<Seller, Setup>> = {
  licet: { ...APART, shares: true },
  'a transaction per call': { ...APART, nodeArgs: ['--import', PRELOAD] },
  'a round trip per statement': { ...APART, nodeArgs: ['--import', `${PRELOAD}?step-by-step`] },
  'one transaction at a time': { ...APART, nodeArgs: ['--import', `${PRELOAD}?one-at-a-time`] },
  'mock: shared transactions': { ...APART, shares: true, mock: 'postgres-shared' },
  'mock: a transaction per call': { ...APART, mock: 'postgres-own-flight' },
  'mock: as documented': { ...APART, mock: 'postgres-as-documented' },
  'one process': { ...TOGETHER, processes: 1 },
  'four processes': { ...TOGETHER, processes: 4 },
  'one mock': { ...TOGETHER, processes: 1, mock: 'postgres-shared' },
  'four mocks': { ...TOGETHER, processes: 4, mock: 'postgres-shared' },
}

/** Callers at the same time: as many for each of four processes as one has otherwise. */
export const CROWD = 4 * IN_FLIGHT

/** The warm-up is that of each process: what is not compiled yet costs twice as much. */
const COUNTS = { warmUp: 3_000, sold: 4_000, crowded: 4_000, alone: 200 }

/** One round of one seller: on a database that has sold nothing, warmed up, all answers checked and counted. */
export async function sellingRound(bench: Bench, shop: Shop, name: Seller): Promise<SellingRound> {
  const { processes, databaseCores, shares, ...setup } = SETUPS[name]
  const database = await shop.server.create(shop.template)
  shop.server.keepOn(databaseCores)
  const servers: ServerProcess[] = []
  try {
    for (let n = 0; n < processes; n++) servers.push(await start(shop, database, setup))
    const result = await sell(bench, shop, database, servers)
    await stopped(servers)
    if (result.transactions < 0.9 !== shares)
      throw new Error(`${name}: ${result.transactions} transactions per purchase are not what it stands for`)
    return result
  } catch (thrown) {
    throw new Error(`${name} failed; its servers said:\n${complaintsOf(servers)}`, { cause: thrown })
  } finally {
    await stopped(servers)
    await shop.server.drop(database)
  }
}

function start(
  shop: Shop,
  database: string,
  { mock, cores, nodeArgs = [] }: Pick<Setup, 'mock' | 'cores' | 'nodeArgs'>,
): Promise<ServerProcess> {
  if (mock !== undefined) return startMock(mock, shop.directory, shop.mocks, { database, cores })
  return shop.serve(database, { cores, nodeArgs })
}

async function sell(
  { load, options }: Bench,
  { server, accessKey }: Shop,
  database: string,
  servers: readonly ServerProcess[],
): Promise<SellingRound> {
  const share = options.quick ? 4 : 1
  const warmUp = (COUNTS.warmUp * servers.length) / share
  const [sold, crowded, alone] = [COUNTS.sold / share, COUNTS.crowded / share, COUNTS.alone / share]
  const count = warmUp + sold + crowded + alone
  const address = `${servers[0]!.origin}/callbacks/bench`
  const what = { type: 'purchases', accessKey, prefix: 'CS', count } as const
  await load.prepare({ set: 'purchases', address, what })
  const run = (from: number, requests: number, inFlight: number) =>
    load.run({ set: 'purchases', from, to: from + requests, inFlight, servers })
  await run(0, warmUp, IN_FLIGHT)
  await server.settle()
  const before = { micros: server.micros(), transactions: await transactionsOf(database) }
  const under = measured(await run(warmUp, sold, IN_FLIGHT))
  const after = { micros: server.micros(), transactions: await transactionsOf(database) }
  const many = measured(await run(warmUp + sold, crowded, CROWD))
  const single = measured(await run(warmUp + sold + crowded, alone, 1))
  await assertCount(database, count)
  const micros = before.micros === null || after.micros === null ? null : after.micros - before.micros
  return {
    sold: under,
    crowded: many,
    alone: single,
    databaseMicros: micros && micros / sold,
    transactions: (after.transactions - before.transactions) / sold,
  }
}

/** What its servers warned of. */
function complaintsOf(servers: readonly ServerProcess[]): string {
  const lines = servers.flatMap((server) => server.output().split('\n'))
  return lines
    .filter((line) => /"level":"(warn|error)"/.test(line))
    .slice(0, 10)
    .join('\n')
}

async function stopped(servers: readonly ServerProcess[]): Promise<void> {
  await Promise.all(servers.map((server) => server.stop()))
}

async function assertCount(database: string, purchases: number): Promise<void> {
  const [row] = await ask<{ count: string }>(database, 'select count(*) from licenses')
  if (Number(row?.count) !== purchases) throw new Error(`${purchases} purchases left ${row?.count} licenses`)
}

async function transactionsOf(database: string): Promise<number> {
  const [row] = await ask<{ id: string }>(
    database,
    'select txid_snapshot_xmax(txid_current_snapshot()) as id',
  )
  return Number(row!.id)
}

export function databaseTable<Name extends Seller>(
  names: readonly Name[],
  rounds: readonly Round<Name, SellingRound>[],
): Table {
  return {
    title: 'PostgreSQL, 32 in flight',
    columns: ['', 'CPU us/req', 'writing transactions/req'],
    rows: names.map((name) => [
      name,
      medianOver(rounds, (round) => round[name].databaseMicros),
      medianOver(rounds, (round) => round[name].transactions),
    ]),
  }
}
