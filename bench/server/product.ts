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

/** A new instance in an empty directory, made as a seller makes one: init, channel, catalog. */
export function initProduct(directory: string, accessKey: string): void {
  const keyFile = join(directory, 'access-key')
  const catalogFile = join(directory, 'catalog.json')
  writeFileSync(keyFile, `${accessKey}\n`, { mode: 0o600 })
  writeFileSync(catalogFile, JSON.stringify(CATALOG))
  licet(directory, 'init')
  licet(directory, 'channel', 'add', CHANNEL, '--kind', 'huawei', '--access-key-file', keyFile)
  licet(directory, 'catalog', 'apply', catalogFile)
}

function licet(directory: string, ...args: string[]): void {
  const environment = { ...process.env, LICET_DATA: dataOf(directory) }
  execFileSync(process.execPath, [LICET, ...args], { env: environment, stdio: ['ignore', 'ignore', 'pipe'] })
}

export const dataOf = (directory: string): string => join(directory, 'data')

export const productDatabase = (directory: string): string => join(dataOf(directory), 'licet.db')

/** The public root of the instance: what shipped software pins. */
export const productManifests = (directory: string): object[] =>
  JSON.parse(readFileSync(join(dataOf(directory), 'root-manifests.json'), 'utf8'))

/** `licet serve` as a seller runs it; `nodeArgs` go to Node.js, for a profile. */
export async function serveProduct(
  directory: string,
  nodeArgs: readonly string[] = [],
): Promise<ServerProcess> {
  const port = await freePort()
  const environment = { LICET_DATA: dataOf(directory), LICET_PORT: String(port) }
  const logFile = join(directory, 'licet.log')
  return startServer({ args: [...nodeArgs, LICET, 'serve'], port, environment, logFile })
}
