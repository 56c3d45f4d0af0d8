import { randomBytes } from 'node:crypto'
import pg from 'pg'
import type { DatabaseServer } from '../server/database.ts'
import { startDatabase } from '../server/database.ts'
import { foundMocks, type MockInstance } from '../server/mock.ts'
import type { ServerProcess } from '../server/process.ts'
import { initProduct, type Serving, serveProduct } from '../server/product.ts'
import type { Bench } from './bench.ts'

/** An instance on PostgreSQL that has sold nothing yet: every round begins with a copy of its database. */
export interface Shop {
  readonly server: DatabaseServer
  readonly accessKey: string
  readonly directory: string
  readonly template: string
  /** Keys for rivals that sell. */
  readonly mocks: MockInstance
  serve(database: string, serving?: Serving): Promise<ServerProcess>
  close(): Promise<void>
}

export async function openShop({ work }: Bench): Promise<Shop> {
  const server = await startDatabase(work)
  const accessKey = randomBytes(24).toString('hex')
  const directory = work.fresh('shop')
  const template = await server.create()
  initProduct(directory, accessKey, { LICET_DATABASE_URL: template })
  return {
    server,
    accessKey,
    directory,
    template,
    mocks: foundMocks(accessKey),
    serve: (database, serving) =>
      serveProduct(directory, { ...serving, environment: { LICET_DATABASE_URL: database } }),
    async close() {
      await server.stop()
      work.remove(directory)
    },
  }
}

export async function ask<T extends object>(database: string, sql: string): Promise<readonly T[]> {
  const client = new pg.Client(database)
  await client.connect()
  try {
    return (await client.query<T>(sql)).rows
  } finally {
    await client.end()
  }
}
