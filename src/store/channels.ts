import { sql } from 'kysely'
import type { StoredAccessKey, StoredChannel } from '../authority/ports.ts'
import type { Step } from './engine.ts'
import { openApiOf, openApiRows } from './open-apis.ts'
import { columns, type Given, type Queries } from './queries.ts'
import type { AccessKeyRow, ChannelRow, OpenApiRow } from './schema.ts'

export interface Channels {
  all(): Promise<readonly StoredChannel[]>
  add(channel: StoredChannel): Step[]
  addKey(channel: string, key: StoredAccessKey): Step
  /** Expects that the channel has the key. */
  removeKey(channel: string, keyId: string): Step
}

const CHANNEL = ['name', 'kind', 'time_zone', 'timestamp_window', 'auth_token_window'] as const

type NewKey = Omit<AccessKeyRow, 'ordinal'>

export function channels(queries: Queries): Channels {
  const rows = queries.read((db) => db.selectFrom('channels').select(CHANNEL).orderBy('name'))
  const keyRows = queries.read((db) =>
    db.selectFrom('access_keys').select(['id', 'channel', 'sealed', 'created_at']).orderBy('ordinal'),
  )
  const openApis = openApiRows(queries)
  const insert = queries.write((db, given: Given<ChannelRow>) =>
    db.insertInto('channels').values(columns(given, CHANNEL)),
  )
  const insertKey = queries.write((db, given: Given<NewKey>) =>
    db.insertInto('access_keys').values({
      ...columns(given, ['id', 'channel', 'sealed', 'created_at']),
      ordinal: sql<number>`(select coalesce(max(ordinal), 0) + 1 from access_keys)`,
    }),
  )
  const removeKey = queries.write((db, given: Given<{ channel: string; id: string }>) =>
    db.deleteFrom('access_keys').where('channel', '=', given('channel')).where('id', '=', given('id')),
  )
  const addKey: Channels['addKey'] = (channel, { id, sealed, createdAt }) =>
    insertKey({ id, channel, sealed, created_at: createdAt })
  return {
    async all() {
      const keys = await keyRows.all({})
      const sites = await openApis.all()
      return (await rows.all({})).map((row) => channelOf(row, keys, sites))
    },
    add: (channel) => [
      insert(channelRow(channel)),
      ...channel.keys.map((key) => addKey(channel.name, key)),
      ...(channel.openApi === null ? [] : [openApis.set(channel.name, channel.openApi)]),
    ],
    addKey,
    removeKey: (channel, id) => removeKey({ channel, id }, 'one'),
  }
}

function channelRow({ name, kind, timeZone, windows }: StoredChannel): ChannelRow {
  const { timestamp, authToken } = windows
  return { name, kind, time_zone: timeZone, timestamp_window: timestamp, auth_token_window: authToken }
}

function channelOf(row: ChannelRow, keys: readonly NewKey[], openApis: readonly OpenApiRow[]): StoredChannel {
  const openApi = openApis.find(({ channel }) => channel === row.name)
  return {
    name: row.name,
    kind: row.kind,
    timeZone: row.time_zone,
    windows: { timestamp: row.timestamp_window, authToken: row.auth_token_window },
    keys: keys
      .filter(({ channel }) => channel === row.name)
      .map(({ id, sealed, created_at: createdAt }) => ({ id, sealed, createdAt })),
    openApi: openApi === undefined ? null : openApiOf(openApi),
  }
}
