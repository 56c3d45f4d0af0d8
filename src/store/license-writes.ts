import { type Expression, sql } from 'kysely'
import type { CodeIdentity, LicenseChange } from '../authority/ports.ts'
import type { License } from '../domain/license.ts'
import type { Step } from './engine.ts'
import { eventRows } from './event-rows.ts'
import { listingChange } from './listings.ts'
import { columns, type Given, type Queries, type Write } from './queries.ts'
import { ANSWER, type AnswerColumns, CODE, FIXED, licenseRow, ordersText, SOUGHT, STATE } from './rows.ts'
import type { EventRow, LicenseRow } from './schema.ts'

export interface LicenseWrites {
  /** The license, its events, its code and its customer. */
  change(change: LicenseChange, answer: AnswerColumns): Step[]
  testCode(code: CodeIdentity): Step
  /** Holds while the channel has no such instance. */
  absent(channel: string, instance: string): Step
}

export function licenseWrites(queries: Queries): LicenseWrites {
  const insert = queries.write((db, given: Given<LicenseRow>) =>
    db.insertInto('licenses').values(columns(given, [...FIXED, ...STATE, ...SOUGHT, ...CODE, ...ANSWER])),
  )
  const update = updateLicense(queries)
  const insertEvent = queries.write((db, given: Given<EventRow>) =>
    db
      .insertInto('license_events')
      .values(
        columns(given, ['license_id', 'revision', 'type', 'data', 'at', 'who', 'reason', 'code_digest']),
      ),
  )
  const keepCustomer = keepCustomerOf(queries)
  const noteListing = listingChange(queries)
  const insertTestCode = queries.write((db, given: Given<{ digest: string }>) =>
    db.insertInto('test_codes').values(columns(given, ['digest'])),
  )
  const ofInstance = queries.read((db, given: Given<{ channel: string; instance: string }>) =>
    db
      .selectFrom('licenses')
      .select('id')
      .where('channel', '=', given('channel'))
      .where('instance', '=', given('instance')),
  )
  return {
    change(change, answer) {
      const { before, after, code, customer } = change
      const row = { ...licenseRow(after, code), ...answer }
      return [
        before === null ? insert(row) : update(before, row),
        ...eventRows(change).map((event) => insertEvent(event)),
        ...(customer === null ? [] : [keepCustomer({ license_id: after.id, sealed: customer })]),
        ...noteListing(before, after),
      ]
    },
    testCode: ({ digest }) => insertTestCode({ digest }),
    absent: (channel, instance) => ofInstance.findsNothing({ channel, instance }),
  }
}

interface Updated extends LicenseRow {
  before_revision: number
  before_orders: string
}

/** Changes the row only while it is as it was read: the revision tells of events, the orders of notes without one. */
function updateLicense(queries: Queries): (before: License, row: LicenseRow) => Step {
  const update = queries.write((db, given: Given<Updated>) => {
    const newer = <K extends (typeof CODE)[number]>(name: K): Expression<LicenseRow[K]> =>
      sql<LicenseRow[K]>`coalesce(${given(name)}, ${sql.ref(name)})`
    return db
      .updateTable('licenses')
      .set(columns(given, [...STATE, ...SOUGHT]))
      .set({
        code_revision: newer('code_revision'),
        code_kid: newer('code_kid'),
        code_bytes: newer('code_bytes'),
      })
      .where('id', '=', given('id'))
      .where('revision', '=', given('before_revision'))
      .where((eb) => eb(eb.fn.coalesce('orders', eb.val('')), '=', given('before_orders')))
  })
  return (before, row) =>
    update({ ...row, before_revision: before.revision, before_orders: ordersText(before) ?? '' }, 'one')
}

function keepCustomerOf(queries: Queries): Write<{ license_id: string; sealed: string }> {
  return queries.write((db, given: Given<{ license_id: string; sealed: string }>) =>
    db
      .insertInto('customers')
      .values(columns(given, ['license_id', 'sealed']))
      .onConflict((conflict) =>
        conflict.column('license_id').doUpdateSet((eb) => ({ sealed: eb.ref('excluded.sealed') })),
      ),
  )
}
