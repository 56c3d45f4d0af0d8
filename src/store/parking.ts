import { sql } from 'kysely'
import type { ParkedCall, ParkedReason, Parking } from '../authority/ports.ts'
import type { Step } from './engine.ts'
import { columns, type Given, type Queries } from './queries.ts'
import type { ParkedRow } from './schema.ts'

const PARKED = ['call_key', 'channel', 'instance', 'order_id', 'why', 'intent', 'at'] as const

type NewParked = Omit<ParkedRow, 'ordinal'>

export function parking(queries: Queries): Parking {
  const all = queries.read((db, given: Given<{ before: number; limit: number }>) =>
    db
      .selectFrom('parked_calls')
      .select(PARKED)
      .where('at', '<', given('before'))
      .orderBy('at')
      .orderBy('ordinal')
      .limit(given('limit')),
  )
  const ofInstance = queries.read((db, given: Given<{ channel: string; instance: string }>) =>
    db
      .selectFrom('parked_calls')
      .select(PARKED)
      .where('channel', '=', given('channel'))
      .where('instance', '=', given('instance'))
      .orderBy('at')
      .orderBy('ordinal'),
  )
  const ofOrder = queries.read((db, given: Given<{ order: string }>) =>
    db
      .selectFrom('parked_calls')
      .select(PARKED)
      .where('order_id', '=', given('order'))
      .orderBy('at')
      .orderBy('ordinal'),
  )
  const arrived = queries.read((db, given: Given<{ limit: number }>) =>
    db
      .selectFrom('parked_calls as p')
      .innerJoin('licenses as l', (join) =>
        join.onRef('l.channel', '=', 'p.channel').onRef('l.instance', '=', 'p.instance'),
      )
      .select(['p.channel', 'p.instance'])
      .groupBy(['p.channel', 'p.instance'])
      .limit(given('limit')),
  )
  const count = queries.read((db) =>
    db.selectFrom('parked_calls').select(({ fn }) => fn.countAll<number>().as('count')),
  )
  return {
    parked: async (limit, before = Number.MAX_SAFE_INTEGER) =>
      (await all.all({ before, limit })).map(parkedOf),
    parkedFor: async (channel, instance) => (await ofInstance.all({ channel, instance })).map(parkedOf),
    parkedUnder: async (order) => (await ofOrder.all({ order })).map(parkedOf),
    arrived: async (limit) =>
      (await arrived.all({ limit })).map(({ channel, instance }) => ({ channel, instance: instance! })),
    parkedCount: async () => (await count.first({}))!.count,
  }
}

export interface ParkingWrites {
  /** Changes nothing when the call waits already. */
  park(call: ParkedCall): Step
  unpark(key: string): Step
}

export function parkingWrites(queries: Queries): ParkingWrites {
  // Calls of one second keep the order they came in: a renewal and an expiry do not commute.
  const ordinal = (at: number) =>
    sql<number>`(select coalesce(max(ordinal), 0) + 1 from parked_calls where at = ${at})`
  const insert = queries.write((db, given: Given<NewParked>) =>
    db
      .insertInto('parked_calls')
      .values({ ...columns(given, PARKED), ordinal: ordinal(given('at')) })
      .onConflict((conflict) => conflict.column('call_key').doNothing()),
  )
  const remove = queries.write((db, given: Given<{ key: string }>) =>
    db.deleteFrom('parked_calls').where('call_key', '=', given('key')),
  )
  return {
    park: ({ key, order, ...rest }) => insert({ call_key: key, order_id: order, ...rest }),
    unpark: (key) => remove({ key }),
  }
}

function parkedOf({ call_key: key, order_id: order, why, ...rest }: NewParked): ParkedCall {
  return { key, order, why: why as ParkedReason, ...rest }
}
