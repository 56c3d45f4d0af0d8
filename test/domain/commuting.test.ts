import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Command } from '../../src/domain/commands.ts'
import type { Event } from '../../src/domain/events.ts'
import type { License } from '../../src/domain/license.ts'
import { changing, end, freezing, paidUntil, reinstating, renewal, run, shortening } from './arbitrary.ts'
import { meaning } from './invariants.ts'
import { day, frozen, issued, issuedWith, licenseOf, met, TERMS } from './samples.ts'

const NOW = day(50)

/** Equal in what they mean and in the orders they have applied; the revision counts the events of each way. */
function expectAlike(a: License | null, b: License | null): void {
  expect(a && { ...(meaning(a) as object), orders: [...a.orders].sort() }).toEqual(
    b && { ...(meaning(b) as object), orders: [...b.orders].sort() },
  )
}

/** Renewals with an order each, as different purchases have them. */
const renewals = fc
  .array(paidUntil, { minLength: 1, maxLength: 5 })
  .map((ends) =>
    ends.map((end, i): Command => ({ type: 'renew', order: `r${i}`, paidUntil: end, formal: i % 2 === 0 })),
  )

const starts: Readonly<Record<string, License>> = {
  pending: licenseOf(met),
  active: licenseOf(issued),
  'active in grace': licenseOf(issuedWith({ paidUntil: day(49) })),
  'active but ended': licenseOf(issuedWith({ paidUntil: day(20) })),
  'frozen as expired': licenseOf(issued, frozen('expired')),
  'frozen as violation': licenseOf(issued, frozen('violation')),
}

/** Without a renewal for ever: that is refused while a license is a trial, and only then. */
const trialRenewals = fc
  .array(fc.tuple(end, fc.boolean()), { minLength: 1, maxLength: 5 })
  .map((some) =>
    some.map(([paidUntil, formal], i): Command => ({ type: 'renew', order: `r${i}`, paidUntil, formal })),
  )

test.each([
  ['active', [issuedWith({ trial: true })]],
  ['in grace', [issuedWith({ trial: true, paidUntil: day(49) })]],
  ['frozen for a violation', [issuedWith({ trial: true }), frozen('violation')]],
] as const)('formal and other renewals of a trial that is %s commute', (_name, history) => {
  const start = licenseOf(...history)
  fc.assert(
    fc.property(
      trialRenewals.chain((some) =>
        fc.tuple(fc.constant(some), fc.shuffledSubarray(some, { minLength: some.length })),
      ),
      ([some, shuffled]) => expectAlike(run(start, some, NOW), run(start, shuffled, NOW)),
    ),
  )
})

test('a trial activated after its renewals is what it is when activated before them', () => {
  fc.assert(
    fc.property(trialRenewals, fc.nat(5), (some, place) => {
      const activate: Command = { type: 'activate', terms: { ...TERMS, trial: true } }
      const between = [...some.slice(0, place), activate, ...some.slice(place)]
      expectAlike(run(licenseOf(met), [...some, activate], NOW), run(licenseOf(met), between, NOW))
    }),
  )
})

describe.each(Object.entries(starts))('on a license that is %s', (name, start) => {
  const anyOrder = (extra: readonly Command[]) =>
    fc.assert(
      fc.property(
        renewals.chain((some) => fc.tuple(fc.shuffledSubarray([...some, ...extra], { minLength: 1 }))),
        ([shuffled]) => {
          const sorted = [...shuffled].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
          expectAlike(run(start, shuffled, NOW), run(start, sorted, NOW))
        },
      ),
    )

  test('renewals commute, and the latest end counts', () => anyOrder([]))
  test('renewals commute with a change', () =>
    anyOrder([{ type: 'change', order: 'c', entitlement: { edition: 2, seats: 9, features: 3 } }]))
  test('renewals commute with a reinstatement', () => anyOrder([{ type: 'reinstate' }]))
  // Not where it is frozen as expired: the freeze finds an open door only after the renewal.
  if (name !== 'frozen as expired') {
    test('renewals and a change commute with a freeze by support', () =>
      anyOrder([
        { type: 'freeze', cause: 'operator' },
        { type: 'change', order: 'c', entitlement: { edition: 2, seats: 9, features: 3 } },
      ]))
  }
  test('the scheduler and the expiry call commute: whoever comes first wins, the other changes nothing', () => {
    const freezes: Command[] = [
      { type: 'freeze', cause: 'expiry_call' },
      { type: 'freeze', cause: 'past_grace' },
    ]
    expectAlike(run(start, freezes, NOW), run(start, freezes.toReversed(), NOW))
  })
  test('a release ends it wherever it stands in a sequence', () => {
    const rest = fc.array(
      fc.oneof(renewal, shortening, changing, reinstating, freezing('expiry_call', 'operator')),
    )
    fc.assert(
      fc.property(rest, rest, (before, after) => {
        expect(run(start, [...before, { type: 'release' }, ...after], NOW)?.status).toBe('released')
      }),
    )
  })
})

describe('an activation', () => {
  /** Frozen by support alone: the reason of a marketplace's freeze depends on an end that is not known before. */
  const meanwhile = fc.array(fc.oneof(renewal, shortening, changing, reinstating, freezing('operator')), {
    maxLength: 8,
  })

  test('commutes with renewals, shortenings, changes, freezes by support and reinstatements', () => {
    fc.assert(
      fc.property(meanwhile, paidUntil, fc.nat(8), (commands, end, place) => {
        const activate: Command = { type: 'activate', terms: { ...TERMS, paidUntil: end } }
        const late = [...commands, activate]
        const between = [...commands.slice(0, place), activate, ...commands.slice(place)]
        expectAlike(run(licenseOf(met), late, NOW), run(licenseOf(met), between, NOW))
      }),
      { numRuns: 5_000 },
    )
  })
})

describe('what does not commute, on purpose', () => {
  const active = licenseOf(issued)
  const renew: Command = { type: 'renew', order: 'r', paidUntil: day(200) }
  const pairs: readonly [string, Command, Command, object, object][] = [
    [
      'the expiry call is a fact: a renewal after it reinstates, one before it does not help',
      { type: 'freeze', cause: 'expiry_call' },
      renew,
      { status: 'active' },
      { status: 'frozen', reason: 'expired' },
    ],
    [
      'a shortening undoes the renewals before it alone',
      { type: 'shorten', order: 's', paidUntil: day(60) },
      renew,
      { terms: { paidUntil: day(200) } },
      { terms: { paidUntil: day(60) } },
    ],
    [
      'of two changes the last stands',
      { type: 'change', order: 'a', entitlement: { edition: 2, seats: 2, features: 2 } },
      { type: 'change', order: 'b', entitlement: { edition: 3, seats: 3, features: 3 } },
      { terms: { edition: 3 } },
      { terms: { edition: 2 } },
    ],
    [
      'of two freezes the first gives the reason',
      { type: 'freeze', cause: 'operator' },
      { type: 'freeze', cause: 'expiry_call' },
      { reason: 'operator' },
      { reason: 'expired' },
    ],
    [
      'a reinstatement undoes the freeze before it alone',
      { type: 'freeze', cause: 'operator' },
      { type: 'reinstate' },
      { status: 'active' },
      { status: 'frozen' },
    ],
    [
      'a released license keeps the end it was released with',
      { type: 'release' },
      renew,
      { terms: { paidUntil: day(100) } },
      { terms: { paidUntil: day(200) } },
    ],
  ]
  test.each(pairs)('%s', (_why, first, second, one, other) => {
    expect(run(active, [first, second], NOW)).toMatchObject(one)
    expect(run(active, [second, first], NOW)).toMatchObject(other)
  })
})

test('a history is what remains: the same events always make the same license', () => {
  const history: readonly Event[] = [issued, frozen('expired'), { type: 'reinstated', at: NOW }]
  expect(licenseOf(...history)).toEqual(licenseOf(...structuredClone(history)))
})
