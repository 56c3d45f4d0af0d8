import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { HuaweiCall } from '../../src/marketplace/huawei/caller.ts'
import worker from '../../src/runtime/worker.ts'
import { SCHEMA_VERSION } from '../../src/store/schema.ts'
import { type LocalD1, startD1, statementsOf } from '../support/d1.ts'
import { foundOnD1, SEALED_UNDER } from '../support/d1-instance.ts'
import { type FakeHuawei, fakeHuawei } from '../support/fake-huawei/index.ts'
import { ACCESS_KEY } from '../support/instance.ts'
import { NEXT_MIGRATION, type NextVersion, nextVersion } from '../support/next-version.ts'
import { program } from '../support/program.ts'
import { expireTime, purchase } from '../support/shop.ts'
import { type WorkerModule, type WorkerServer, workerServer } from '../support/worker-server.ts'

const IN_FLIGHT = 3
const TOKEN = 'operator-token-of-the-tests-000001'

describe('a rolling deployment on D1', { timeout: 120_000 }, () => {
  let d1: LocalD1
  let next: NextVersion
  let newer: WorkerModule
  let huawei: FakeHuawei
  let lines: string[]
  const began: WorkerServer[] = []
  /** Where the platform sends calls. */
  let isolates: readonly WorkerServer[]

  beforeAll(async () => {
    lines = []
    vi.spyOn(console, 'error').mockImplementation((line) => void lines.push(String(line)))
    d1 = await startD1()
    await foundOnD1(d1.binding)
    next = nextVersion()
    const path = join(next.directory, 'src/runtime/worker.ts')
    newer = ((await import(/* @vite-ignore */ pathToFileURL(path).href)) as { default: WorkerModule }).default
    const first = await begin(worker)
    isolates = [first]
    huawei = fakeHuawei({ address: addressOf(first), accessKey: ACCESS_KEY, timeCompression: 1 })
  })
  afterAll(async () => {
    vi.restoreAllMocks()
    for (const isolate of began) await isolate.close()
    await d1?.close()
    next?.remove()
  })

  const addressOf = ({ url }: WorkerServer) => `${url}/callbacks/huawei`

  /** An isolate of one of the two programs, as the platform begins one whenever it likes. */
  async function begin(code: WorkerModule): Promise<WorkerServer> {
    const isolate = await workerServer(code, {
      DB: d1.binding,
      LICET_PUBLIC_URL: 'https://licenses.example.com',
      LICET_MASTER_KEY: SEALED_UNDER,
      LICET_OPERATOR_TOKEN: TOKEN,
      LICET_LOG_LEVEL: 'error',
    })
    began.push(isolate)
    return isolate
  }

  const answered = new Map<string, Set<string>>()
  const failures: unknown[] = []

  async function call(made: HuaweiCall): Promise<string> {
    const isolate = isolates[Math.floor(Math.random() * isolates.length)]!
    const { failure, body } = await huawei.send({
      ...made,
      url: made.url.replace(began[0]!.url, isolate.url),
    })
    if (failure !== null) failures.push(failure)
    return body
  }

  /** A purchase, its renewal, and the purchase again. */
  async function trade(order: string): Promise<void> {
    const sale = () => huawei.caller.getLicense(purchase(order), huawei.moment())
    const first = await call(sale())
    const { instanceId } = JSON.parse(first)
    const renewal = { orderId: `${order}-R`, instanceId, expireTime: expireTime(90) }
    await call(huawei.caller.refreshLicense(renewal, huawei.moment()))
    answered.set(order, new Set([first, await call(sale())]))
  }

  async function flowing(work: () => Promise<void>): Promise<void> {
    let isOver = false
    const callers = Array.from({ length: IN_FLIGHT }, async (_, caller) => {
      for (let n = 0; !isOver; n++) await trade(`CS-${caller}-${n}`)
    })
    try {
      // The callers end first only where one of them fails.
      await Promise.race([work(), Promise.all(callers)])
    } finally {
      isOver = true
      await Promise.all(callers)
    }
  }

  /** Until some more have bought, however slow this machine is now. */
  async function more(): Promise<void> {
    const enough = answered.size + 2 * IN_FLIGHT
    while (answered.size < enough) await new Promise((resolve) => setTimeout(resolve, 20))
  }

  it('brings the schema up, begins isolates of the old program on it, and ends with the new one', async () => {
    await flowing(async () => {
      await more()
      const statements = statementsOf(NEXT_MIGRATION).map((sql) => d1.binding.prepare(sql))
      await d1.binding.batch(statements)
      isolates = [await begin(worker)]
      await more()
      isolates = [...isolates, await begin(newer)]
      await more()
      // The platform ends what it likes: also the last isolates of the old program may be new ones.
      isolates = [await begin(worker), await begin(newer)]
      await more()
      isolates = [await begin(newer)]
      await more()
    })
    expect([failures, lines]).toEqual([[], []])
    expect(answered.size).toBeGreaterThan(8 * IN_FLIGHT)
  })

  it('has lost no sale, doubled none, and gives the first answers of both programs again', async () => {
    for (const [order, bodies] of answered) {
      bodies.add(await call(huawei.caller.getLicense(purchase(order), huawei.moment())))
      expect([order, bodies.size]).toEqual([order, 1])
    }
    const sold = [...answered.values()].map(([body]) => JSON.parse(body!).instanceId)
    const { results } = await d1.binding.prepare('select id, revision from licenses').all()
    const licenses = results as readonly { readonly id: string; readonly revision: number }[]
    expect(licenses.map(({ id }) => id).sort()).toEqual(sold.sort())
    expect(new Set(licenses.map(({ revision }) => revision))).toEqual(new Set([2]))
  })

  it('is ready with an isolate of the old program that begins on the newer schema', async () => {
    const ready = await fetch(`${(await begin(worker)).url}/readyz`)
    expect([ready.status, await ready.json()]).toMatchObject([200, { status: 'ok' }])
  })

  it('takes no command of the old program any more, whichever isolate it meets', async () => {
    const secrets = { LICET_MASTER_KEY: SEALED_UNDER, LICET_OPERATOR_TOKEN: TOKEN }
    const old = program(secrets)
    onTestFinished(() => old.remove())
    // The first began before the migration and has not looked since.
    for (const { url } of [began[0]!, await begin(worker), await begin(newer)]) {
      const refused = await old.run('license', 'list', '--remote', url)
      expect([refused.code, refused.stderr]).toEqual([
        3,
        expect.stringMatching(
          `schema version ${next.version}, this program knows ${SCHEMA_VERSION}: use a newer`,
        ),
      ])
    }
    const environment = { ...process.env, ...secrets, LICET_DATA: join(next.directory, 'data') }
    const there = await next.run(environment, 'license', 'list', '--remote', (await begin(newer)).url)
    expect(there).toMatchObject({ code: 0, stdout: expect.stringContaining('active') })
  })
})
