import { Kysely, PostgresDialect } from 'kysely'
import pg, { type Connection } from 'pg'
import type { Store } from '../../src/authority/ports.ts'
import type { Engine, SqlValue } from '../../src/store/engine.ts'
import { createStore } from '../../src/store/store.ts'

/** A store that only takes sales in: what its statements insert is copied into the tables at `flush`. */
export interface BulkStore {
  readonly store: Store
  /** Settles when what was flushed before is in the database; what was given since is on its way then. */
  flush(): Promise<void>
  close(): Promise<void>
}

/**
 * The product's own statements on a database that has its tables and the answer form of the sales. What they insert arrives
 * by COPY; what they look for, replace or delete is taken for absent. Only this is not durable.
 */
export async function bulkPostgres(url: string): Promise<BulkStore> {
  const client = new pg.Client(url)
  await client.connect()
  // Foreign keys hold by what is inserted.
  await client.query('set synchronous_commit = off; set session_replication_role = replica')
  const inserts = new Map<string, string>()
  let lines = new Map<string, string[]>()
  let copying = Promise.resolve()

  async function copy(tables: ReadonlyMap<string, readonly string[]>): Promise<void> {
    for (const [target, texts] of tables) await copyIn(client, target, texts.join(''))
  }

  const unused = () => Promise.reject(new Error('filling does not do that'))
  const engine: Engine = {
    prepare(sql) {
      const [, table, columns] =
        /^insert into ("\w+") (\([^)]*\)) values \([$\d, ]*\)(?: on conflict .*)?$/.exec(sql) ?? []
      if (table !== undefined) inserts.set(sql, `${table} ${columns}`)
    },
    first: async (sql, values) => (await client.query(sql, [...values])).rows[0],
    all: async (sql, values) => (await client.query(sql, [...values])).rows,
    async atomic(steps) {
      for (const { sql, values } of steps) {
        const target = inserts.get(sql)
        if (target === undefined) {
          if (!/^(select|delete)/.test(sql)) throw new Error(`filling does not do that: ${sql}`)
          continue
        }
        const into = lines.get(target) ?? []
        into.push(`${values.map(copyText).join('\t')}\n`)
        lines.set(target, into)
      }
      return 'committed'
    },
    erase: unused,
    mostValues: 0,
    snapshot: unused,
    async compact() {},
    async close() {},
  }
  const flush = async (): Promise<void> => {
    await copying
    copying = copy(lines)
    lines = new Map()
  }
  return {
    // It compiles queries and runs none.
    store: createStore(engine, new Kysely({ dialect: new PostgresDialect({ pool: unused }) })),
    flush,
    async close() {
      await flush()
      await copying
      await client.end()
    },
  }
}

/** A value in the text format of COPY. */
function copyText(value: SqlValue): string {
  if (value === null) return '\\N'
  return String(value).replace(/[\\\t\n\r]/g, (one) => ESCAPES[one]!)
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }

/** What the driver has for COPY: it hands the messages on. */
interface CopyConnection extends Connection {
  sendCopyFromChunk(bytes: Buffer): void
  endCopyFrom(): void
}

function copyIn(client: pg.Client, target: string, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const copying = {
      callback: (thrown: unknown) => (thrown ? reject(thrown) : resolve()),
      submit: (connection: Connection) => connection.query(`copy ${target} from stdin`),
      handleCopyInResponse(connection: CopyConnection) {
        connection.sendCopyFromChunk(Buffer.from(text))
        connection.endCopyFrom()
      },
      handleCommandComplete() {},
      handleReadyForQuery: () => copying.callback(null),
      handleError: (thrown: unknown) => copying.callback(thrown),
    }
    client.query(copying)
  })
}
