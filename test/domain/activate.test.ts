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
  licenseOf,
  met,
  PENDING,
  RELEASED,
  TERMS,
} from './samples.ts'

const activate: Command = { type: 'activate', terms: TERMS }
const at = day(2)
const activated = (terms = TERMS): Event => ({ type: 'activated', terms, at })
const renewed = (paidUntil: number | null): Event => ({
  type: 'renewed',
  order: `r${paidUntil}`,
  paidUntil,
  at: day(1),
})
const shortened = (paidUntil: number): Event => ({
  type: 'shortened',
  order: `s${paidUntil}`,
  paidUntil,
  at: day(1),
})

describe('activating', () => {
  test('a pending license makes it active with the terms that became known', () => {
    given(PENDING).when(activate, at).thenHappened([activated()])
    expect(licenseOf(met, activated())).toMatchObject({ status: 'active', terms: TERMS, revision: 2 })
  })
  test.each([
    'expired',
    'violation',
    'operator',
  ] as const)('a license marked as %s makes it frozen as that', (reason) => {
    given([met, frozen(reason)])
      .when(activate, at)
      .thenHappened([activated()])
    expect(licenseOf(met, frozen(reason), activated())).toMatchObject({
      status: 'frozen',
      reason,
      terms: TERMS,
    })
  })
  test('a license whose mark was cleared makes it active', () => {
    const history = [met, frozen('violation'), { type: 'reinstated', at } as const, activated()]
    expect(licenseOf(...history).status).toBe('active')
  })
  test('an active license changes nothing', () => {
    given(ACTIVE)
      .when({ type: 'activate', terms: { ...TERMS, paidUntil: null } }, at)
      .thenNothing()
  })
  test.each([FROZEN, EXPIRED].map((history) => [history]))('a frozen license changes nothing', (history) => {
    given(history).when(activate, at).thenNothing()
  })
  test('a released license is refused', () => {
    given(RELEASED).when(activate, at).thenRefused({ reason: 'license_released' })
  })
  test('a license released while pending is refused', () => {
    given([met, { type: 'released', at }])
      .when(activate, at)
      .thenRefused({ reason: 'license_released' })
  })
  test('a perpetual trial is refused', () => {
    const terms = { ...TERMS, trial: true, paidUntil: null }
    given(PENDING).when({ type: 'activate', terms }, at).thenRefused({ reason: 'perpetual_trial' })
  })
  test('a trial that a held renewal made perpetual is refused', () => {
    const terms = { ...TERMS, trial: true }
    given([met, renewed(null)])
      .when({ type: 'activate', terms }, at)
      .thenRefused({ reason: 'perpetual_trial' })
  })
})

describe('what was kept for the activation', () => {
  const ends: readonly [string, readonly Event[], number | null][] = [
    ['a later renewal extends', [renewed(day(300))], day(300)],
    ['an earlier renewal changes nothing', [renewed(day(50))], day(100)],
    ['a perpetual renewal lasts for ever', [renewed(null)], null],
    ['the latest of two renewals counts', [renewed(day(300)), renewed(day(400))], day(400)],
    ['a shortening cuts the end', [shortened(day(40))], day(40)],
    ['a shortening to a later end extends nothing', [shortened(day(140))], day(100)],
    ['a renewal after a shortening is weighed against it', [shortened(day(40)), renewed(day(60))], day(60)],
    ['a shortening after a renewal cuts it back', [renewed(day(300)), shortened(day(200))], day(200)],
    ['a shortening cuts back also what renewed for ever', [renewed(null), shortened(day(200))], day(200)],
    ['a shortening below the terms cuts below a renewal', [renewed(day(300)), shortened(day(20))], day(20)],
    ['a perpetual renewal forgets a shortening', [shortened(day(40)), renewed(null)], null],
    [
      'a renewal between two shortenings',
      [shortened(day(40)), renewed(day(90)), shortened(day(70))],
      day(70),
    ],
  ]
  test.each(ends)('%s', (_name, history, paidUntil) => {
    given([met, ...history])
      .when(activate, at)
      .thenHappened([activated({ ...TERMS, paidUntil })])
  })
  test('a change replaces edition, seats and features, and nothing else', () => {
    const changed: Event = { type: 'changed', order: 'c1', entitlement: FLAGSHIP, at: day(1) }
    given([met, changed])
      .when(activate, at)
      .thenHappened([activated({ ...TERMS, ...FLAGSHIP })])
  })
})
