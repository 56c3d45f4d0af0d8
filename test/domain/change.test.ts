import { describe, expect, test } from 'vitest'
import type { Command } from '../../src/domain/commands.ts'
import type { Event } from '../../src/domain/events.ts'
import { given } from '../support/given.ts'
import {
  ACTIVE,
  day,
  EXPIRED,
  FLAGSHIP,
  FROZEN,
  frozen,
  issued,
  issuedWith,
  licenseOf,
  met,
  PENDING,
  RELEASED,
  TERMS,
} from './samples.ts'

const at = day(2)
const change = (order: string | null, entitlement = FLAGSHIP): Command => ({
  type: 'change',
  order,
  entitlement,
})
const changed = (order: string | null, entitlement = FLAGSHIP): Event => ({
  type: 'changed',
  order,
  entitlement,
  at,
})

describe('changing edition and seats', () => {
  test.each(
    [ACTIVE, FROZEN, EXPIRED].map((history) => [history]),
  )('of an active or frozen license sets them, the end unchanged', (history) => {
    given(history)
      .when(change('c1'), at)
      .thenHappened([changed('c1')])
    const before = licenseOf(...history)
    expect(licenseOf(...history, changed('c1'))).toMatchObject({
      status: before.status,
      terms: { ...TERMS, ...FLAGSHIP },
    })
  })
  test('of a pending license is kept', () => {
    given(PENDING)
      .when(change('c1'), at)
      .thenHappened([changed('c1')])
    expect(licenseOf(met, changed('c1'))).toMatchObject({
      status: 'pending',
      held: { entitlement: FLAGSHIP },
    })
  })
  test.each([
    ['pending', [met, changed('c1')]],
    ['active', [issued, changed('c1')]],
    ['frozen', [issued, frozen('violation'), changed('c1')]],
  ] as const)('of a %s license to what is so already changes nothing', (_status, history) => {
    given(history).when(change('c2'), at).thenNothing()
  })
  test.each(['edition', 'seats', 'features'] as const)('is a change when only the %s differ', (field) => {
    const { edition, seats, features } = TERMS
    const entitlement = { edition, seats, features, [field]: 9 }
    given(ACTIVE)
      .when(change('c1', entitlement), at)
      .thenHappened([changed('c1', entitlement)])
  })
  test('with an order applied before changes nothing', () => {
    given(ACTIVE).when(change('buy'), at).thenNothing()
  })
  test('a released license is refused', () => {
    given(RELEASED).when(change('c1'), at).thenRefused({ reason: 'license_released' })
  })
})

describe('re-issuing', () => {
  const reissue = (binding?: string | null): Command =>
    binding === undefined ? { type: 'reissue', leaked: false } : { type: 'reissue', leaked: false, binding }
  const reissued = (binding: string | null, leaked = false): Event => ({
    type: 'reissued',
    leaked,
    binding,
    at,
  })
  const bound = issuedWith({ binding: 'aa'.repeat(10) })

  test('an active license keeps its device binding', () => {
    given([bound])
      .when(reissue(), at)
      .thenHappened([reissued('aa'.repeat(10))])
  })
  test('can remove the device binding', () => {
    given([bound])
      .when(reissue(null), at)
      .thenHappened([reissued(null)])
  })
  test('can bind to another device', () => {
    given([bound])
      .when(reissue('bb'.repeat(10)), at)
      .thenHappened([reissued('bb'.repeat(10))])
    expect(licenseOf(bound, reissued('bb'.repeat(10)))).toMatchObject({ terms: { binding: 'bb'.repeat(10) } })
  })
  test('is a change every time', () => {
    given([issued, reissued(null)])
      .when(reissue(), at)
      .thenHappened([reissued(null)])
  })
  test('leaves the hand-over floor where it is', () => {
    expect(licenseOf(issued, reissued(null))).toMatchObject({ revision: 2, handOverFloor: 0 })
    expect(licenseOf(issued, reissued(null, true), reissued(null))).toMatchObject({
      revision: 3,
      handOverFloor: 2,
    })
  })
  test('after a leak raises the hand-over floor to the new revision', () => {
    given(ACTIVE)
      .when({ type: 'reissue', leaked: true }, at)
      .thenHappened([reissued(null, true)])
    expect(licenseOf(issued, reissued(null, true))).toMatchObject({ revision: 2, handOverFloor: 2 })
  })
  test('a perpetual license is never too late', () => {
    given([issuedWith({ paidUntil: null })])
      .when(reissue(), day(9_999))
      .thenHappened([{ ...reissued(null), at: day(9_999) }])
  })
  test('a pending license is refused: it has no terms', () => {
    given(PENDING).when(reissue(), at).thenRefused({ reason: 'license_pending' })
  })
  test('a frozen license is refused', () => {
    given(FROZEN).when(reissue(), at).thenRefused({ reason: 'license_frozen' })
  })
  test('a released license is refused', () => {
    given(RELEASED).when(reissue(), at).thenRefused({ reason: 'license_released' })
  })
  test.each([
    day(100),
    day(102),
    day(500),
  ])('a license whose paid end has come is refused, in grace too', (now) => {
    given(ACTIVE)
      .when(reissue(), now)
      .thenRefused({ reason: 'already_ended', paidUntil: day(100), now })
  })
  test('is allowed in the last paid second', () => {
    given(ACTIVE)
      .when(reissue(), day(100) - 1)
      .thenHappened([{ ...reissued(null), at: day(100) - 1 }])
  })
})
