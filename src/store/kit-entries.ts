import type { KeptKitEntry, KitKind, KitPart, KitStore } from '../authority/kit-entry.ts'
import { decodeBase64url, encodeBase64url } from '../format/base64url.ts'
import { readUtf8, utf8 } from '../format/bytes.ts'
import type { KitEntryRow } from './kit-rows.ts'
import type { Given, Queries } from './queries.ts'

const ENTRY = ['id', 'channel', 'kind', 'instance', 'tenant', 'sealed', 'sent_at', 'at'] as const

/** The last row read. */
type Position = Pick<KitEntryRow, 'kind' | 'instance' | 'tenant' | 'id'>

const FIRST: Position = { kind: '', instance: '', tenant: '', id: '' }

type Asked = Position & { channel: string; limit: number }

/** What marketplaces said of enterprises, as it is looked at. */
export function kitEntries(queries: Queries): KitStore {
  const part = queries.read((db, given: Given<Pick<KitEntryRow, keyof KitPart>>) =>
    db
      .selectFrom('kit_parts')
      .select('replaced_at')
      .where('channel', '=', given('channel'))
      .where('kind', '=', given('kind'))
      .where('instance', '=', given('instance'))
      .where('tenant', '=', given('tenant')),
  )
  const { all, ofKind } = pages(queries)
  return {
    async kitReplacedAt(asked) {
      const row = await part.first({ ...asked })
      return row === undefined || row.replaced_at === 0 ? null : row.replaced_at
    },
    async kitPage(channel, kind, after, limit) {
      const position = after === null ? FIRST : readPosition(after)
      if (position === null) return { items: [], next: null }
      const asked: Asked = { ...position, channel, limit: limit + 1 }
      const rows = kind === null ? await all.all(asked) : await ofKind.all({ ...asked, only: kind })
      const items = rows.slice(0, limit).map(entryOf)
      return { items, next: rows.length > limit ? writePosition(rows[limit - 1]!) : null }
    },
  }
}

function pages(queries: Queries) {
  const all = queries.read((db, given: Given<Asked>) =>
    db
      .selectFrom('kit_entries')
      .select(ENTRY)
      .where('channel', '=', given('channel'))
      .where('sealed', 'is not', null)
      .where((eb) =>
        eb(
          eb.refTuple('kind', 'instance', 'tenant', 'id'),
          '>',
          eb.tuple(given('kind'), given('instance'), given('tenant'), given('id')),
        ),
      )
      .orderBy('kind')
      .orderBy('instance')
      .orderBy('tenant')
      .orderBy('id')
      .limit(given('limit')),
  )
  const ofKind = queries.read((db, given: Given<Asked & { only: string }>) =>
    db
      .selectFrom('kit_entries')
      .select(ENTRY)
      .where('channel', '=', given('channel'))
      .where('kind', '=', given('only'))
      .where('sealed', 'is not', null)
      .where((eb) =>
        eb(
          eb.refTuple('kind', 'instance', 'tenant', 'id'),
          '>',
          eb.tuple(given('kind'), given('instance'), given('tenant'), given('id')),
        ),
      )
      .orderBy('kind')
      .orderBy('instance')
      .orderBy('tenant')
      .orderBy('id')
      .limit(given('limit')),
  )
  return { all, ofKind }
}

/** Only those that are not deleted are read, and kinds are ours. */
function entryOf({ sent_at: sentAt, ...row }: KitEntryRow): KeptKitEntry {
  return { ...row, kind: row.kind as KitKind, sealed: row.sealed!, sentAt }
}

const writePosition = ({ kind, instance, tenant, id }: Position): string =>
  encodeBase64url(utf8(JSON.stringify([kind, instance, tenant, id])))

function readPosition(text: string): Position | null {
  try {
    const [kind, instance, tenant, id] = JSON.parse(readUtf8(decodeBase64url(text)!)!)
    return [kind, instance, tenant, id].every((one) => typeof one === 'string')
      ? { kind, instance, tenant, id }
      : null
  } catch {
    return null
  }
}
