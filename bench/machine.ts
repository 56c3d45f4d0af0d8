import { readFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os'
import { CAN_PIN } from './server/pin.ts'

/** What a reader needs to know to compare figures; nothing that names the machine or who uses it. */
export function describeMachine(): string[] {
  const memory = Math.round(totalmem() / 2 ** 30)
  const version = (name: string) =>
    JSON.parse(readFileSync(new URL(`../node_modules/${name}/package.json`, import.meta.url), 'utf8')).version
  const packages = ['better-sqlite3', 'hono', '@hono/node-server', 'kysely', 'jose']
  return [
    `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${availableParallelism()} cores, ${memory} GiB, ${type()} ${release()}`,
    `Node.js ${process.versions.node}, OpenSSL ${process.versions.openssl}, ${packages.map((name) => `${name} ${version(name)}`).join(', ')}`,
    CAN_PIN
      ? 'server on core 0, load generator on core 1'
      : 'processes are not pinned: taskset or a second core is missing',
  ]
}

/** Load averages of the last 1, 5 and 15 minutes; the bench itself adds up to 2. */
export const loadAverage = (): string =>
  loadavg()
    .map((load) => load.toFixed(2))
    .join(' ')
