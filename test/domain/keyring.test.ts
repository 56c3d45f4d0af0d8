import { describe, expect, test } from 'vitest'
import {
  canIssue,
  chooseKey,
  daysLeft,
  daysUntilOpen,
  type KnownKey,
  type Need,
} from '../../src/domain/keyring.ts'
import { SECONDS_PER_DAY } from '../../src/domain/time.ts'
import { type KeyCertificate, USAGE } from '../../src/format/key-certificate.ts'
import { day, START } from './samples.ts'

const certificate = (over: Partial<KeyCertificate> = {}): KeyCertificate => ({
  rootKid: '00000001',
  serial: 1,
  usages: USAGE.codes,
  from: day(0),
  to: day(365),
  publicKey: new Uint8Array(32),
  product: 0,
  maxTermMonths: 0,
  ...over,
})

const key = (over: Partial<KnownKey> = {}): KnownKey => ({
  kid: 'aaaaaaaa',
  usage: 'codes',
  status: 'active',
  certificates: [certificate()],
  ...over,
})

const need = (over: Partial<Need> = {}): Need => ({
  now: day(10),
  product: 1001,
  paidUntil: day(375),
  ...over,
})

describe('the key that may issue', () => {
  test('is the active one whose certificate covers usage, product, term and time', () => {
    const chosen = key({ certificates: [certificate({ product: 1001, maxTermMonths: 12 })] })
    expect(chooseKey([key({ status: 'retired' }), chosen], 'codes', need())).toEqual({
      ok: true,
      value: chosen,
    })
  })
  test('is the one whose window closes last, and of equals the one of the lowest kid', () => {
    const early = key({ kid: '11111111' })
    const late = key({ kid: '99999999', certificates: [certificate({ to: day(400) })] })
    const alsoLate = key({
      kid: '55555555',
      certificates: [certificate({ to: day(20) }), certificate({ to: day(400) })],
    })
    for (const keys of [
      [early, late, alsoLate],
      [alsoLate, late, early],
    ]) {
      expect(chooseKey(keys, 'codes', need())).toEqual({ ok: true, value: alsoLate })
    }
  })
  test('is chosen by the window of a certificate that covers the need, not by a longer one that does not', () => {
    const wide = key({
      kid: '22222222',
      certificates: [certificate({ to: day(30) }), certificate({ to: day(900), product: 7 })],
    })
    const other = key({ kid: '33333333', certificates: [certificate({ to: day(60) })] })
    expect(chooseKey([wide, other], 'codes', need())).toEqual({ ok: true, value: other })
  })
  test.each([
    ['in the first second of the window', { now: day(0), paidUntil: day(300) }],
    ['in the last second of the window', { now: day(365) - 1, paidUntil: day(366) }],
    ['up to the longest term exactly', { now: START, paidUntil: START + 12 * 31 * SECONDS_PER_DAY }],
  ])('may issue %s', (_name, over) => {
    const keys = [key({ certificates: [certificate({ maxTermMonths: 12 })] })]
    expect(chooseKey(keys, 'codes', need(over)).ok).toBe(true)
  })
  test('may issue for ever under a certificate without a longest term', () => {
    expect(chooseKey([key()], 'codes', need({ paidUntil: null })).ok).toBe(true)
  })
  test('signs statements without a look at the term', () => {
    const keys = [
      key({
        usage: 'statements',
        certificates: [certificate({ usages: USAGE.statements, maxTermMonths: 1 })],
      }),
    ]
    expect(chooseKey(keys, 'statements', need({ paidUntil: null })).ok).toBe(true)
  })
})

describe('no key may issue', () => {
  const refusals: readonly [string, readonly KnownKey[], Partial<Need>, readonly string[]][] = [
    ['without any key', [], {}, []],
    ['with a pending key alone', [key({ status: 'pending' })], {}, []],
    ['with a retired key alone', [key({ status: 'retired' })], {}, []],
    ['with a revoked key alone', [key({ status: 'revoked' })], {}, []],
    ['with a key for statements alone', [key({ usage: 'statements' })], {}, []],
    ['without a certificate', [key({ certificates: [] })], {}, ['no_certificate']],
    [
      'for another usage',
      [key({ certificates: [certificate({ usages: USAGE.lists })] })],
      {},
      ['usage_not_certified'],
    ],
    [
      'for another product',
      [key({ certificates: [certificate({ product: 7 })] })],
      {},
      ['product_not_certified'],
    ],
    [
      'a second over the longest term',
      [key({ certificates: [certificate({ maxTermMonths: 1 })] })],
      { paidUntil: day(41) + 1 },
      ['term_not_certified'],
    ],
    [
      'for ever under a longest term',
      [key({ certificates: [certificate({ maxTermMonths: 255 })] })],
      { paidUntil: null },
      ['term_not_certified'],
    ],
    ['a second before the window', [key()], { now: day(0) - 1 }, ['window_not_open']],
    ['in the first second after the window', [key()], { now: day(365) }, ['window_closed']],
    [
      'where each certificate fails for its own reason',
      [
        key({ certificates: [certificate({ product: 7 }), certificate({ to: day(5) })] }),
        key({ certificates: [] }),
      ],
      {},
      ['product_not_certified', 'window_closed', 'no_certificate'],
    ],
  ]
  test.each(refusals)('%s', (_name, keys, over, why) => {
    const obstacles = why.map((one) => ({ kid: 'aaaaaaaa', why: one }))
    expect(chooseKey(keys, 'codes', need(over))).toEqual({
      ok: false,
      no: { reason: 'no_key', usage: 'codes', product: 1001, obstacles },
    })
  })
})

describe('the window of a key', () => {
  test.each([
    [day(305), 60],
    [day(365) - SECONDS_PER_DAY / 2, 0.5],
    [day(365), 0],
    [day(0) - 1, 0],
  ])('at %i has %f days left', (now, days) => {
    expect(daysLeft(key(), now)).toBe(days)
  })
  test('is the longest of those open now', () => {
    const certificates = [
      certificate({ to: day(20) }),
      certificate({ to: day(40) }),
      certificate({ from: day(30), to: day(90) }),
    ]
    expect(daysLeft(key({ certificates }), day(10))).toBe(30)
  })
  test('counts only certificates for the usage of the key', () => {
    expect(daysLeft(key({ certificates: [certificate({ usages: USAGE.lists })] }), day(10))).toBe(0)
    expect(daysLeft(key({ certificates: [] }), day(10))).toBe(0)
  })
  test.each([
    ['a half day before the first of two', day(0) - SECONDS_PER_DAY / 2, 0.5],
    ['in the first second', day(0), null],
    ['between the two', day(25), 5],
    ['when both are over', day(90), null],
  ])('opens, %s', (_name, now, days) => {
    const certificates = [certificate({ to: day(20) }), certificate({ from: day(30), to: day(90) })]
    expect(daysUntilOpen(key({ certificates }), now)).toBe(days)
  })
  test('never opens by a certificate for another usage', () => {
    const certificates = [certificate({ usages: USAGE.lists })]
    expect(daysUntilOpen(key({ certificates }), day(0) - 1)).toBeNull()
  })
  test('lets a key issue that is limited to a product or a term', () => {
    const limited = key({ certificates: [certificate({ product: 7, maxTermMonths: 1 })] })
    expect(canIssue([limited], 'codes', day(10))).toBe(true)
  })
  test.each([
    ['closed', key(), day(365)],
    ['of a retired key', key({ status: 'retired' }), day(10)],
    ['of another usage', key({ usage: 'lists' }), day(10)],
  ])('lets no key issue when it is %s', (_name, one, now) => {
    expect(canIssue([one], 'codes', now)).toBe(false)
  })
})
