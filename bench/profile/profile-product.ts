import { randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Bench, IN_FLIGHT } from '../cases/bench.ts'
import { printTable } from '../report/print.ts'
import type { ServerProcess } from '../server/process.ts'
import { initProduct, serveProduct } from '../server/product.ts'
import { type Share, summarise } from './summary.ts'

const REQUESTS = 20_000
const CODES = 2_000
const MOST_FUNCTIONS = 30

/** Where the product's time goes under 32 callers: once while it sells, once while it validates. */
export async function profileProduct({ work, load, options }: Bench): Promise<void> {
  const requests = options.quick ? REQUESTS / 4 : REQUESTS
  const accessKey = randomBytes(24).toString('hex')
  const directory = work.fresh('profile')
  initProduct(directory, accessKey)
  let texts: readonly string[] = []
  await profiled(directory, 'Purchases', async (server) => {
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
  await profiled(directory, 'Validations', async (server) => {
    const what = { type: 'validations', texts, count: requests } as const
    await load.prepare({ set: 'validated', address: `${server.origin}/v1/validate`, what })
    await load.run({ set: 'validated', from: 0, to: requests, inFlight: IN_FLIGHT, servers: [server] })
  })
}

async function profiled(
  directory: string,
  title: string,
  drive: (server: ServerProcess) => Promise<void>,
): Promise<void> {
  const name = `${title}.cpuprofile`
  const nodeArgs = ['--cpu-prof', `--cpu-prof-dir=${directory}`, `--cpu-prof-name=${name}`]
  const server = await serveProduct(directory, { nodeArgs })
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
