import type pg from 'pg'
import type { Step } from '../engine.ts'
import { StoreError } from '../errors.ts'
import { type Target, unhurried } from './connect.ts'
import { isUnsupported, postgresError } from './errors.ts'

/**
 * Writes tables that hold something sealed anew, all of them or those that `steps` changed, so that the files of the
 * database keep nothing of what was replaced or deleted. The log of the server, its archives and its replicas keep it for as long as they are told to.
 * Throws `StoreError` while others keep a table locked, or when its owner is another user. A relative of PostgreSQL
 * that has no VACUUM is left to its own ways.
 */
export async function rewriteSealed(target: Target, steps?: readonly Step[]): Promise<void> {
  try {
    const skipped = await rewritten(target, (table) => steps === undefined || isChanged(table, steps))
    if (skipped.length === 0) return
    throw new StoreError('failed', `The database ${target.where} kept what was replaced: ${skipped[0]}.`)
  } catch (thrown) {
    if (!isUnsupported(thrown)) throw postgresError(thrown, target.where)
  }
}

/** What a notice has for a code that is no warning. */
const SUCCESS = '00000'

/** Returns what the server would not do: it warns where an error is due. */
async function rewritten(target: Target, isDue: (table: string) => boolean): Promise<readonly string[]> {
  const client = await unhurried(target)
  const skipped: string[] = []
  client.on('notice', ({ code, message }) => {
    if (code !== SUCCESS) skipped.push(message ?? '')
  })
  try {
    for (const table of (await sealedTables(client)).filter(isDue))
      await client.query(`vacuum full "${table}"`)
    return skipped
  } finally {
    await client.end()
  }
}

async function sealedTables(client: pg.Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    "select table_name as name from information_schema.columns where table_schema = current_schema() and column_name = 'sealed' order by 1",
  )
  return rows.map(({ name }) => name)
}

const isChanged = (table: string, steps: readonly Step[]): boolean =>
  steps.some(({ sql }) => sql.startsWith(`update "${table}"`) || sql.startsWith(`delete from "${table}"`))
