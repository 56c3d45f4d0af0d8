import type { View } from '../engine.ts'
import { askedFirst, type Target, unhurried } from './connect.ts'
import { postgresError } from './errors.ts'

/**
 * The database as it is now, on a connection of its own. Writers do not wait for it, but the server keeps what it
 * still sees for as long as it is open.
 */
export async function postgresView(target: Target): Promise<View> {
  async function asked<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (thrown) {
      throw postgresError(thrown, target.where)
    }
  }
  const client = await asked(() => unhurried(target))
  // The moment is that of the first read, not that of BEGIN.
  await asked(() => askedFirst(client, 'begin isolation level repeatable read read only', 'select 1'))
  return {
    isConsistent: true,
    all: (sql, values) => asked(async () => (await client.query(sql, [...values])).rows),
    close: () => client.end(),
  }
}
