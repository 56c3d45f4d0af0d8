import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { issueCode } from '../../src/authority/issue.ts'
import { operate, sellDirectly } from '../../src/authority/operate.ts'
import type { Terms } from '../../src/domain/license.ts'
import { NOON } from '../support/instance.ts'
import { claimsOf, DAY, type Desk, openDesk } from './desk.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.close())

const OPERATOR = { who: 'operator', reason: null }
const NOTHING = { valid: false, standing: null, license: null, statement: null }

/** By hand, not by our own code: all 32 bytes of SHA-256("LC1 bind" 0x00 fingerprint). */
const digestOf = (fingerprint: string) => createHash('sha256').update(`LC1 bind\0${fingerprint}`).digest()
const bindingOf = (fingerprint: string) => digestOf(fingerprint).subarray(0, 10).toString('hex')

/** A license bound to the laptop, or to nothing. */
async function sell(fingerprint: string | null) {
  const binding = fingerprint === null ? null : bindingOf(fingerprint)
  const terms = { product: 'cad-pro', edition: 'standard', seats: 1, trial: false, binding }
  const sale = { ...terms, paidUntil: NOON + 30 * DAY, instance: null, order: null, customer: null }
  const done = await sellDirectly(desk.authority, sale, OPERATOR)
  if (!done.ok) throw new Error(done.no.reason)
  return { id: done.value.license.id, text: done.value.text! }
}

describe('a code bound to a device', () => {
  let bound: { id: string; text: string }
  beforeEach(async () => {
    bound = await sell('laptop')
  })

  test('is good on its device, and the statement names it with all 32 bytes', async () => {
    const answer = await desk.ask(bound.text, { fingerprint: 'laptop' })
    expect(answer).toMatchObject({ valid: true, license: { id: bound.id } })
    expect(claimsOf(answer)).toMatchObject({ device: digestOf('laptop').toString('base64url') })
    expect(desk.verdictOf(bound.text, 'laptop')).toMatchObject({ valid: true, license: { bound: true } })
  })

  test.each([
    ['without a fingerprint', null],
    ['with that of another', 'desktop'],
    ['with one that differs in case', 'Laptop'],
  ])('%s is wrong_device: no license, no statement, no newer code', async (_, fingerprint) => {
    await operate(desk.authority, { id: bound.id }, { type: 'reissue', leaked: false }, OPERATOR)
    expect(await desk.ask(bound.text, { fingerprint })).toEqual({
      ...NOTHING,
      reason: 'wrong_device',
      certificates: expect.any(Array),
    })
  })

  test('moved by reissue hands the newer code to the old device, where it is no good', async () => {
    const binding = bindingOf('desktop')
    await operate(desk.authority, { id: bound.id }, { type: 'reissue', leaked: false, binding }, OPERATOR)
    const { currentCode } = await desk.ask(bound.text, { fingerprint: 'laptop' })
    expect(await desk.ask(currentCode!, { fingerprint: 'laptop' })).toMatchObject({ reason: 'wrong_device' })
    expect(await desk.ask(currentCode!, { fingerprint: 'desktop' })).toMatchObject({ valid: true })
  })
})

describe('a code bound to no device', () => {
  test('is good anywhere; the statement names the device that asked', async () => {
    const { text } = await sell(null)
    const answer = await desk.ask(text, { fingerprint: '设备-7' })
    expect(answer).toMatchObject({ valid: true })
    expect(claimsOf(answer)).toMatchObject({ device: digestOf('设备-7').toString('base64url') })
  })

  test('asked about by nobody in particular is stated without a device', async () => {
    const { text } = await sell(null)
    expect(claimsOf(await desk.ask(text))).not.toHaveProperty('device')
  })
})

describe('a good signature on a code that was never issued here', () => {
  const terms: Terms = {
    product: 1001,
    edition: 1,
    seats: 1,
    features: 1,
    trial: false,
    graceDays: 3,
    paidUntil: NOON + 30 * DAY,
    binding: null,
  }

  /** Signed with the active key, past every use case: what a thief of the key would do. */
  async function forge(license: string, revision: number, changed: Partial<Terms> = {}): Promise<string> {
    const { keyring } = await desk.authority.configuration.current(desk.clock.now())
    const grant = { license, revision, terms: { ...terms, ...changed } }
    const issued = await issueCode(desk.authority, keyring, grant, desk.clock.now())
    if (!issued.ok) throw new Error(issued.no.reason)
    return issued.value.text
  }

  const alarms = async (license: string) =>
    (await desk.authority.store.dueAlerts(desk.clock.time, 1_000)).filter(
      ({ alert }) => alert.kind === 'not_issued' && alert.detail.license === license,
    )

  test('is genuine to shipped software, not_issued to the server, and raises an alarm', async () => {
    const text = await forge('00112233445566aa', 1)
    expect(desk.verdictOf(text)).toMatchObject({ valid: true })
    expect(await desk.ask(text)).toEqual({
      ...NOTHING,
      reason: 'not_issued',
      certificates: expect.any(Array),
    })
    expect(await alarms('00112233445566aa')).toMatchObject([
      { alert: { detail: { revision: 1, kid: expect.stringMatching(/^[0-9a-f]{8}$/) } } },
    ])
    expect(desk.lines.at(-1)).toMatchObject({ level: 'error', event: 'not_issued' })
  })

  test('alarms once per code', async () => {
    const text = await forge('00112233445566bb', 1)
    for (let time = 0; time < 3; time++) await desk.ask(text)
    expect(await alarms('00112233445566bb')).toHaveLength(1)
  })

  test('alarms also in the name of a license that exists, and hands out nothing', async () => {
    const { id } = await sell(null)
    await operate(desk.authority, { id }, { type: 'reissue', leaked: false }, OPERATOR)
    for (const revision of [1, 2, 3]) {
      const text = await forge(id, revision, { seats: 500 })
      expect(await desk.ask(text)).toEqual({
        ...NOTHING,
        reason: 'not_issued',
        certificates: expect.any(Array),
      })
    }
    expect(await alarms(id)).toHaveLength(3)
  })

  test('does not escape the alarm by being bound to a device', async () => {
    const text = await forge('00112233445566cc', 1, { binding: bindingOf('laptop') })
    expect(await desk.ask(text)).toMatchObject({ ...NOTHING, reason: 'not_issued' })
    expect(await desk.ask(text, { fingerprint: 'laptop' })).toMatchObject({ reason: 'not_issued' })
    expect(await alarms('00112233445566cc')).toHaveLength(1)
  })
})
