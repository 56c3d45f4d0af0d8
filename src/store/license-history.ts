import { sql } from 'kysely'
import type { LicenseReader, Store } from '../authority/ports.ts'
import { decodeBase64url } from '../format/base64url.ts'
import { toHex } from '../format/bytes.ts'
import { deviceCodes } from './device-codes.ts'
import { historyEntryOf } from './event-rows.ts'
import type { Given, Queries } from './queries.ts'
import { licenseOf, READ, type ReadLicenseRow } from './rows.ts'

type History = Pick<LicenseReader, 'newestCode' | 'presented' | 'history' | 'customer'> &
  Pick<Store, 'newestEventAt'>

/** What is kept of a license beside its state: its events, its codes, its customer. */
export function licenseHistory(queries: Queries, byId: LicenseReader['byId']): History {
  const events = queries.read((db, given: Given<{ id: string }>) =>
    db
      .selectFrom('license_events')
      .select(['revision', 'type', 'data', 'at', 'who', 'reason'])
      .where('license_id', '=', given('id'))
      .orderBy('revision'),
  )
  const customer = queries.read((db, given: Given<{ id: string }>) =>
    db.selectFrom('customers').select('sealed').where('license_id', '=', given('id')),
  )
  const newestEvent = queries.read((db) =>
    db.selectFrom('license_events').select('at').orderBy('at', 'desc').limit(1),
  )
  return {
    ...newestCode(queries),
    ...presented(queries),
    async history(id) {
      const license = await byId(id)
      if (license === null) return []
      return (await events.all({ id })).map((event) => historyEntryOf(event, license))
    },
    customer: async (id) => (await customer.first({ id }))?.sealed ?? null,
    newestEventAt: async () => (await newestEvent.first({}))?.at ?? null,
  }
}

function newestCode(queries: Queries): Pick<History, 'newestCode'> {
  const newest = queries.read((db, given: Given<{ id: string }>) =>
    db
      .selectFrom('licenses as l')
      .innerJoin('license_events as e', (join) =>
        join.onRef('e.license_id', '=', 'l.id').onRef('e.revision', '=', 'l.code_revision'),
      )
      .select(['e.revision', 'e.code_digest', 'l.code_kid', 'l.code_bytes'])
      .where('l.id', '=', asText(given('id'))),
  )
  return {
    async newestCode(id) {
      const row = await newest.first({ id })
      if (row === undefined) return null
      const { revision, code_digest: digest, code_kid: kid, code_bytes: bytes } = row
      return { license: id, revision, digest: digest!, kid: kid!, bytes: bytes! }
    },
  }
}

function presented(queries: Queries): Pick<History, 'presented'> {
  const { deviceCode } = deviceCodes(queries)
  const named = queries.read((db, given: Given<{ id: string; revision: number }>) =>
    db
      .selectFrom('license_events as e')
      .leftJoin('licenses as l', 'l.id', 'e.license_id')
      .select([...READ.map((name) => `l.${name}` as const), 'e.code_digest'])
      .where('e.license_id', '=', asText(given('id')))
      .where('e.revision', '=', asNumber(given('revision'))),
  )
  const ofTest = queries.read((db, given: Given<{ digest: string; elder: string }>) =>
    db
      .selectFrom('test_codes')
      .select('digest')
      .where('digest', 'in', [given('digest'), given('elder')]),
  )
  return {
    async presented({ license: id, revision, digest }) {
      const row = await named.first({ id, revision })
      const kept = row?.code_digest ?? null
      // Of a license that is gone its events may remain: all its columns are null then.
      if (kept === digest || kept === elderDigest(digest))
        return { issued: true, license: isThere(row) ? licenseOf(row) : null }
      const made = await deviceCode(id, digest)
      if (made !== null) return { issued: true, license: isThere(row) ? licenseOf(row) : null, made }
      const elder = elderDigest(digest)
      return { issued: (await ofTest.first({ digest, elder })) !== undefined, license: null }
    },
  }
}

/**
 * For a join. SQLite plans one by the values it is given, and so prepares it anew whenever they change, at five times the
 * cost of reading; a value that is cast it does not look at.
 */
const asText = (value: string) => sql<string>`cast(${value} as text)`
const asNumber = (value: number) => sql<number>`cast(${value} as bigint)`

type Nullable<Row> = { readonly [Column in keyof Row]: Row[Column] | null }

const isThere = (row: Nullable<ReadLicenseRow> | undefined): row is ReadLicenseRow =>
  row !== undefined && row.id !== null

/** As it was kept before schema version 3: in hex. */
function elderDigest(digest: string): string {
  const bytes = decodeBase64url(digest)
  return bytes === null ? digest : toHex(bytes)
}
