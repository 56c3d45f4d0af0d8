import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Transport } from '../../src/authority/outgoing/transport.ts'
import { createApp } from '../../src/http/app.ts'
import { ACTIVATION_DEADLINE } from '../../src/http/deadline.ts'
import { GUESSES, UNNAMED_GUESSES } from '../../src/http/rate-limit.ts'
import { clientsBehind } from '../../src/runtime/client-address.ts'
import { type CodeMarket, openCodeMarket } from '../authority/activation-kit.ts'
import { OPTIONS } from './server.ts'

let market: CodeMarket
beforeAll(async () => {
  market = await openCodeMarket()
})
afterAll(() => market.close())
beforeEach(() => {
  market.called.splice(0)
})

type Ask = (code: string, client?: string) => Promise<Response>

function asking(transport: Transport = market.transport, knowsClients = true): Ask {
  const clientOf = knowsClients ? { clientOf: clientsBehind([]) } : {}
  const app = createApp(market.authority, { ...OPTIONS, transport, ...clientOf })
  return async (code, client = '203.0.113.7') => {
    const incoming = { url: '/v1/activate', headers: {}, socket: { remoteAddress: client } }
    const body = JSON.stringify({ marketplaceCode: code })
    const headers = { 'content-type': 'application/json' }
    return app.request('/v1/activate', { method: 'POST', body, headers }, { incoming })
  }
}

async function guess(ask: Ask, times: number, client?: string): Promise<number[]> {
  const statuses: number[] = []
  for (let n = 0; n < times; n++) statuses.push((await ask(`PL-GUESS-${n}`, client)).status)
  return statuses
}

describe('whoever tries out codes', () => {
  test('is stopped before the marketplace is asked once more', async () => {
    const ask = asking()
    expect(new Set(await guess(ask, GUESSES.burst))).toEqual(new Set([404]))
    const refused = await ask('PL-ONE-TOO-MANY')
    expect(refused.status).toBe(429)
    expect(refused.headers.get('retry-after')).toBe('5')
    expect(await refused.json()).toMatchObject({ code: 'rate_limited' })
    expect(market.called).toHaveLength(GUESSES.burst)
    expect((await ask('PL-OF-ANOTHER', '203.0.113.8')).status).toBe(404)
    market.clock.time += 5
    expect((await ask('PL-LATER')).status).toBe(404)
    expect((await ask('PL-LATER-STILL')).status).toBe(429)
  })

  test('gets what is known here all the same', async () => {
    market.sells('PL-KNOWN')
    const ask = asking()
    expect((await ask('PL-KNOWN')).status).toBe(200)
    await guess(ask, GUESSES.burst + 1)
    expect((await ask('PL-KNOWN')).status).toBe(200)
  })

  test('behind a proxy that nobody named has a larger share with all others there', async () => {
    const ask = asking()
    const proxy = '127.0.0.1'
    expect(new Set(await guess(ask, UNNAMED_GUESSES.burst, proxy))).toEqual(new Set([404]))
    expect((await ask('PL-ONE-TOO-MANY', proxy)).status).toBe(429)
    expect((await ask('PL-FROM-OUTSIDE')).status).toBe(404)
  })

  test('is not stopped where requests share no memory to count in', async () => {
    const ask = asking(market.transport, false)
    expect(new Set(await guess(ask, GUESSES.burst + 1))).toEqual(new Set([404]))
  })
})

test('an office that activates many codes of its own is never stopped', async () => {
  const ask = asking()
  for (let n = 0; n < GUESSES.burst + 5; n++) {
    market.sells(`PL-OFFICE-${n}`, { orderId: `CS-OFFICE-${n}` })
    expect((await ask(`PL-OFFICE-${n}`)).status).toBe(200)
  }
})

test('of those who gave up behind a marketplace that hangs, none is asked for afterwards', async () => {
  let sent = 0
  const answers: (() => void)[] = []
  const hanging: Transport = {
    send: () => {
      sent++
      return new Promise((answer) => answers.push(() => answer({ type: 'failed', why: 'timeout' })))
    },
  }
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    const ask = asking(hanging)
    const all = [1, 2, 3, 4].map(() => ask('PL-HANGS'))
    await vi.advanceTimersByTimeAsync(ACTIVATION_DEADLINE)
    for (const one of await Promise.all(all)) expect(one.status).toBe(503)
    for (const answer of answers) answer()
    await vi.advanceTimersByTimeAsync(100)
    expect(sent).toBe(1)
  } finally {
    vi.useRealTimers()
  }
})
