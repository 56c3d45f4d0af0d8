import { describe, expect, test } from 'vitest'
import type { Event } from '../../src/domain/events.ts'
import { evolve } from '../../src/domain/evolve.ts'
import { evolveAll } from '../../src/domain/step.ts'
import { day, FLAGSHIP, frozen, ID, issued, licenseOf, met, ORIGIN, released, TERMS } from './samples.ts'

const at = day(2)
const events = {
  issued,
  met,
  activated: { type: 'activated', terms: TERMS, at },
  renewed: { type: 'renewed', order: 'r1', paidUntil: day(200), at },
  shortened: { type: 'shortened', order: 's1', paidUntil: day(50), at },
  changed: { type: 'changed', order: 'c1', entitlement: FLAGSHIP, at },
  frozen: frozen('operator'),
  reinstated: { type: 'reinstated', at },
  released,
  reissued: { type: 'reissued', leaked: true, binding: null, at },
  restored: { type: 'restored', raised: 7, at },
} satisfies Record<Event['type'], Event>

const statuses = {
  no: null,
  pending: licenseOf(met),
  active: licenseOf(issued),
  frozen: licenseOf(issued, frozen('operator')),
  released: licenseOf(issued, released),
}

const follow: Record<keyof typeof statuses, readonly Event['type'][]> = {
  no: ['issued', 'met'],
  pending: ['activated', 'renewed', 'shortened', 'changed', 'frozen', 'reinstated', 'released', 'restored'],
  active: ['renewed', 'shortened', 'changed', 'frozen', 'released', 'reissued', 'restored'],
  frozen: ['renewed', 'shortened', 'changed', 'reinstated', 'released', 'restored'],
  released: [],
}

const pairs = Object.entries(follow).flatMap(([status, types]) =>
  Object.values(events).map((event) => ({ status, type: event.type, may: types.includes(event.type) })),
)

describe('a history', () => {
  test.each(pairs.filter(({ may }) => !may))('with "$type" on $status license is damaged', ({
    status,
    type,
  }) => {
    const license = statuses[status as keyof typeof statuses]
    expect(() => evolve(license, events[type])).toThrow(`event "${type}" cannot follow`)
  })
  test.each(pairs.filter(({ may }) => may))('with "$type" on $status license raises the revision', ({
    status,
    type,
  }) => {
    const license = statuses[status as keyof typeof statuses]
    expect(evolve(license, events[type]).revision).toBe(
      (license?.revision ?? 0) + (type === 'restored' ? 7 : 1),
    )
  })
  test('leaves the license before as it was', () => {
    const before = licenseOf(issued)
    const copy = structuredClone(before)
    evolve(before, events.renewed)
    expect(before).toEqual(copy)
  })
  test('keeps id, origin and the time of creation', () => {
    const license = licenseOf(issued, events.renewed, events.frozen, events.reinstated, events.released)
    expect(license).toMatchObject({ id: ID, origin: ORIGIN, createdAt: issued.at, revision: 5 })
  })
  test('names an order once, also when two events cite it', () => {
    expect(licenseOf(issued, events.renewed, { ...events.changed, order: 'r1' }).orders).toEqual([
      'buy',
      'r1',
    ])
  })
  test('of a direct sale without an order has applied none', () => {
    expect(
      licenseOf({ ...issued, origin: { channel: null, instance: null, order: null } } as Event).orders,
    ).toEqual([])
  })
  test('of nothing is no license', () => {
    expect(() => evolveAll(null, [])).toThrow('no license')
  })
})
