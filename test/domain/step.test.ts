import { describe, expect, test } from 'vitest'
import type { Command } from '../../src/domain/commands.ts'
import type { License } from '../../src/domain/license.ts'
import { step } from '../../src/domain/step.ts'
import {
  day,
  FLAGSHIP,
  frozen,
  ID,
  issued,
  licenseOf,
  met,
  ORIGIN,
  released,
  START,
  TERMS,
} from './samples.ts'

const active = licenseOf(issued)

function licenseAfter(license: License | null, command: Command, now = day(2)): License {
  const stepped = step(license, command, now)
  if (!stepped.ok) throw new Error(`refused: ${stepped.no.reason}`)
  return stepped.value.license
}

describe('a step', () => {
  test('gives the license after the events, and the events', () => {
    const events = [
      { type: 'renewed', order: 'r1', paidUntil: day(200), at: day(2) },
      { type: 'reinstated', at: day(2) },
    ] as const
    const stepped = step(
      licenseOf(issued, frozen('expired')),
      { type: 'renew', order: 'r1', paidUntil: day(200) },
      day(2),
    )
    expect(stepped).toEqual({
      ok: true,
      value: { license: licenseOf(issued, frozen('expired'), ...events), events },
    })
  })
  test('begins a license', () => {
    expect(licenseAfter(null, { type: 'issue', id: ID, origin: ORIGIN, terms: TERMS }, START)).toEqual(active)
  })
  test('hands a refusal on', () => {
    expect(step(null, { type: 'release' }, START)).toEqual({ ok: false, no: { reason: 'license_unknown' } })
  })
  test.each<Command>([
    { type: 'renew', order: 'o', paidUntil: day(50) },
    { type: 'shorten', order: 'o', paidUntil: day(150) },
    { type: 'change', order: 'o', entitlement: { edition: 1, seats: 5, features: 1 } },
  ])('$type that changes nothing notes its order and keeps the revision', (command) => {
    expect(licenseAfter(active, command)).toEqual({ ...active, orders: ['buy', 'o'] })
  })
  test('a renewal that came too late to extend does not extend after a shortening either', () => {
    const late: Command = { type: 'renew', order: 'late', paidUntil: day(90) }
    const shortened = licenseAfter(licenseAfter(active, late), {
      type: 'shorten',
      order: 's1',
      paidUntil: day(40),
    })
    expect(licenseAfter(shortened, late)).toBe(shortened)
  })
  test('a renewal re-sent after it was undone stays undone', () => {
    const renew: Command = { type: 'renew', order: 'r1', paidUntil: day(200) }
    const undone = licenseAfter(licenseAfter(active, renew), {
      type: 'shorten',
      order: 'undo',
      paidUntil: day(100),
    })
    expect(licenseAfter(undone, renew)).toBe(undone)
    expect(undone).toMatchObject({
      terms: { paidUntil: day(100) },
      orders: ['buy', 'r1', 'undo'],
      revision: 3,
    })
  })
  test.each<[string, License, Command]>([
    ['a purchase asked about again', active, { type: 'issue', id: ID, origin: ORIGIN, terms: TERMS }],
    ['an order noted before', active, { type: 'renew', order: 'buy', paidUntil: day(500) }],
    ['an extension of the seller that is none', active, { type: 'renew', order: null, paidUntil: day(1) }],
    ['a second release', licenseOf(issued, released), { type: 'release' }],
    ['reinstating a pending license', licenseOf(met), { type: 'reinstate' }],
  ])('gives the very same license for %s', (_name, license, command) => {
    expect(licenseAfter(license, command)).toBe(license)
  })
  test('notes no order on a refusal: a released license keeps the ones it had', () => {
    const license = licenseOf(issued, released)
    expect(step(license, { type: 'change', order: 'c1', entitlement: FLAGSHIP }, day(2)).ok).toBe(false)
    expect(license.orders).toEqual(['buy'])
  })
})
