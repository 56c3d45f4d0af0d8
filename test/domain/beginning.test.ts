import { describe, expect, test } from 'vitest'
import type { Command } from '../../src/domain/commands.ts'
import { given } from '../support/given.ts'
import {
  ACTIVE,
  day,
  EXPIRED,
  FLAGSHIP,
  FROZEN,
  ID,
  issued,
  licenseOf,
  met,
  ORIGIN,
  PENDING,
  RELEASED,
  START,
  TERMS,
} from './samples.ts'

const issue: Command = { type: 'issue', id: ID, origin: ORIGIN, terms: TERMS }
const meet: Command = { type: 'meet', id: ID, origin: { ...ORIGIN, order: null } }

describe('where there is no license', () => {
  test('a sale issues one', () => {
    given([]).when(issue, START).thenHappened([issued])
  })
  test('a sale whose end has passed issues one all the same', () => {
    given([])
      .when(issue, day(200))
      .thenHappened([{ ...issued, at: day(200) }])
  })
  test('a perpetual sale issues one', () => {
    const terms = { ...TERMS, paidUntil: null }
    given([])
      .when({ ...issue, terms }, START)
      .thenHappened([{ type: 'issued', id: ID, origin: ORIGIN, terms, at: START }])
  })
  test('a perpetual trial is refused', () => {
    const terms = { ...TERMS, paidUntil: null, trial: true }
    given([])
      .when({ ...issue, terms }, START)
      .thenRefused({ reason: 'perpetual_trial' })
  })
  test('a code that the marketplace made is met', () => {
    given([]).when(meet, START).thenHappened([met])
  })

  const needsOne: readonly Command[] = [
    { type: 'activate', terms: TERMS },
    { type: 'renew', order: 'r1', paidUntil: day(200) },
    { type: 'shorten', order: 's1', paidUntil: day(50) },
    { type: 'change', order: 'c1', entitlement: FLAGSHIP },
    { type: 'freeze', cause: 'expiry_call' },
    { type: 'freeze', cause: 'past_grace' },
    { type: 'reinstate' },
    { type: 'release' },
    { type: 'reissue', leaked: false },
  ]
  test.each(needsOne)('$type is refused: the license is unknown', (command) => {
    given([]).when(command, START).thenRefused({ reason: 'license_unknown' })
  })
})

describe('the same order line again', () => {
  const columns = { pending: PENDING, active: ACTIVE, frozen: FROZEN, expired: EXPIRED, released: RELEASED }
  test.each(
    Object.entries(columns),
  )('gets the first answer from a license that is %s', (_status, history) => {
    given(history).when(issue, day(2)).thenNothing()
  })
  test.each(Object.entries(columns))('meets nothing new on a license that is %s', (_status, history) => {
    given(history).when(meet, day(2)).thenNothing()
  })
  test('gets the first answer months later and with other terms', () => {
    given(ACTIVE)
      .when({ ...issue, terms: { ...TERMS, paidUntil: null, trial: true } }, day(400))
      .thenNothing()
  })
})

describe('a license that begins', () => {
  test('by a sale is active at revision 1 and has applied the order of the purchase', () => {
    expect(licenseOf(issued)).toEqual({
      id: ID,
      origin: ORIGIN,
      status: 'active',
      terms: TERMS,
      revision: 1,
      handOverFloor: 0,
      codes: { until: day(103), shutOut: null },
      orders: ['buy'],
      createdAt: START,
    })
  })
  test('by a meeting is pending, holds nothing and has applied no order', () => {
    expect(licenseOf(met)).toEqual({
      id: ID,
      origin: { ...ORIGIN, order: null },
      status: 'pending',
      held: {},
      mark: null,
      revision: 1,
      handOverFloor: 0,
      codes: null,
      orders: [],
      createdAt: START,
    })
  })
})
