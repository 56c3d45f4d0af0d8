import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { PassThrough } from 'node:stream'
import { expect, onTestFinished, test } from 'vitest'
import { Unreadable } from '../../../src/cli/shell.ts'
import type { SimulateOrder } from '../../../src/cli/simulating.ts'
import { httpLine } from '../../../src/runtime/desk/line.ts'
import { simulate } from '../../../src/runtime/desk/simulate.ts'
import { ACCESS_KEY, RIGHT, signed } from '../../marketplace/huawei/desk/seller.ts'

type Answer = (request: IncomingMessage, response: ServerResponse) => void

async function seller(answer: Answer): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/callbacks`
}

/** License 1.0 alone, all in the query. */
const right: Answer = ({ url }, response) => {
  const members = Object.fromEntries(new URL(url!, 'http://x').searchParams)
  const heard = signed(RIGHT({ activity: members.activity!, members, isTest: members.testFlag === '1' }))
  if (heard.type === 'silence') return
  response
    .writeHead(200, { 'content-type': 'application/json', 'body-sign': heard.bodySign! })
    .end(heard.body)
}

const order = (address: string, over: Partial<SimulateOrder> = {}): SimulateOrder => ({
  ...{ kind: 'huawei', address, accessKey: ACCESS_KEY, kitAccessKey: null, credentials: null },
  ...{
    listen: { host: '127.0.0.1', port: 0 },
    dayMs: 100,
    families: ['license-1'],
    script: null,
    days: null,
  },
  ...{ product: { productId: 'OFFI-1', sku: null, quantity: 1 }, json: false },
  ...over,
})

async function simulated(of: SimulateOrder, typed: string | null = null) {
  const [out, err]: [string[], string[]] = [[], []]
  const input = Object.assign(new PassThrough(), { isTTY: typed !== null })
  if (typed !== null) input.end(typed)
  const streams = {
    out: (text: string) => void out.push(text),
    err: (text: string) => void err.push(text),
    input: input as unknown as NodeJS.ReadStream,
    nowMs: Date.now,
  }
  const exit = await simulate(of, streams)
  return { exit, out: out.join(''), err: err.join('') }
}

test('a right seller gets through a whole life and a day, and 0', async () => {
  const { exit, out } = await simulated(order(await seller(right)))
  expect(out).toMatch(/→ getLicense .*#1 .*000000/)
  expect(out).toMatch(/→ releaseLicense .*#2 .*000000/)
  expect(out).toMatch(/day 1 is over: the probes passed; on sale/)
  expect(out).toMatch(/nothing is held against the seller/)
  expect(exit).toBe(0)
})

test('a wrong one is told how many of his five days are gone, and gets 1', async () => {
  const wrong: Answer = (_, response) => void response.writeHead(500).end('oops')
  const { exit, out } = await simulated(order(await seller(wrong), { script: [], days: 3 }))
  expect(out).toMatch(/getLicense: HTTP status 500/)
  expect(out).toMatch(/3 failed probe days of 5/)
  expect(exit).toBe(1)
})

test('a script is followed, and --json is one document without a secret', async () => {
  const script = ['sell # the first', '', 'renew 1', 'probe', 'quit', 'release 1']
  const { exit, out, err } = await simulated(order(await seller(right), { script, json: true }))
  const { opinion, calls, events } = JSON.parse(out)
  expect({ exit, standing: opinion.standing, made: calls.made }).toEqual({
    exit: 0,
    standing: 'on_sale',
    made: 2,
  })
  expect(events.map(({ type, activity }: { type: string; activity?: string }) => activity ?? type)).toEqual(
    expect.arrayContaining(['getLicense', 'refreshLicense', 'probe', 'status']),
  )
  expect(err).toMatch(/→ refreshLicense/)
  for (const secret of [ACCESS_KEY, 'license-of-', 'authToken']) expect(out + err).not.toContain(secret)
})

test('at the console lines are read until quit, and a line that is none is answered', async () => {
  const { exit, out } = await simulated(order(await seller(right)), 'sell\nbuy it\nhelp\nquit\nsell\n')
  expect(out).toContain('The desk is yours')
  expect(out).toContain('! there is no command "buy"')
  expect(out).toContain('release ID')
  expect(exit).toBe(0)
})

test.each<[string, Partial<SimulateOrder>, RegExp]>([
  ['another kind', { kind: 'amazon' }, /no simulation of a marketplace of kind "amazon"; known: huawei/],
  ['another family', { families: ['office'] }, /no family "office"; known: license-1, /],
  [
    'a script with a mistake',
    { script: ['sell', '', 'sel'] },
    /Line 3 of the script: there is no command "sel"/,
  ],
])('%s is refused before anything is sent', async (_, over, sentence) => {
  let calls = 0
  const address = await seller(() => void calls++)
  const refused = simulated(order(address, over))
  await expect(refused).rejects.toThrow(Unreadable)
  await expect(refused).rejects.toThrow(sentence)
  expect(calls).toBe(0)
})

test.each<[string, Answer, RegExp, number]>([
  ['never answers', () => undefined, /^200 ms are over$/, 200],
  [
    'drips',
    (_, response) => void setInterval(() => response.write(' '), 50).unref(),
    /^200 ms are over$/,
    200,
  ],
  ['cuts the line', (request) => void request.socket.destroy(), /^(UND_ERR_SOCKET|ECONNRESET)$/, 4000],
  [
    'floods',
    (_, response) => void response.end(Buffer.alloc(2 * 1024 * 1024)),
    /^more than 1048576 bytes$/,
    4000,
  ],
])('the line hears silence from a server that %s', async (_, answer, why, patience) => {
  const address = await seller(answer)
  const stopping = new AbortController().signal
  const line = httpLine({ compression: 1, nowMs: Date.now, stopping, patience })
  const heard = await line.send({ method: 'GET', url: address, headers: {}, body: null })
  expect(heard).toEqual({ type: 'silence', why: expect.stringMatching(why), tookMs: expect.any(Number) })
})
