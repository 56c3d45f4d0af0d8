import type { LicenseReader, Store } from '../authority/ports.ts'
import { decodeBase64url } from '../format/base64url.ts'
import { toHex } from '../format/bytes.ts'
import { historyEntryOf } from './event-rows.ts'
import type { Given, Queries } from './queries.ts'

type History = Pick<LicenseReader, 'newestCode' | 'issued' | 'history' | 'customer'> &
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
    ...issuedCodes(queries),
    async history(id) {
      const license = await byId(id)
      if (license === null) return []
      return (await events.all({ id })).map((event) => historyEntryOf(event, license))
    },
    customer: async (id) => (await customer.first({ id }))?.sealed ?? null,
    newestEventAt: async () => (await newestEvent.first({}))?.at ?? null,
  }
}

function issuedCodes(queries: Queries): Pick<History, 'newestCode' | 'issued'> {
  const newest = queries.read((db, given: Given<{ id: string }>) =>
    db
      .selectFrom('licenses as l')
      .innerJoin('license_events as e', (join) =>
        join.onRef('e.license_id', '=', 'l.id').onRef('e.revision', '=', 'l.code_revision'),
      )
      .select(['e.revision', 'e.code_digest', 'l.code_kid', 'l.code_bytes'])
      .where('l.id', '=', given('id')),
  )
  const ofEvent = queries.read((db, given: Given<{ id: string; revision: number }>) =>
    db
      .selectFrom('license_events')
      .select('code_digest')
      .where('license_id', '=', given('id'))
      .where('revision', '=', given('revision')),
  )
  const ofTest = queries.read((db, given: Given<{ digest: string; elder: string }>) =>
    db
      .selectFrom('test_codes')
      .select('digest')
      .where('digest', 'in', [given('digest'), given('elder')]),
  )
  return {
    async newestCode(id) {
      const row = await newest.first({ id })
      if (row === undefined) return null
      const { revision, code_digest: digest, code_kid: kid, code_bytes: bytes } = row
      return { license: id, revision, digest: digest!, kid: kid!, bytes: bytes! }
    },
    async issued({ license, revision, digest }) {
      const event = await ofEvent.first({ id: license, revision })
      const kept = event?.code_digest ?? null
      if (kept === digest) return true
      const elder = elderDigest(digest)
      return kept === elder || (await ofTest.first({ digest, elder })) !== undefined
    },
  }
}

/** As it was kept before schema version 3: in hex. */
function elderDigest(digest: string): string {
  const bytes = decodeBase64url(digest)
  return bytes === null ? digest : toHex(bytes)
}
