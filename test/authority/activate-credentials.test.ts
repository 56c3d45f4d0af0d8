import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { activate } from '../../src/authority/activate.ts'
import { addChannel } from '../../src/authority/admin.ts'
import { setOpenApi } from '../../src/authority/outgoing/credentials.ts'
import { deliverCalls } from '../../src/authority/outgoing/deliver.ts'
import { readiness } from '../../src/authority/readiness.ts'
import { type CodeMarket, CREDENTIALS, openCodeMarket, PATIENT, saying } from './activation-kit.ts'

let market: CodeMarket
beforeAll(async () => {
  market = await openCodeMarket()
})
afterAll(() => market.close())

let number = 0
let code: string
beforeEach(() => {
  market.called.splice(0)
  code = `PL-${++number}`
})

const alerts = async () =>
  (await market.authority.store.dueAlerts(Number.MAX_SAFE_INTEGER, 99)).map(({ alert }) => alert)
const warnings = async () => (await readiness(market.authority, 0)).warnings.map(({ warning }) => warning)

describe('credentials', () => {
  test('that are refused are named to the seller, and to nobody who asks', async () => {
    market.clock.time += 86_400
    market.sells(code)
    const heard = market.lines.length
    market.next(saying({ error_code: 'APIGW.0301', error_msg: 'canary of a gateway' }, 401))
    expect(await market.activation(code)).toEqual({ type: 'unavailable' })
    const detail = { channel: 'huawei', error: 'unauthorized APIGW.0301' }
    expect((await alerts()).filter(({ kind }) => kind === 'activation_failed')).toMatchObject([{ detail }])
    expect(market.lines.slice(heard)).toContainEqual({ level: 'error', event: 'activation_failed', detail })
    expect(JSON.stringify(market.lines)).not.toMatch(/canary|PL-\d/)
    market.next(saying({ error_code: 'APIGW.0301' }, 401))
    await deliverCalls(market.authority, market.transport)
    expect(await warnings()).toContain('outgoing_calls_failing')
    expect(await market.authority.store.callTroubles()).toMatchObject([
      { channel: 'huawei', error: 'unauthorized APIGW.0301' },
    ])
  })

  test('that are right again end the trouble', async () => {
    const set = await setOpenApi(market.authority, 'huawei', { ...CREDENTIALS, site: 'intl' })
    expect(set.ok).toBe(true)
    await deliverCalls(market.authority, market.transport)
    expect(await warnings()).not.toContain('outgoing_calls_failing')
    expect(await market.authority.store.callTroubles()).toEqual([])
  })

  test('that are refused again and again queue one question a day', async () => {
    market.clock.time += 86_400
    for (let n = 0; n < 20; n++) {
      market.next(saying({ error_code: 'APIGW.0301' }, 401))
      await market.activation(`PL-JUNK-${n}`)
    }
    const waiting = await market.authority.store.outgoingCalls('waiting', null, 99)
    expect(waiting.items).toHaveLength(1)
    await deliverCalls(market.authority, market.transport)
    expect((await market.authority.store.outgoingCalls('dead', null, 99)).items).toEqual([])
  })

  test('that a second channel has make the channel a question, which the code may answer', async () => {
    const added = await addChannel(market.authority, {
      ...{ name: 'second', kind: 'huawei', timeZone: 'UTC', accessKey: 'access-key-of-the-second-01' },
    })
    await setOpenApi(market.authority, 'second', { ...CREDENTIALS, site: 'intl' })
    expect(added.ok).toBe(true)
    market.clock.time += 5
    market.sells(code)
    expect(await market.activation(code)).toEqual({ type: 'channel_needed' })
    expect(await market.activates(code, { channel: 'huawei' })).toMatchObject({ valid: true })
    expect(await market.activates(code)).toMatchObject({ valid: true })
  })

  test('that no channel has are missed only where the channel is named', async () => {
    const snapshot = await market.authority.configuration.current(market.clock.now())
    const channels = new Map([...snapshot.channels].map(([name, one]) => [name, { ...one, openApi: null }]))
    const ask = (channel: string | null) =>
      activate(
        market.authority,
        { ...snapshot, channels },
        market.transport,
        { code, channel, fingerprint: null },
        PATIENT,
      )
    expect(await ask(null)).toEqual({ type: 'channel_needed' })
    expect(await ask('huawei')).toEqual({ type: 'unavailable' })
    expect(market.called).toEqual([])
  })
})
