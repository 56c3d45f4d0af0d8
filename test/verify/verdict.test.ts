import { describe, expect, test } from 'vitest'
import { bindDevice, type LicenseCode } from '../../src/format/license-code.ts'
import { verifySync } from '../../src/verify/node.ts'
import type { VerifyOptions } from '../../src/verify/options.ts'
import { REASONS } from '../../src/verify/verdict.ts'
import { DAY, ISSUED, licenseText, manifestText, PAID_UNTIL, SIGNER, sha256 } from './kit.ts'

const ROOT_TEXT = manifestText()
const HOURS_48 = 48 * 3600
const GRACE_END = PAID_UNTIL + 3 * DAY

const judge = (over: Partial<LicenseCode>, options: Partial<VerifyOptions> = {}) =>
  verifySync(licenseText(over), ROOT_TEXT, { now: ISSUED, ...options })

const standing = (over: Partial<LicenseCode>, options: Partial<VerifyOptions>) => {
  const { valid, standing, reason } = judge(over, options)
  return [valid, standing, reason]
}

test('The reasons are the closed list of the contract', () => {
  expect(REASONS).toHaveLength(19)
  expect(new Set(REASONS).size).toBe(19)
})

describe('The facts of a genuine code', () => {
  test('are numbers where the caller gives no names', () => {
    expect(judge({})).toEqual({
      valid: true,
      standing: 'active',
      reason: null,
      license: {
        id: '1ef6fc706daff69a',
        product: 1001,
        edition: 2,
        features: [0, 2],
        seats: 50,
        trial: false,
        revision: 7,
        issuedAt: ISSUED,
        paidUntil: PAID_UNTIL,
        worksUntil: GRACE_END,
        kid: SIGNER.kid,
        bound: false,
      },
    })
  })

  test('are names where the caller gives them', () => {
    const product = { id: 1001, code: 'cad-pro', features: ['render', 'export', 'simulate'] }
    const named = { product: 'cad-pro', edition: 'flagship', features: ['render', 'simulate'] }
    expect(judge({}, { product: { ...product, editions: { 2: 'flagship' } } }).license).toMatchObject(named)
    const editions = [
      { id: 1, code: 'standard' },
      { id: 2, code: 'flagship' },
    ]
    expect(judge({}, { product: { ...product, editions } }).license).toMatchObject(named)
  })

  test('stay numbers where a name is missing or is none', () => {
    const product = { id: 1001, editions: { 3: 'other' }, features: ['render'] }
    expect(judge({}, { product }).license).toMatchObject({
      product: 1001,
      edition: 2,
      features: ['render', 2],
    })
    const wrong = { id: 1001, code: 5, editions: [null, { id: 2 }], features: 'render' } as never
    expect(judge({}, { product: wrong })).toMatchObject({
      valid: true,
      license: { product: 1001, features: [0, 2] },
    })
  })

  test('say null for unlimited seats and for a perpetual end', () => {
    expect(judge({ seats: 0, paidUntil: null }).license).toMatchObject({
      seats: null,
      paidUntil: null,
      worksUntil: null,
    })
  })

  test('hold every bit, the largest numbers and an end beyond 32 bits', () => {
    const license = judge({ features: 0xffffff, graceDays: 255, paidUntil: 0xfffffffe, seats: 65535 }).license
    expect(license?.features).toEqual(Array.from({ length: 24 }, (_, i) => i))
    expect(license).toMatchObject({ seats: 65535, worksUntil: 0xfffffffe + 255 * DAY })
  })

  test('come with a refusal for product, device or time, and with no earlier one', () => {
    const binding = bindDevice('device-42', sha256)!.subarray(0, 10)
    expect(judge({}, { product: 7 }).license?.product).toBe(1001)
    expect(judge({ binding }).license?.bound).toBe(true)
    expect(judge({}, { now: GRACE_END }).license?.id).toBe('1ef6fc706daff69a')
    expect(judge({ paidUntil: ISSUED })).not.toHaveProperty('license')
  })

  test('of another product do not take the names of this one', () => {
    const product = { id: 7, code: 'other', features: ['a', 'b', 'c'] }
    expect(judge({}, { product }).license).toMatchObject({ product: 1001, features: [0, 2] })
  })
})

describe('Time', () => {
  test.each<[string, number, unknown[]]>([
    ['48 hours and a second before issue', ISSUED - HOURS_48 - 1, [false, 'not_yet_valid', 'not_yet_valid']],
    ['48 hours before issue', ISSUED - HOURS_48, [true, 'active', null]],
    ['in the second of issue', ISSUED, [true, 'active', null]],
    ['in the last paid second', PAID_UNTIL - 1, [true, 'active', null]],
    ['at the paid end', PAID_UNTIL, [true, 'grace', null]],
    ['in the last second of grace', GRACE_END - 1, [true, 'grace', null]],
    ['at the end of grace', GRACE_END, [false, 'expired', 'expired']],
    ['ten years later', GRACE_END + 3650 * DAY, [false, 'expired', 'expired']],
  ])('%s gives the standing of the contract', (_, now, expected) => {
    expect(standing({}, { now })).toEqual(expected)
  })

  test('before the issue counts as the issue, so that a short license is not stretched', () => {
    expect(standing({ paidUntil: ISSUED + 1 }, { now: ISSUED - 1 })).toEqual([true, 'active', null])
  })

  test('without grace goes from active to expired', () => {
    expect(standing({ graceDays: 0 }, { now: PAID_UNTIL - 1 })).toEqual([true, 'active', null])
    expect(standing({ graceDays: 0 }, { now: PAID_UNTIL })).toEqual([false, 'expired', 'expired'])
  })

  test('never ends a perpetual license, but can be before it', () => {
    expect(standing({ paidUntil: null }, { now: 1e12 })).toEqual([true, 'active', null])
    expect(standing({ paidUntil: null }, { now: 0 })).toEqual([false, 'not_yet_valid', 'not_yet_valid'])
  })

  test('of grace is counted in more than 32 bits', () => {
    const over = { paidUntil: 0xfffffffe, graceDays: 255 }
    expect(standing(over, { now: 2 ** 32 + 100 * DAY })).toEqual([true, 'grace', null])
    expect(standing(over, { now: 0xfffffffe + 255 * DAY })).toEqual([false, 'expired', 'expired'])
  })
})

describe('The clock', () => {
  test.each<[string, number, unknown[]]>([
    ['at the build time', 0, [true, 'active', null]],
    ['48 hours before the build', HOURS_48, [true, 'active', null]],
    ['48 hours and a second before the build', HOURS_48 + 1, [false, null, 'clock_rolled_back']],
    ['years before the build', 3650 * DAY, [false, null, 'clock_rolled_back']],
  ])('%s', (_, ahead, expected) => {
    expect(standing({}, { buildTime: ISSUED + ahead })).toEqual(expected)
  })

  test('is judged before the time', () => {
    expect(standing({}, { now: 0, buildTime: ISSUED })).toEqual([false, null, 'clock_rolled_back'])
    expect(standing({}, { now: GRACE_END, buildTime: GRACE_END + 3 * DAY })).toEqual([
      false,
      null,
      'clock_rolled_back',
    ])
  })

  test.each([
    undefined,
    null,
    Number.NaN,
    Infinity,
    -Infinity,
    '1767225600',
    1n,
    new Date(ISSUED * 1000),
    {},
  ])('that is no number, %s, is not believed', (now) => {
    expect(standing({ paidUntil: null }, { now: now as number })).toEqual([false, null, 'clock_rolled_back'])
  })

  test.each([
    null,
    Number.NaN,
    Infinity,
    '1767225600',
  ])('with a build time of %s is not believed', (buildTime) => {
    expect(standing({}, { buildTime: buildTime as number })).toEqual([false, null, 'clock_rolled_back'])
  })
})

describe('The product', () => {
  test('fits by its number, alone or with names', () => {
    expect(judge({}, { product: 1001 }).valid).toBe(true)
    expect(judge({}, { product: { id: 1001 } }).valid).toBe(true)
  })

  test.each([
    1002,
    0,
    -1,
    '1001',
    null,
    true,
    [],
    {},
    { id: '1001' },
    { id: 1002 },
    { code: 'cad-pro' },
    Number.NaN,
  ])('does not fit as %j', (product) => {
    expect(standing({}, { product: product as number })).toEqual([false, null, 'wrong_product'])
  })

  test('is judged before the device', () => {
    const binding = new Uint8Array(10)
    expect(judge({ binding }, { product: 5, device: 'x' }).reason).toBe('wrong_product')
  })
})

describe('The device of a bound code', () => {
  const binding = bindDevice('device-42', sha256)!.subarray(0, 10)

  test('fits by its fingerprint', () => {
    expect(judge({ binding }, { device: 'device-42' })).toMatchObject({
      valid: true,
      license: { bound: true },
    })
    expect(judge({ binding }, { device: { fingerprint: 'device-42' } }).valid).toBe(true)
  })

  test.each([
    undefined,
    null,
    '',
    'device-43',
    'device-42 ',
    42,
    {},
    { fingerprint: 42 },
    ['device-42'],
    '\ud800',
  ])('does not fit as %j', (device) => {
    expect(standing({ binding }, { device: device as string })).toEqual([false, null, 'wrong_device'])
  })

  test('does not fit beyond 5,120 bytes of fingerprint', () => {
    const longest = 'd'.repeat(5120)
    const bound = { binding: bindDevice(longest, sha256)!.subarray(0, 10) }
    expect(judge(bound, { device: longest }).valid).toBe(true)
    expect(judge(bound, { device: `${longest}d` }).reason).toBe('wrong_device')
  })

  test('may be any device where the code is not bound', () => {
    expect(judge({}, { device: 'whatever' }).valid).toBe(true)
  })

  test('is judged before clock and time', () => {
    expect(judge({ binding }, { now: GRACE_END, buildTime: GRACE_END * 2 }).reason).toBe('wrong_device')
  })
})
