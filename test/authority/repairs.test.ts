import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CodeInfo } from '../../src/authority/outgoing/port.ts'
import { type Doubt, repairsOf } from '../../src/authority/repairs.ts'
import type { ActiveLicense, FreezeReason, License, Terms } from '../../src/domain/license.ts'
import { step } from '../../src/domain/step.ts'
import { NOON } from '../support/instance.ts'

const DAY = 86_400
const TERMS: Terms = {
  ...{ product: 1001, edition: 2, seats: 5, features: 5, trial: false, graceDays: 3 },
  ...{ paidUntil: NOON + 30 * DAY, binding: null },
}
const BASE = {
  ...{ id: '0011223344556677', origin: { channel: 'huawei', instance: 'PL1', order: null }, revision: 3 },
  ...{ handOverFloor: 0, codes: null, orders: [], createdAt: NOON - DAY },
}
const active = (terms: Partial<Terms> = {}): ActiveLicense => ({
  ...{ ...BASE, status: 'active', terms: { ...TERMS, ...terms } },
})
const frozen = (reason: FreezeReason, terms: Partial<Terms> = {}): License => ({
  ...{ ...BASE, status: 'frozen', reason, terms: { ...TERMS, ...terms } },
})
const pending: License = { ...BASE, status: 'pending', held: {}, mark: null }
const released: License = { ...BASE, status: 'released', terms: TERMS }

const says = (status: CodeInfo['status'], days: number | null = null) => ({
  status,
  paidUntil: days === null ? null : NOON + days * DAY,
})

const repairs = (license: License, said: ReturnType<typeof says>, doubt: Doubt | null = null) =>
  repairsOf(license, said, NOON, doubt).map(({ type }) => type)

/** The license after all its repairs, and how many changes they were. */
function apply(from: License, said: Pick<CodeInfo, 'status' | 'paidUntil'>) {
  let after = from
  let events = 0
  for (const command of repairsOf(from, said, NOON, null)) {
    const stepped = step(after, command, NOON)
    if (!stepped.ok) throw new Error(stepped.no.reason)
    after = stepped.value.license
    events += stepped.value.events.length
  }
  return { after, events }
}

describe('a license is repaired', () => {
  test.each<[string, License, ReturnType<typeof says>, string[]]>([
    ['by a release that was missed', active(), says('released'), ['release']],
    ['by a release, frozen as it is', frozen('operator'), says('released', 90), ['release']],
    ['by a renewal', active(), says('alive', 90), ['renew']],
    ['by a cancelled renewal', active(), says('alive', 10), ['shorten']],
    ['by a cancelled renewal of one day', active(), says('alive', 29), ['shorten']],
    ['by an end where it had none', active({ paidUntil: null }), says('alive', 10), ['shorten']],
    ['by a freeze', active(), says('expired', 30), ['freeze']],
    ['by a freeze without an end', active(), says('expired'), ['freeze']],
    ['by an end that has passed', active(), says('expired', -1), ['shorten']],
    ['by an unfreezing', frozen('expired'), says('alive', 30), ['reinstate']],
    [
      'by a renewal with its unfreezing',
      frozen('expired', { paidUntil: NOON - DAY }),
      says('alive', 9),
      ['renew', 'reinstate'],
    ],
  ])('%s', (_, license, said, types) => {
    expect(repairs(license, said)).toEqual(types)
  })
})

describe('nothing is done', () => {
  test.each<[string, License, ReturnType<typeof says>]>([
    ['where both say the same', active(), says('alive', 30)],
    ['for an end that was not sent', active(), says('alive')],
    ['for an end that another time zone makes earlier', active(), says('alive', 30 - 8 / 24)],
    ['for an end that is earlier by all but a day', active(), says('alive', 29 + 1 / DAY)],
    ['where our end comes within the day', active({ paidUntil: NOON + DAY - 1 }), says('expired', -1)],
    ['where our end comes within the day, without theirs', active({ paidUntil: NOON + 9 }), says('expired')],
    ['for a code that lives past its end', active(), says('alive', -1)],
    ['within the grace of the seller', active({ paidUntil: NOON - DAY }), says('expired', -1)],
    ['within the grace, without an end', active({ paidUntil: NOON - DAY }), says('expired')],
    ['for a code that the marketplace does not know', active(), says('unknown')],
    ['for a code that it calls inactive', active(), says('inactive')],
    ['for what is frozen already', frozen('expired'), says('expired')],
    ['to what support froze', frozen('operator'), says('alive', 30)],
    ['to what a violation froze', frozen('violation'), says('alive', 30)],
    ['to a perpetual license', active({ paidUntil: null }), says('alive')],
    ['to a license without terms', pending, says('released')],
    ['to a released one', released, says('alive', 90)],
  ])('%s', (_, license, said) => {
    expect(apply(license, said)).toEqual({ after: license, events: 0 })
  })

  test.each([
    says('expired'),
    says('expired', -1),
    says('alive', 5),
    says('alive', 400),
  ])('on an answer that may be older than the last change: %o', (said) => {
    expect(repairs(active(), said, 'recent')).toEqual([])
    expect(repairs(frozen('expired'), said, 'recent')).toEqual([])
    expect(repairs(active(), says('released'), 'recent')).toEqual(['release'])
  })
})

test('an end that the seller set himself is not shortened, but for ever released, renewed and reinstated', () => {
  const own = (license: License, said: ReturnType<typeof says>) => repairs(license, said, 'own_end')
  for (const said of [says('alive', 10), says('expired'), says('expired', -1), says('expired', 10)])
    expect(own(active(), said)).toEqual([])
  expect(own(active(), says('alive', 90))).toEqual(['renew'])
  expect(own(frozen('expired'), says('alive', 10))).toEqual(['reinstate'])
  expect(own(active(), says('released'))).toEqual(['release'])
})

test('what is said twice is done once, whatever it is', () => {
  const license = fc.constantFrom<License>(
    active(),
    active({ paidUntil: null }),
    active({ paidUntil: NOON - DAY }),
    frozen('expired'),
    frozen('violation', { paidUntil: NOON - 9 * DAY }),
  )
  const said = fc.record({
    status: fc.constantFrom<CodeInfo['status']>('alive', 'expired', 'released', 'inactive', 'unknown'),
    paidUntil: fc.option(fc.integer({ min: NOON - 99 * DAY, max: NOON + 99 * DAY })),
  })
  fc.assert(
    fc.property(license, said, (from, info) => {
      expect(apply(apply(from, info).after, info).events).toBe(0)
    }),
  )
})
