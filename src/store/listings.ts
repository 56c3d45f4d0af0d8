import { sql } from 'kysely'
import type { ListStore } from '../authority/list-store.ts'
import { listingOf } from '../domain/codes-out.ts'
import type { License } from '../domain/license.ts'
import type { Engine, Step } from './engine.ts'
import type { Given, Queries } from './queries.ts'
import { CODES_OUT, codesOutOf } from './rows.ts'
import type { RevocationListRow } from './schema.ts'

/** Revocation lists. An index holds the listed licenses alone, so the others cost nothing. */
export function listings(queries: Queries, engine: Engine): ListStore {
  const state = queries.read((db, given: Given<{ product: number }>) =>
    db
      .selectFrom('revocation_lists')
      .select(['changes', 'number', 'digest', 'issued_at'])
      .where('product', '=', given('product')),
  )
  const listed = queries.read((db, given: Given<{ product: number; now: number; limit: number }>) =>
    db
      .selectFrom('licenses')
      .select(['id', 'status', 'revision', ...CODES_OUT])
      .where('product', '=', given('product'))
      .where('listed_until', '>', given('now'))
      .limit(given('limit')),
  )
  const publish = publishing(queries)
  return {
    async listState(product) {
      const row = await state.first({ product })
      if (row === undefined) return { changes: 0, published: null }
      const { changes, number, digest, issued_at } = row
      return {
        changes,
        published: number === null ? null : { number, digest: digest!, issuedAt: issued_at! },
      }
    },
    async listed(product, now, limit) {
      return (await listed.all({ product, now, limit })).map((row) => {
        const status = row.status as License['status']
        return { id: row.id, ...listingOf({ status, revision: row.revision, codes: codesOutOf(row) })! }
      })
    },
    publishList: (product, before, { number, digest, issuedAt }) =>
      engine.atomic([
        publish({ product, number, digest, issued_at: issuedAt, before: before?.number ?? NONE }, 'one'),
      ]),
  }
}

/** Stands for the number of a list that does not exist. */
const NONE = -1

type Publishing = { [K in 'product' | 'number' | 'issued_at' | 'before']: number } & { digest: string }

/** Changes one row, or none when the newest list is another by now. */
function publishing(queries: Queries) {
  return queries.write((db, given: Given<Publishing>) => {
    const list = { number: given('number'), digest: given('digest'), issued_at: given('issued_at') }
    return db
      .insertInto('revocation_lists')
      .values({ product: given('product'), changes: 0, ...list })
      .onConflict((conflict) =>
        conflict
          .column('product')
          .doUpdateSet(list)
          .where(sql`coalesce(revocation_lists.number, ${sql.lit(NONE)})`, '=', given('before')),
      )
  })
}

/** The step that notes a change of a license which changes its entry; none for all others, a purchase among them. */
export function listingChange(queries: Queries): (before: License | null, after: License) => Step[] {
  const note = queries.write((db, given: Given<Pick<RevocationListRow, 'product'>>) =>
    db
      .insertInto('revocation_lists')
      .values({ product: given('product'), changes: 1, number: null, digest: null, issued_at: null })
      .onConflict((conflict) =>
        conflict.column('product').doUpdateSet({ changes: sql<number>`revocation_lists.changes + 1` }),
      ),
  )
  return (before, after) => {
    if (after.status === 'pending' || after.terms === null) return []
    return isListedAlike(before, after) ? [] : [note({ product: after.terms.product })]
  }
}

function isListedAlike(before: License | null, after: License): boolean {
  const [was, is] = [before && listingOf(before), listingOf(after)]
  if (was === null || is === null) return was === is
  return was.minRevision === is.minRevision && was.why === is.why && was.until === is.until
}
