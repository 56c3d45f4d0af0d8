import { sql } from 'kysely'
import type { CodeNote, MarketplaceCode, MarketplaceCodes } from '../authority/marketplace-codes.ts'
import type { Engine, Step } from './engine.ts'
import { columns, type Given, type Queries } from './queries.ts'
import type { LicenseRow, MarketplaceCodeRow } from './schema.ts'

const CODE = ['license_id', 'activated_at', 'confirmed_at', 'said', 'repaired', 'repaired_at', 'due'] as const

const OF_CODE = CODE.map((column) => `c.${column}` as const)
const OF_LICENSE = ['l.channel', 'l.instance', 'l.status'] as const

type Row = MarketplaceCodeRow & Pick<LicenseRow, 'channel' | 'instance' | 'status'>

/** One statement whatever is there: see `CodeNote`. */
export function noteCode(queries: Queries): (note: CodeNote) => Step {
  const upsert = queries.write((db, given: Given<MarketplaceCodeRow>) => {
    const newer = <K extends (typeof CODE)[number]>(name: K) =>
      sql<
        MarketplaceCodeRow[K]
      >`coalesce(${sql.ref(`excluded.${name}`)}, ${sql.ref(`marketplace_codes.${name}`)})`
    return db
      .insertInto('marketplace_codes')
      .values(columns(given, CODE))
      .onConflict((conflict) =>
        conflict.column('license_id').doUpdateSet({
          activated_at: sql<number | null>`coalesce(marketplace_codes.activated_at, excluded.activated_at)`,
          confirmed_at: newer('confirmed_at'),
          said: newer('said'),
          repaired: newer('repaired'),
          repaired_at: newer('repaired_at'),
          due: sql<number | null>`excluded.due`,
        }),
      )
  })
  return ({ license, due, activatedAt, told, repair }) =>
    upsert({
      ...{ license_id: license, due, activated_at: activatedAt ?? null },
      ...{ confirmed_at: told?.at ?? null, said: told?.said ?? null },
      ...{ repaired: repair?.events ?? null, repaired_at: repair?.at ?? null },
    })
}

/** A code is of a channel and an instance of it, since a call or an activation named both. */
export function marketplaceCodes(queries: Queries, engine: Engine): MarketplaceCodes {
  const one = queries.read((db, given: Given<{ license: string }>) =>
    db
      .selectFrom('marketplace_codes as c')
      .innerJoin('licenses as l', 'l.id', 'c.license_id')
      .select([...OF_CODE, ...OF_LICENSE])
      .where('c.license_id', '=', given('license')),
  )
  const due = queries.read((db, given: Given<{ now: number; limit: number }>) =>
    db
      .selectFrom('marketplace_codes as c')
      .innerJoin('licenses as l', 'l.id', 'c.license_id')
      .select([...OF_CODE, ...OF_LICENSE])
      .where('c.due', '<=', given('now'))
      .orderBy('c.due')
      .limit(given('limit')),
  )
  return {
    async marketplaceCode(license) {
      const row = await one.first({ license })
      return row === undefined ? null : codeOf(row)
    },
    codesDue: async (now, limit) => (await due.all({ now, limit })).map(codeOf),
    ...pages(queries),
    ...asking(queries, engine),
  }
}

function pages(queries: Queries): Pick<MarketplaceCodes, 'marketplaceCodes'> {
  const all = queries.read((db, given: Given<{ after: string; limit: number }>) =>
    db
      .selectFrom('marketplace_codes as c')
      .innerJoin('licenses as l', 'l.id', 'c.license_id')
      .select([...OF_CODE, ...OF_LICENSE])
      .where('c.license_id', '>', given('after'))
      .orderBy('c.license_id')
      .limit(given('limit')),
  )
  const ofChannel = queries.read((db, given: Given<{ channel: string; after: string; limit: number }>) =>
    db
      .selectFrom('marketplace_codes as c')
      .innerJoin('licenses as l', 'l.id', 'c.license_id')
      .select([...OF_CODE, ...OF_LICENSE])
      .where('l.channel', '=', given('channel'))
      .where('c.license_id', '>', given('after'))
      .orderBy('c.license_id')
      .limit(given('limit')),
  )
  return {
    async marketplaceCodes(channel, after, limit) {
      const from = { after: after ?? '', limit: limit + 1 }
      const rows = channel === null ? await all.all(from) : await ofChannel.all({ ...from, channel })
      const items = rows.slice(0, limit).map(codeOf)
      return { items, next: rows.length > limit ? items.at(-1)!.license : null }
    },
  }
}

function asking(queries: Queries, engine: Engine): Pick<MarketplaceCodes, 'askAboutAll'> {
  const all = queries.write((db, given: Given<{ now: number }>) =>
    db
      .updateTable('marketplace_codes')
      .set({ due: given('now') })
      .where('due', 'is not', null),
  )
  const ofChannel = queries.write((db, given: Given<{ channel: string; now: number }>) =>
    db
      .updateTable('marketplace_codes')
      .set({ due: given('now') })
      .where('due', 'is not', null)
      .where('license_id', 'in', (eb) =>
        eb.selectFrom('licenses').select('id').where('channel', '=', given('channel')),
      ),
  )
  return {
    async askAboutAll(channel, now) {
      await engine.atomic([channel === null ? all({ now }) : ofChannel({ channel, now })])
    },
  }
}

function codeOf(row: Row): MarketplaceCode {
  return {
    license: row.license_id,
    channel: row.channel!,
    code: row.instance!,
    status: row.status as MarketplaceCode['status'],
    activatedAt: row.activated_at,
    confirmedAt: row.confirmed_at,
    said: row.said as MarketplaceCode['said'],
    repaired: row.repaired,
    repairedAt: row.repaired_at,
    due: row.due,
  }
}
