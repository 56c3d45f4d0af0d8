import { describe, expect, test } from 'vitest'
import type { Command, FreezeCause } from '../../src/domain/commands.ts'
import type { Event } from '../../src/domain/events.ts'
import type { FreezeReason } from '../../src/domain/license.ts'
import { given } from '../support/given.ts'
import {
  ACTIVE,
  day,
  EXPIRED,
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

const CAUSES: readonly FreezeCause[] = ['expiry_call', 'status_call', 'operator', 'past_grace']
const freeze = (cause: FreezeCause): Command => ({ type: 'freeze', cause })

describe('freezing an active license', () => {
  const cases: readonly [FreezeCause, string, number, FreezeReason][] = [
    ['expiry_call', 'long before the paid end', day(1), 'expired'],
    ['expiry_call', 'after it', day(101), 'expired'],
    ['status_call', 'before the paid end', day(100) - 1, 'violation'],
    ['status_call', 'at the paid end', day(100), 'expired'],
    ['status_call', 'after it', day(150), 'expired'],
    ['operator', 'before the paid end', day(1), 'operator'],
    ['operator', 'after it', day(150), 'operator'],
    ['past_grace', 'when the grace has run out', day(103), 'expired'],
  ]
  test.each(cases)('by %s %s gives the reason', (cause, _when, at, reason) => {
    given(ACTIVE)
      .when(freeze(cause), at)
      .thenHappened([{ type: 'frozen', reason, at }])
    expect(licenseOf(issued, { type: 'frozen', reason, at })).toMatchObject({
      status: 'frozen',
      reason,
      terms: TERMS,
    })
  })
  test.each([
    day(1),
    day(100),
    day(103) - 1,
  ])('by the scheduler while the grace still runs changes nothing', (at) => {
    given(ACTIVE).when(freeze('past_grace'), at).thenNothing()
  })
  test('a perpetual license is never past its grace, and a marketplace freeze of it is a violation', () => {
    const perpetual = [issuedWith({ paidUntil: null })]
    given(perpetual).when(freeze('past_grace'), day(9_999)).thenNothing()
    given(perpetual)
      .when(freeze('status_call'), day(9_999))
      .thenHappened([{ type: 'frozen', reason: 'violation', at: day(9_999) }])
  })
  test('the scheduler is too late for a license renewed in the meantime', () => {
    const renewed: Event = { type: 'renewed', order: 'r1', paidUntil: day(200), at: day(99) }
    given([issued, renewed]).when(freeze('past_grace'), day(150)).thenNothing()
  })
})

describe('freezing what is not active', () => {
  test.each(
    CAUSES,
  )('by %s changes nothing on a frozen license: whoever came first gave the reason', (cause) => {
    given(FROZEN).when(freeze(cause), day(150)).thenNothing()
    given(EXPIRED).when(freeze(cause), day(150)).thenNothing()
  })
  test.each(CAUSES)('by %s changes nothing on a released license', (cause) => {
    given(RELEASED).when(freeze(cause), day(150)).thenNothing()
  })
  test.each([
    ['expiry_call', 'expired'],
    ['status_call', 'violation'],
    ['operator', 'operator'],
  ] as const)('by %s marks a pending license as %s', (cause, reason) => {
    given(PENDING)
      .when(freeze(cause), day(2))
      .thenHappened([{ type: 'frozen', reason, at: day(2) }])
    expect(licenseOf(met, { type: 'frozen', reason, at: day(2) })).toMatchObject({
      status: 'pending',
      mark: reason,
    })
  })
  test('by a marketplace freeze marks a pending license as expired once a kept shortening shows the end', () => {
    const shortened: Event = { type: 'shortened', order: 's1', paidUntil: day(2), at: day(1) }
    given([met, shortened])
      .when(freeze('status_call'), day(2))
      .thenHappened([{ type: 'frozen', reason: 'expired', at: day(2) }])
    given([met, shortened])
      .when(freeze('status_call'), day(2) - 1)
      .thenHappened([{ type: 'frozen', reason: 'violation', at: day(2) - 1 }])
  })
  test.each(CAUSES)('by %s changes nothing on a pending license that is marked', (cause) => {
    given([met, frozen('violation')])
      .when(freeze(cause), day(150))
      .thenNothing()
  })
  test('by the scheduler changes nothing on a pending license, whose grace nobody knows', () => {
    given(PENDING).when(freeze('past_grace'), day(9_999)).thenNothing()
  })
})

describe('reinstating', () => {
  const at = day(2)
  const reinstate: Command = { type: 'reinstate' }
  const reinstated: Event = { type: 'reinstated', at }

  test.each([
    'expired',
    'violation',
    'operator',
  ] as const)('a license frozen as %s makes it active with its terms', (reason) => {
    given([issued, frozen(reason)])
      .when(reinstate, at)
      .thenHappened([reinstated])
    const license = licenseOf(issued, frozen(reason), reinstated)
    expect(license).toMatchObject({ status: 'active', terms: TERMS, revision: 3 })
    expect(license).not.toHaveProperty('reason')
  })
  test('a license past its end makes it active too; the clock judges it', () => {
    given(EXPIRED)
      .when(reinstate, day(500))
      .thenHappened([{ type: 'reinstated', at: day(500) }])
  })
  test('a marked license clears the mark', () => {
    given([met, frozen('expired')])
      .when(reinstate, at)
      .thenHappened([reinstated])
    expect(licenseOf(met, frozen('expired'), reinstated)).toMatchObject({ status: 'pending', mark: null })
  })
  test('a pending license without a mark changes nothing', () => {
    given(PENDING).when(reinstate, at).thenNothing()
  })
  test('an active license changes nothing', () => {
    given(ACTIVE).when(reinstate, at).thenNothing()
  })
  test('a released license is refused', () => {
    given(RELEASED).when(reinstate, at).thenRefused({ reason: 'license_released' })
  })
})

describe('releasing', () => {
  const at = day(2)
  test.each([
    ['pending', PENDING],
    ['active', ACTIVE],
    ['frozen', FROZEN],
    ['expired', EXPIRED],
  ] as const)('a license that is %s ends it', (_status, history) => {
    given(history)
      .when({ type: 'release' }, at)
      .thenHappened([{ type: 'released', at }])
    expect(licenseOf(...history, { type: 'released', at }).status).toBe('released')
  })
  test('keeps the terms it had, none for one released while pending', () => {
    expect(licenseOf(...FROZEN, { type: 'released', at })).toMatchObject({ terms: TERMS })
    expect(licenseOf(met, { type: 'released', at })).toMatchObject({ terms: null })
  })
  test('a released license changes nothing', () => {
    given(RELEASED).when({ type: 'release' }, at).thenNothing()
  })
})
