import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort, type ServerProcess, startServer } from './process.ts'

export const CHANNEL = 'bench'

/** Sells what the requests of the load generator ask for. */
const CATALOG = {
  products: [
    {
      id: 1001,
      code: 'cad-pro',
      name: 'CAD Pro',
      graceDays: 3,
      features: ['render', 'export', 'simulate'],
      editions: [
        { id: 1, code: 'standard', features: ['render'] },
        { id: 2, code: 'flagship', features: ['render', 'export', 'simulate'] },
      ],
    },
  ],
  offers: [
    {
      channel: CHANNEL,
      marketplaceProduct: 'OFFI-bench',
      sku: 'sku-bench',
      product: 'cad-pro',
      edition: 'flagship',
      seats: 'amount',
    },
  ],
}

export const LICET = fileURLToPath(new URL('../../bin/licet.js', import.meta.url))

type Environment = Readonly<Record<string, string>>

/** A new instance in an empty directory, made as a seller makes one: init, channel, catalog. */
export function initProduct(directory: string, accessKey: string, environment: Environment = {}): void {
  const licet = (...args: string[]) => runLicet(directory, environment, args)
  const keyFile = join(directory, 'access-key')
  const catalogFile = join(directory, 'catalog.json')
  writeFileSync(keyFile, `${accessKey}\n`, { mode: 0o600 })
  writeFileSync(catalogFile, JSON.stringify(CATALOG))
  licet('init')
  licet('channel', 'add', CHANNEL, '--kind', 'huawei', '--access-key-file', keyFile)
  licet('catalog', 'apply', catalogFile)
}

function runLicet(directory: string, environment: Environment, args: readonly string[]): void {
  const env = { ...process.env, ...environment, LICET_DATA: dataOf(directory) }
  execFileSync(process.execPath, [LICET, ...args], { env, stdio: ['ignore', 'ignore', 'pipe'] })
}

export const dataOf = (directory: string): string => join(directory, 'data')

export const productDatabase = (directory: string): string => join(dataOf(directory), 'licet.db')

/** The public root of the instance: what shipped software pins. */
export const productManifests = (directory: string): object[] =>
  JSON.parse(readFileSync(join(dataOf(directory), 'root-manifests.json'), 'utf8'))

export interface Serving {
  /** Go to Node.js: for a profile, or another way of committing. */
  readonly nodeArgs?: readonly string[]
  readonly environment?: Environment
  readonly cores?: string
}

/** `licet serve` as a seller runs it. */
export async function serveProduct(directory: string, serving: Serving = {}): Promise<ServerProcess> {
  const { nodeArgs = [], environment, ...rest } = serving
  const port = await freePort()
  return startServer({
    ...rest,
    args: [...nodeArgs, LICET, 'serve'],
    port,
    environment: { ...environment, LICET_DATA: dataOf(directory), LICET_PORT: String(port) },
    logFile: join(directory, `licet-${port}.log`),
  })
}
