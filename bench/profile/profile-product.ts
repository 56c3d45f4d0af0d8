import { randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Bench, IN_FLIGHT } from '../cases/bench.ts'
import { openShop } from '../cases/postgres-shop.ts'
import { printTable } from '../report/print.ts'
import type { ServerProcess } from '../server/process.ts'
import { initProduct, type Serving, serveProduct } from '../server/product.ts'
import { type Share, summarise } from './summary.ts'

const REQUESTS = 20_000
const CODES = 2_000
const MOST_FUNCTIONS = 30

/** What is profiled: the product on one engine, which has sold nothing yet. */
interface Subject {
  readonly engine: string
  readonly accessKey: string
  readonly directory: string
  serve(serving: Serving): Promise<ServerProcess>
}

/** Where the product's time goes on both engines under 32 callers, or on those that the chosen cases are about. */
export async function profileProduct(bench: Bench): Promise<void> {
  const { cases } = bench.options
  if (cases.some((name) => !name.includes('postgres'))) await profileOnSqlite(bench)
  if (cases.some((name) => name.includes('postgres'))) await profileOnPostgres(bench)
}

async function profileOnSqlite(bench: Bench): Promise<void> {
  const accessKey = randomBytes(24).toString('hex')
  const directory = bench.work.fresh('profile')
  initProduct(directory, accessKey)
  const serve = (serving: Serving) => serveProduct(directory, serving)
  await profile(bench, { engine: 'SQLite', accessKey, directory, serve })
}

async function profileOnPostgres(bench: Bench): Promise<void> {
  const shop = await openShop(bench)
  const { accessKey, directory, template } = shop
  try {
    const serve = (serving: Serving) => shop.serve(template, serving)
    await profile(bench, { engine: 'PostgreSQL', accessKey, directory, serve })
  } finally {
    await shop.close()
  }
}

/** Once while it sells, once while it validates. */
async function profile({ load, options }: Bench, subject: Subject): Promise<void> {
  const { engine, accessKey } = subject
  const requests = options.quick ? REQUESTS / 4 : REQUESTS
  let texts: readonly string[] = []
  await profiled(subject, `Purchases on ${engine}`, async (server) => {
    const what = { type: 'purchases', accessKey, prefix: 'CS', count: requests } as const
    await load.prepare({ set: 'sold', address: `${server.origin}/callbacks/bench`, what })
    const run = {
      set: 'sold',
      from: 0,
      to: requests,
      inFlight: IN_FLIGHT,
      servers: [server],
      keepTexts: true,
    }
    texts = (await load.run(run)).texts.slice(0, CODES)
  })
  await profiled(subject, `Validations on ${engine}`, async (server) => {
    const what = { type: 'validations', texts, count: requests } as const
    await load.prepare({ set: 'validated', address: `${server.origin}/v1/validate`, what })
    await load.run({ set: 'validated', from: 0, to: requests, inFlight: IN_FLIGHT, servers: [server] })
  })
}

async function profiled(
  { directory, serve }: Subject,
  title: string,
  drive: (server: ServerProcess) => Promise<void>,
): Promise<void> {
  const name = `${title}.cpuprofile`
  const server = await serve({
    nodeArgs: ['--cpu-prof', `--cpu-prof-dir=${directory}`, `--cpu-prof-name=${name}`],
  })
  try {
    await drive(server)
  } finally {
    await server.stop()
  }
  if (!readdirSync(directory).includes(name)) throw new Error('the server ended without leaving its profile')
  const { areas, functions } = summarise(join(directory, name))
  printShares(`${title}, share of busy time by area`, areas)
  printShares(`${title}, functions`, functions.slice(0, MOST_FUNCTIONS))
}

function printShares(title: string, shares: readonly Share[]): void {
  const visible = shares.filter(({ share }) => share >= 0.005)
  printTable({ title, columns: ['', '%'], rows: visible.map(({ name, share }) => [name, share * 100]) })
}
