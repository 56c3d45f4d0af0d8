import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { Agent, createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import Sqlite from 'better-sqlite3'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { FakeHuawei } from '../support/fake-huawei/index.ts'
import { asFirstProcess, CAN_MOUNT } from '../support/own-mounts.ts'
import { BIN, type Running, untilListening } from '../support/program.ts'
import { purchase, type Shop, shop } from '../support/shop.ts'

/** What became of a request: whole, or why not; `half` when the answer began and did not end. */
type Fate = 'whole' | 'half' | 'ECONNREFUSED' | string

interface Sent {
  readonly order: string | null
  readonly fate: Fate
  /** Whether its connection had carried another request before. */
  readonly kept: boolean
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

describe('SIGTERM', { timeout: 60_000 }, () => {
  let seller: Shop
  let server: Running
  let huawei: FakeHuawei
  beforeAll(async () => {
    seller = await shop()
  })
  beforeEach(async () => {
    ;({ server, huawei } = await seller.open())
  })
  afterEach(async () => void (await server.stop('SIGKILL')))
  afterAll(() => seller.remove())

  /** Sends and reads by hand: what counts is how far the answer came. */
  function send(url: string, order: string | null, agent: Agent, body?: string): Promise<Sent> {
    return new Promise((resolve) => {
      const headers = { 'content-type': 'application/json' }
      const sent = request(url, { agent, headers, method: body === undefined ? 'GET' : 'POST' })
      const fate = (what: Fate) => resolve({ order, fate: what, kept: sent.reusedSocket })
      sent.on('response', (response) => {
        response.resume()
        response.on('error', () => fate('half'))
        response.on('close', () => fate(response.complete ? 'whole' : 'half'))
      })
      sent.on('error', (error: NodeJS.ErrnoException) => fate(error.code ?? error.message))
      sent.end(body)
    })
  }

  function sale(order: string): string {
    const { pathname, search } = new URL(huawei.caller.getLicense(purchase(order), huawei.moment()).url)
    return `${server.url}${pathname}${search}`
  }

  it('does not wait for a webhook that never answers', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    onTestFinished(() => void silent.closeAllConnections())
    onTestFinished(() => void silent.close())
    await server.stop()
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/`
    const again = await seller.open({ LICET_ALERT_URL: url })
    const told = once(silent, 'request')
    for (const order of ['CS-A', 'CS-B', 'CS-C', 'CS-D'])
      await again.huawei.getLicense({ ...purchase(order), productId: 'UNKNOWN' })
    await told
    const began = performance.now()
    expect(await again.server.stop()).toBe(0)
    expect(performance.now() - began).toBeLessThan(3_000)
  })

  it('does not wait for a marketplace that never answers: who activates is told to try again', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    onTestFinished(() => void silent.closeAllConnections())
    onTestFinished(() => void silent.close())
    const site = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`
    const keys = seller.file('ak-sk.txt', 'AK-OF-THE-SHOP\nSK-OF-THE-SHOP\n')
    const set = await seller.run(
      'channel',
      'set-open-api',
      'huawei',
      '--credentials-file',
      keys,
      '--site',
      site,
    )
    expect(set.stderr).toBe('')
    // What the command line changed is seen within two seconds.
    await pause(2_200)
    const asked = once(silent, 'request')
    const answer = fetch(`${server.url}/v1/activate`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"marketplaceCode":"PL-SILENT"}',
    })
    await asked
    const began = performance.now()
    expect(await server.stop()).toBe(0)
    expect(performance.now() - began).toBeLessThan(2_500)
    const { status, headers } = await answer
    expect([status, headers.get('retry-after')]).toEqual([503, '30'])
  })

  it('under load cuts no call off: each gets a whole answer, or was never taken', async () => {
    const sent: Sent[] = []
    const client = async (keepAlive: boolean, work: (n: number, agent: Agent) => Promise<Sent>) => {
      const agent = new Agent({ keepAlive, maxSockets: 1 })
      let one: Sent
      let n = 0
      do {
        one = await work(n++, agent)
        sent.push(one)
      } while (one.fate !== 'ECONNREFUSED')
      agent.destroy()
    }
    const buyer = (keepAlive: boolean, name: number) =>
      client(keepAlive, (n, agent) => {
        const order = `CS-${name}-${n}`
        return send(sale(order), order, agent)
      })
    const asker = (keepAlive: boolean) =>
      client(keepAlive, (_, agent) => send(`${server.url}/v1/validate`, null, agent, '{"code":"x"}'))
    const clients = [
      ...Array.from({ length: 40 }, (_, n) => buyer(true, n)),
      ...Array.from({ length: 20 }, (_, n) => buyer(false, 100 + n)),
      ...Array.from({ length: 20 }, () => asker(true)),
      ...Array.from({ length: 10 }, () => asker(false)),
    ]
    const whole = () => sent.filter(({ fate }) => fate === 'whole').length
    await expect.poll(whole, { timeout: 30_000 }).toBeGreaterThan(500)
    const began = performance.now()
    const code = await server.stop()
    expect(performance.now() - began).toBeLessThan(8_000)
    await Promise.all(clients)
    expect(code).toBe(0)

    const fates = (kept: boolean) =>
      Object.groupBy(
        sent.filter((one) => one.kept === kept),
        ({ fate }) => fate,
      )
    expect(fates(false).ECONNREFUSED?.length).toBe(clients.length)
    // On a connection that was kept, every request was answered.
    expect(Object.keys(fates(true))).toEqual(['whole'])
    // A connection that the system had opened and the program not yet taken is reset; nothing was read from it.
    expect(
      Object.keys(fates(false))
        .filter((fate) => fate !== 'ECONNRESET')
        .sort(),
    ).toEqual(['ECONNREFUSED', 'whole'])

    const sold = await soldOrders()
    const buyers = sent.filter(({ order }) => order !== null)
    expect(buyers.filter(({ fate }) => fate === 'whole').every(({ order }) => sold.has(order!))).toBe(true)
    expect(buyers.filter(({ fate }) => fate !== 'whole').some(({ order }) => sold.has(order!))).toBe(false)
  })

  async function soldOrders(): Promise<ReadonlySet<string>> {
    const db = new Sqlite(`${seller.data}/licet.db`, { readonly: true })
    const orders = db.prepare('SELECT order_id FROM licenses').pluck().all() as string[]
    db.close()
    return new Set(orders)
  }

  /** Keeps every write waiting, about two and a half seconds each. */
  function lock(): void {
    const other = new Sqlite(`${seller.data}/licet.db`)
    other.exec('BEGIN IMMEDIATE')
    onTestFinished(() => void other.close())
  }

  it('waits for a call that waits for the database, and tells it how it ended', async () => {
    lock()
    const call = huawei.send(huawei.caller.getLicense(purchase('CS-LOCKED'), huawei.moment()))
    await pause(300)
    const [code, { body }] = await Promise.all([server.stop(), call])
    expect(JSON.parse(body)).toMatchObject({ resultCode: '000005' })
    expect(code).toBe(0)
  })

  it.skipIf(!CAN_MOUNT)('ends it as the first process of a container, which nothing else would', async () => {
    await server.stop()
    const [command, args] = asFirstProcess([process.execPath, BIN, 'serve'])
    const env = { ...process.env, LICET_DATA: seller.data, LICET_PORT: '0' }
    const outside = spawn(command, args, { env })
    await untilListening(outside)
    const inside = Number(readFileSync(`/proc/${outside.pid}/task/${outside.pid}/children`, 'utf8'))
    expect(readFileSync(`/proc/${inside}/status`, 'utf8')).toMatch(/^NSpid:\s+\d+\s+1$/m)
    process.kill(inside, 'SIGTERM')
    const [code] = await once(outside, 'exit')
    expect(code).toBe(0)
  })

  it('sent twice ends at once, with 3 and a line in the log', async () => {
    lock()
    const call = send(sale('CS-HARD'), 'CS-HARD', new Agent())
    await pause(300)
    const ended = server.stop()
    await pause(700)
    server.process.kill('SIGTERM')
    expect(await ended).toBe(3)
    expect((await call).fate).not.toBe('whole')
    const lines = server
      .said()
      .split('\n')
      .filter((line) => line.startsWith('{'))
    expect(JSON.parse(lines.at(-1)!)).toMatchObject({
      level: 'error',
      event: 'stopped_hard',
      why: 'second_signal',
    })
    expect(await soldOrders()).not.toContain('CS-HARD')
  })
})
