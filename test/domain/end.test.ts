import { describe, expect, test } from 'vitest'
import type { Command } from '../../src/domain/commands.ts'
import type { Event } from '../../src/domain/events.ts'
import type { PaidUntil } from '../../src/domain/time.ts'
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
} from './samples.ts'

const at = day(2)
const renew = (order: string | null, paidUntil: PaidUntil): Command => ({ type: 'renew', order, paidUntil })
const renewed = (order: string | null, paidUntil: PaidUntil, when = at): Event => ({
  type: 'renewed',
  order,
  paidUntil,
  at: when,
})
const shorten = (order: string | null, paidUntil: number): Command => ({ type: 'shorten', order, paidUntil })
const shortened = (order: string | null, paidUntil: number): Event => ({
  type: 'shortened',
  order,
  paidUntil,
  at,
})
const reinstated = (when = at): Event => ({ type: 'reinstated', at: when })

describe('renewing', () => {
  test('a pending license is kept for when it activates', () => {
    given(PENDING)
      .when(renew('r1', day(200)), at)
      .thenHappened([renewed('r1', day(200))])
  })
  test.each([
    day(150),
    day(200),
  ])('a pending license to an end that is not later than the one kept changes nothing', (end) => {
    given([met, renewed('r1', day(200))])
      .when(renew('r2', end), at)
      .thenNothing()
  })
  test('a pending license marked as expired clears the mark when the end is ahead', () => {
    given([met, frozen('expired')])
      .when(renew('r1', day(200)), at)
      .thenHappened([renewed('r1', day(200)), reinstated()])
  })
  test('a pending license marked as expired keeps the mark when the end is not ahead', () => {
    given([met, frozen('expired')])
      .when(renew('r1', at), at)
      .thenHappened([renewed('r1', at)])
  })
  test.each(['violation', 'operator'] as const)('a pending license marked as %s keeps the mark', (reason) => {
    given([met, frozen(reason)])
      .when(renew('r1', day(200)), at)
      .thenHappened([renewed('r1', day(200))])
  })
  test('an active license sets the end', () => {
    given(ACTIVE)
      .when(renew('r1', day(200)), at)
      .thenHappened([renewed('r1', day(200))])
    expect(licenseOf(issued, renewed('r1', day(200)))).toMatchObject({
      terms: { paidUntil: day(200) },
      orders: ['buy', 'r1'],
    })
  })
  test('an active license for ever sets no end', () => {
    given(ACTIVE)
      .when(renew('r1', null), at)
      .thenHappened([renewed('r1', null)])
  })
  test('an active license that has run out, to an end still past, sets the end', () => {
    given(ACTIVE)
      .when(renew('r1', day(150)), day(300))
      .thenHappened([renewed('r1', day(150), day(300))])
  })
  test.each([day(99), day(100)])('an active license to an end that is not later changes nothing', (end) => {
    given(ACTIVE).when(renew('r1', end), at).thenNothing()
  })
  test.each([day(9_999), null])('a perpetual license changes nothing', (end) => {
    given([issuedWith({ paidUntil: null })])
      .when(renew('r1', end), at)
      .thenNothing()
  })
  test.each(['buy', 'r1'])('with an order applied before (%s) changes nothing', (order) => {
    given([issued, renewed('r1', day(200))])
      .when(renew(order, day(900)), at)
      .thenNothing()
  })
  test('twice without an order is weighed by the end alone', () => {
    given([issued, renewed(null, day(200))])
      .when(renew(null, day(300)), at)
      .thenHappened([renewed(null, day(300))])
    given([issued, renewed(null, day(200))])
      .when(renew(null, day(200)), at)
      .thenNothing()
  })
  test('a trial for ever is refused', () => {
    given([issuedWith({ trial: true })])
      .when(renew('r1', null), at)
      .thenRefused({ reason: 'perpetual_trial' })
  })
  test.each([
    [day(200), 'ahead'],
    [day(100) + 1, 'ended but in grace'],
  ])('a license frozen as expired reinstates it when it works again (%i, %s)', (end) => {
    const now = day(103)
    given(EXPIRED)
      .when(renew('r1', end), now)
      .thenHappened([renewed('r1', end, now), reinstated(now)])
  })
  test('a license frozen as expired stays frozen in the very second its new grace has run out', () => {
    given(EXPIRED)
      .when(renew('r1', day(200)), day(203))
      .thenHappened([renewed('r1', day(200), day(203))])
  })
  test('a license frozen as expired to an end that is not later changes nothing', () => {
    given(EXPIRED)
      .when(renew('r1', day(100)), at)
      .thenNothing()
  })
  test.each([
    'violation',
    'operator',
  ] as const)('a license frozen as %s sets the end and leaves it frozen', (reason) => {
    given([issued, frozen(reason)])
      .when(renew('r1', day(200)), at)
      .thenHappened([renewed('r1', day(200))])
    expect(licenseOf(issued, frozen(reason), renewed('r1', day(200)))).toMatchObject({
      status: 'frozen',
      reason,
    })
  })
  test('a released license is refused, also with an order applied before', () => {
    given(RELEASED)
      .when(renew('r1', day(200)), at)
      .thenRefused({ reason: 'license_released' })
    given(RELEASED)
      .when(renew('buy', day(200)), at)
      .thenRefused({ reason: 'license_released' })
  })
})

describe('shortening', () => {
  test('a pending license is kept', () => {
    given(PENDING)
      .when(shorten('s1', day(50)), at)
      .thenHappened([shortened('s1', day(50))])
  })
  test.each([
    day(50),
    day(60),
  ])('a pending license to an end that is not earlier than the one kept changes nothing', (end) => {
    given([met, shortened('s1', day(50))])
      .when(shorten('s2', end), at)
      .thenNothing()
  })
  test.each(
    [ACTIVE, FROZEN, EXPIRED].map((history) => [history]),
  )('an active or frozen license sets the end and no status', (history) => {
    given(history)
      .when(shorten('s1', day(50)), at)
      .thenHappened([shortened('s1', day(50))])
    const before = licenseOf(...history)
    const after = licenseOf(...history, shortened('s1', day(50)))
    expect(after).toMatchObject({ status: before.status, terms: { paidUntil: day(50) } })
  })
  test('a perpetual license gives it an end', () => {
    given([issuedWith({ paidUntil: null })])
      .when(shorten('s1', day(50)), at)
      .thenHappened([shortened('s1', day(50))])
  })
  test('may set an end in the past', () => {
    given(ACTIVE)
      .when(shorten('s1', day(1)), at)
      .thenHappened([shortened('s1', day(1))])
  })
  test.each([
    day(100),
    day(101),
  ])('to an end that is not earlier changes nothing: only a renewal extends', (end) => {
    given(ACTIVE).when(shorten('s1', end), at).thenNothing()
  })
  test('with an order applied before changes nothing', () => {
    given([issued, renewed('r1', day(200))])
      .when(shorten('r1', day(50)), at)
      .thenNothing()
  })
  test('a released license is refused', () => {
    given(RELEASED)
      .when(shorten('s1', day(50)), at)
      .thenRefused({ reason: 'license_released' })
  })
})
