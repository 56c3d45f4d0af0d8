import type { LicenseReader, Page } from '../authority/ports.ts'
import type { License } from '../domain/license.ts'
import type { Given, Queries } from './queries.ts'
import { licenseOf, READ, type ReadLicenseRow } from './rows.ts'

type Reads = Pick<LicenseReader, 'byId' | 'byInstance' | 'byOrder' | 'page' | 'due'>

/** The state of licenses; every read goes by an index, so its cost does not grow with their number. */
export function licenseReads(queries: Queries): Reads {
  return { ...findOne(queries), ...listMany(queries) }
}

function findOne(queries: Queries): Pick<Reads, 'byId' | 'byInstance' | 'byOrder'> {
  const byId = queries.read((db, given: Given<{ id: string }>) =>
    db.selectFrom('licenses').select(READ).where('id', '=', given('id')),
  )
  const byInstance = queries.read((db, given: Given<{ channel: string; instance: string }>) =>
    db
      .selectFrom('licenses')
      .select(READ)
      .where('channel', '=', given('channel'))
      .where('instance', '=', given('instance')),
  )
  const byOrder = queries.read((db, given: Given<{ channel: string; id: string; line: string }>) =>
    db
      .selectFrom('licenses')
      .select(READ)
      .where('channel', '=', given('channel'))
      .where('order_id', '=', given('id'))
      .where('order_line', '=', given('line')),
  )
  return {
    byId: async (id) => licenseOrNull(await byId.first({ id })),
    byInstance: async (channel, instance) => licenseOrNull(await byInstance.first({ channel, instance })),
    byOrder: async (channel, { id, line }) => licenseOrNull(await byOrder.first({ channel, id, line })),
  }
}

const licenseOrNull = (row: ReadLicenseRow | undefined): License | null =>
  row === undefined ? null : licenseOf(row)

function listMany(queries: Queries): Pick<Reads, 'page' | 'due'> {
  const page = queries.read((db, given: Given<Position & { limit: number }>) =>
    db
      .selectFrom('licenses')
      .select(READ)
      .where((eb) => eb(eb.refTuple('created_at', 'id'), '>', eb.tuple(given('createdAt'), given('id'))))
      .orderBy('created_at')
      .orderBy('id')
      .limit(given('limit')),
  )
  const due = queries.read((db, given: Given<{ now: number; limit: number }>) =>
    db
      .selectFrom('licenses')
      .select('id')
      .where('due', '<=', given('now'))
      .orderBy('due')
      .limit(given('limit')),
  )
  return {
    async page(after, limit) {
      const position = after === null ? BEFORE_ALL : readPosition(after)
      if (position === null) return { items: [], next: null }
      return pageOf(await page.all({ ...position, limit: limit + 1 }), limit)
    },
    due: async (now, limit) => (await due.all({ now, limit })).map(({ id }) => id),
  }
}

interface Position {
  readonly createdAt: number
  readonly id: string
}

const BEFORE_ALL: Position = { createdAt: -1, id: '' }

const POSITION = /^(\d{1,15})-([0-9a-f]{16})$/

function readPosition(text: string): Position | null {
  const [, createdAt, id] = POSITION.exec(text) ?? []
  return createdAt === undefined || id === undefined ? null : { createdAt: Number(createdAt), id }
}

/** `rows` holds one more than the page when there is a further one. */
function pageOf(rows: readonly ReadLicenseRow[], limit: number): Page<License> {
  const items = rows.slice(0, limit).map(licenseOf)
  const last = rows.length > limit ? items.at(-1) : undefined
  return { items, next: last === undefined ? null : `${last.createdAt}-${last.id}` }
}
