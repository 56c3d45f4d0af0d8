import { describe, expect, it } from 'vitest'
import type { Step } from '../../src/store/engine.ts'
import { inLockingOrder } from '../../src/store/postgres/order.ts'

const INSERT = 'insert into "replay_marks" ("signature") values ($1)'
const UPDATE = 'update "licenses" set "status" = $1, "seats" = $2 where "id" = $3 and "revision" = $4'
const DELETE = 'delete from "parked_calls" where "call_key" = $1'

const mark = (signature: string): Step => ({ sql: INSERT, values: [signature] })
const change = (id: string, status = 'frozen'): Step => ({ sql: UPDATE, values: [status, 1, id, 7] })
const unpark = (key: string): Step => ({ sql: DELETE, values: [key] })

describe('the order of the items in a shared transaction', () => {
  it('is that of the rows they change, whatever they write there and in whatever order they came', () => {
    const items = [[change('b', 'a')], [change('c', 'b')], [change('a', 'z')]]
    const [b, c, a] = items
    expect(inLockingOrder(items)).toEqual([a, b, c])
    expect(inLockingOrder([c!, a!, b!])).toEqual([a, b, c])
  })

  it('goes by the first row that an item changes, whatever it inserts before', () => {
    const [b, a] = [
      [mark('1'), change('b'), unpark('0')],
      [mark('2'), unpark('a')],
    ]
    expect(inLockingOrder([b, a])).toEqual([a, b])
  })

  it('leaves those of one row, and those that change none, as they came', () => {
    const items = [[mark('2')], [mark('1')], [change('a', 'z')], [change('a', 'b')]]
    expect(inLockingOrder(items)).toEqual(items)
  })
})
