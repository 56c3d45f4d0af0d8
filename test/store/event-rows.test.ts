import { describe, expect, it } from 'vitest'
import type { Event } from '../../src/domain/events.ts'
import { eventRows, historyEntryOf } from '../../src/store/event-rows.ts'
import { madeBy, NOON, originOf, sale, TERMS } from './contract/samples.ts'

const at = NOON + 5
const EVENTS: readonly Event[] = [
  { type: 'activated', order: 'O "1"', terms: { ...TERMS, trial: true, binding: '00ff' }, at },
  { type: 'activated', terms: { ...TERMS, paidUntil: null }, at },
  { type: 'renewed', order: 'CR1', paidUntil: at + 9, at },
  { type: 'renewed', order: null, paidUntil: null, formal: true, at },
  { type: 'shortened', order: null, paidUntil: at + 1, at },
  { type: 'changed', order: '订单', entitlement: { edition: 1, seats: 2, features: 3 }, at },
  { type: 'frozen', reason: 'expired', at },
  { type: 'frozen', reason: 'violation', at },
  { type: 'frozen', reason: 'operator', at },
  { type: 'reinstated', at },
  { type: 'released', at },
  { type: 'reissued', leaked: true, binding: null, at },
  { type: 'restored', raised: 1, at },
]

/** As the row of an event at revision 2 of the license of sale 1. */
function rowOf(event: Event, who: string) {
  const { after } = sale(1)
  const change = {
    before: after,
    after: { ...after, revision: 2 },
    events: [event],
    code: null,
    customer: null,
  }
  return eventRows({ ...change, by: { who, reason: '因为' } })[0]!
}

describe('an event', () => {
  it.each(EVENTS)('comes back from its row as it was: $type', (event) => {
    const { event: found, by } = historyEntryOf(rowOf(event, 'operator:kim'), sale(1).after)
    expect(found).toEqual(event)
    expect(by).toEqual({ who: 'operator:kim', reason: '因为' })
  })

  it.each(EVENTS)('reads as well from a row that was written whole: $type', (event) => {
    const { type, at, ...said } = event
    const row = { revision: 2, type, data: JSON.stringify(said), at, who: 'callback:huawei', reason: null }
    expect(historyEntryOf(row, sale(1).after)).toMatchObject({ event, by: { who: 'callback:huawei' } })
  })

  it.each([
    'callback:huawei',
    'callback:other',
    'operator',
    'operator:c',
    'scheduler',
    'init',
    '',
  ])('says who did it: %j', (who) => {
    expect(historyEntryOf(rowOf(EVENTS[0]!, who), sale(1).after).by.who).toBe(who)
  })

  it('of a direct sale says who did it', () => {
    const direct = madeBy([
      { type: 'issued', id: '1', origin: originOf(1, { channel: null, instance: null }), terms: TERMS, at },
    ])
    for (const who of ['callback:null', 'operator']) {
      const [row] = eventRows({ ...direct, by: { who, reason: null } })
      expect(historyEntryOf(row!, direct.after)).toMatchObject({ event: direct.events[0], by: { who } })
    }
  })

  it('takes little room: what recurs is not kept', () => {
    const { type, data, who } = eventRows({ ...sale(1), by: { who: 'callback:huawei', reason: null } })[0]!
    expect(type.length + data.length + who.length).toBeLessThan(40)
  })
})
