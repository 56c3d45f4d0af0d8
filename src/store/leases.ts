import type { Leases } from '../authority/leases.ts'
import type { Engine } from './engine.ts'
import { columns, type Given, type Queries } from './queries.ts'
import type { LeaseRow } from './schema.ts'

const LEASE = ['name', 'holder', 'until'] as const

/** One guarded statement decides who gets a lease: no lock is held, no row is locked in advance. */
export function leases(queries: Queries, engine: Engine): Leases {
  const take = queries.write((db, given: Given<LeaseRow & { now: number }>) =>
    db
      .insertInto('leases')
      .values(columns(given, LEASE))
      .onConflict((conflict) =>
        conflict
          .column('name')
          .doUpdateSet((eb) => ({ holder: eb.ref('excluded.holder'), until: eb.ref('excluded.until') }))
          .where(({ or, eb, ref }) =>
            or([eb('leases.holder', '=', ref('excluded.holder')), eb('leases.until', '<=', given('now'))]),
          ),
      ),
  )
  const give = queries.write((db, given: Given<Pick<LeaseRow, 'name' | 'holder'>>) =>
    db.deleteFrom('leases').where('name', '=', given('name')).where('holder', '=', given('holder')),
  )
  const current = queries.read((db, given: Given<{ now: number }>) =>
    db.selectFrom('leases').select(LEASE).where('until', '>', given('now')).orderBy('name'),
  )
  const forget = queries.write((db, given: Given<{ now: number }>) =>
    db.deleteFrom('leases').where('until', '<', given('now')),
  )
  return {
    takeLease: async ({ name, holder, until }, now) =>
      (await engine.atomic([take({ name, holder, until, now }, 'one')])) === 'committed',
    async giveLease({ name, holder }) {
      await engine.atomic([give({ name, holder })])
    },
    leases: (now) => current.all({ now }),
    async sweepLeases(now) {
      await engine.atomic([forget({ now })])
    },
  }
}
