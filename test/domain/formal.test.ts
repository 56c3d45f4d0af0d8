import { describe, expect, test } from 'vitest'
import type { Command } from '../../src/domain/commands.ts'
import type { Event } from '../../src/domain/events.ts'
import type { PaidUntil } from '../../src/domain/time.ts'
import { given } from '../support/given.ts'
import { ACTIVE, day, frozen, issued, issuedWith, licenseOf, met, released, TERMS } from './samples.ts'

const at = day(2)
const trial = issuedWith({ trial: true })
const formally = (paidUntil: PaidUntil, order: string | null = 'r1'): Command => ({
  type: 'renew',
  order,
  paidUntil,
  formal: true,
})
const formal = (paidUntil: PaidUntil, when = at): Event => ({
  type: 'renewed',
  order: 'r1',
  paidUntil,
  formal: true,
  at: when,
})

describe('a formal renewal', () => {
  test('of a trial sets the end and makes it formal', () => {
    given([trial])
      .when(formally(day(200)), at)
      .thenHappened([formal(day(200))])
    expect(licenseOf(trial, formal(day(200)))).toMatchObject({
      status: 'active',
      terms: { trial: false, paidUntil: day(200) },
      orders: ['buy', 'r1'],
    })
  })
  test.each([day(100), day(50)])('of a trial to an end that is not later still makes it formal', (end) => {
    given([trial])
      .when(formally(end), at)
      .thenHappened([formal(day(100))])
    expect(licenseOf(trial, formal(day(100)))).toMatchObject({ terms: { trial: false, paidUntil: day(100) } })
  })
  test('of a trial for ever is no perpetual trial', () => {
    given([trial])
      .when(formally(null), at)
      .thenHappened([formal(null)])
  })
  test('of an order that applied before changes nothing', () => {
    given([trial])
      .when(formally(day(200), 'buy'), at)
      .thenNothing()
  })
  test('a second time under another order changes nothing', () => {
    given([trial, formal(day(200))])
      .when(formally(day(200), 'r2'), at)
      .thenNothing()
  })
  test('of a license that is no trial is a renewal', () => {
    given(ACTIVE)
      .when(formally(day(200)), at)
      .thenHappened([{ type: 'renewed', order: 'r1', paidUntil: day(200), at }])
    given(ACTIVE)
      .when(formally(day(100)), at)
      .thenNothing()
  })
  test('of a trial frozen as expired reinstates it only with a later end', () => {
    given([trial, frozen('expired')])
      .when(formally(day(200)), at)
      .thenHappened([formal(day(200)), { type: 'reinstated', at }])
    given([trial, frozen('expired')])
      .when(formally(day(100)), at)
      .thenHappened([formal(day(100))])
  })
  test('of a trial frozen for a violation leaves it frozen, and formal', () => {
    expect(licenseOf(trial, frozen('violation'), formal(day(200)))).toMatchObject({
      status: 'frozen',
      terms: { trial: false, paidUntil: day(200) },
    })
  })
  test('of a released trial is refused', () => {
    given([trial, released])
      .when(formally(day(200)), at)
      .thenRefused({ reason: 'license_released' })
  })
  test('of a pending license is kept: what is activated is no trial, and may be perpetual', () => {
    const activate: Command = { type: 'activate', terms: { ...TERMS, trial: true } }
    given([met, formal(day(200), day(1))])
      .when(activate, at)
      .thenHappened([{ type: 'activated', terms: { ...TERMS, paidUntil: day(200) }, at }])
    given([met, formal(null, day(1))])
      .when(activate, at)
      .thenHappened([{ type: 'activated', terms: { ...TERMS, paidUntil: null }, at }])
  })
  test('of a pending license that was renewed to a later end is kept without its end', () => {
    const renewed: Event = { type: 'renewed', order: 'r0', paidUntil: day(300), at: day(1) }
    given([met, renewed])
      .when(formally(day(200)), at)
      .thenHappened([formal(day(300))])
    given([met, renewed, formal(day(300))])
      .when(formally(day(200), 'r2'), at)
      .thenNothing()
  })
})

test('a renewal that is not formal leaves a trial a trial', () => {
  given([trial])
    .when({ type: 'renew', order: 'r1', paidUntil: day(200), formal: false }, at)
    .thenHappened([{ type: 'renewed', order: 'r1', paidUntil: day(200), at }])
  expect(licenseOf(trial, { type: 'renewed', order: 'r1', paidUntil: day(200), at })).toMatchObject({
    terms: { trial: true, paidUntil: day(200) },
  })
})

test('an activation with its order makes it the order of the license, applied once', () => {
  const [first] = [met]
  const pending = { ...first, origin: { channel: 'huawei', instance: 'PL1', order: null } } as Event
  const activate: Command = { type: 'activate', order: 'buy', terms: TERMS }
  const activated: Event = { type: 'activated', order: 'buy', terms: TERMS, at }
  given([pending]).when(activate, at).thenHappened([activated])
  expect(licenseOf(pending, activated)).toMatchObject({
    origin: { instance: 'PL1', order: { id: 'buy', line: '' } },
    orders: ['buy'],
  })
  given([pending, activated])
    .when({ type: 'renew', order: 'buy', paidUntil: day(900) }, at)
    .thenNothing()
  expect(licenseOf(issued).origin.order).toEqual({ id: 'buy', line: '1' })
})
