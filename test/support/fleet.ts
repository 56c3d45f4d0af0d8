import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { HuaweiCall } from '../../src/marketplace/huawei/caller.ts'
import type { Attempt } from '../../src/marketplace/huawei/desk/judge.ts'
import { type FakeHuawei, fakeHuawei } from './fake-huawei/index.ts'
import type { Running } from './program.ts'
import { SHOP_KEY, type Shop, shop } from './shop.ts'

/** 32 bytes; a process with an empty directory of its own has it from its environment. */
const MASTER_KEY = `${'F'.repeat(42)}A`

/** Several `licet serve` on one database, and a marketplace before them that calls any of them. */
export interface Fleet {
  readonly seller: Shop
  readonly servers: readonly Running[]
  /** What the webhook was told, in the order of its arrival. */
  readonly told: readonly Readonly<Record<string, unknown>>[]
  readonly huawei: FakeHuawei
  /** A server that lives, chosen at random. */
  any(): Running
  /** The same bytes, to that server: a load balancer sends a call wherever it likes. */
  sendTo(server: Running, call: HuaweiCall): Promise<Attempt>
  /** Every server that lives, in turn. */
  toEach(call: () => HuaweiCall): Promise<readonly Attempt[]>
  kill(server: Running): Promise<void>
  /** The server whose log says last that it does a task for all of them. */
  worksOn(task: string): Running | undefined
  remove(): Promise<void>
}

/**
 * `database` makes a database and says how it is named in the environment. On one that is elsewhere each server has
 * nothing of its own but an empty directory; beside a file they share it.
 */
export async function fleet(count: number, environment: NodeJS.ProcessEnv): Promise<Fleet> {
  const webhook = await listening()
  const shared = { LICET_MASTER_KEY: MASTER_KEY, LICET_ALERT_URL: webhook.url, ...environment }
  const seller = await shop(shared)
  const directory = mkdtempSync(join(tmpdir(), 'licet-fleet-'))
  const alone = environment.LICET_DATABASE_URL === undefined ? null : directory
  const living = new Set<Running>()
  for (let n = 0; n < count; n++) {
    const own = alone === null ? {} : { LICET_DATA: join(alone, `${n}`) }
    living.add(await seller.start('serve', own))
  }
  const servers = [...living]
  const address = (server: Running) => `${server.url}/callbacks/huawei`
  const huawei = fakeHuawei({ address: address(servers[0]!), accessKey: SHOP_KEY, timeCompression: 36_000 })
  const sendTo = (server: Running, call: HuaweiCall) =>
    huawei.send({ ...call, url: call.url.replace(address(servers[0]!), address(server)) })
  return {
    seller,
    servers,
    told: webhook.told,
    huawei,
    any: () => [...living][Math.floor(Math.random() * living.size)]!,
    sendTo,
    toEach: async (call) => {
      const attempts: Attempt[] = []
      for (const server of living) attempts.push(await sendTo(server, call()))
      return attempts
    },
    async kill(server) {
      living.delete(server)
      await server.stop('SIGKILL')
    },
    worksOn: (task) =>
      [...living].find(
        (server) => linesOf(server).findLast((line) => isLease(line, task))?.event === 'lease_taken',
      ),
    async remove() {
      await seller.remove()
      await webhook.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

interface Line {
  readonly event: string
  readonly task?: string
}

const isLease = ({ event, task }: Line, name: string): boolean => event.startsWith('lease_') && task === name

/** The log, which shares standard error with what a person reads. */
function linesOf(server: Running): readonly Line[] {
  return server
    .said()
    .split('\n')
    .flatMap((line) => (line.startsWith('{') && line.endsWith('}') ? [JSON.parse(line)] : []))
}

async function listening() {
  const told: Record<string, unknown>[] = []
  const server: Server = createServer(async (request, response) => {
    told.push(JSON.parse(await text(request)))
    response.writeHead(204).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    told,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
