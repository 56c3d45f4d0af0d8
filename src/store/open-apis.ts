import type { OpenApiStore, StoredOpenApi } from '../authority/outgoing/credentials.ts'
import type { Step } from './engine.ts'
import { wakeByCredentials } from './outgoing-wakes.ts'
import { columns, type Given, type Queries } from './queries.ts'
import type { OpenApiRow } from './schema.ts'
import type { Administer } from './settings.ts'

export interface OpenApiRows {
  all(): Promise<readonly OpenApiRow[]>
  set(channel: string, openApi: StoredOpenApi): Step
}

const OPEN_API = ['channel', 'site', 'sealed', 'since'] as const

export function openApiRows(queries: Queries): OpenApiRows {
  const rows = queries.read((db) => db.selectFrom('open_apis').select(OPEN_API))
  const set = queries.write((db, given: Given<OpenApiRow>) =>
    db
      .insertInto('open_apis')
      .values(columns(given, OPEN_API))
      .onConflict((conflict) =>
        conflict.column('channel').doUpdateSet((eb) => ({
          site: eb.ref('excluded.site'),
          sealed: eb.ref('excluded.sealed'),
          since: eb.ref('excluded.since'),
        })),
      ),
  )
  return {
    all: () => rows.all({}),
    set: (channel, { site, sealed, since }) => set({ channel, site, sealed, since }),
  }
}

export const openApiOf = ({ site, sealed, since }: OpenApiRow): StoredOpenApi => ({ site, sealed, since })

export function openApis(queries: Queries, administer: Administer): OpenApiStore {
  const { set } = openApiRows(queries)
  const wake = wakeByCredentials(queries)
  return {
    async setOpenApi(channel, openApi) {
      await administer([set(channel, openApi), ...wake(channel, openApi.since)])
    },
  }
}
