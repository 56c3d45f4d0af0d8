import type { Connection, PoolClient } from 'pg'
import { depart, execute, type Field, type Statement, tell } from './flight.ts'

interface Column {
  readonly name: string
  readonly parse: (text: string) => unknown
}

/** What a look-up found; or why what it found cannot be read. */
export type Found = { readonly rows: readonly unknown[] } | { readonly unreadable: unknown }

/** The columns of the look-ups that each connection has been told to remember. */
const known = new WeakMap<PoolClient, Map<string, readonly Column[]>>()

/**
 * Sends all look-ups in one go and waits once. Calls `found` for one after the other, as soon as its rows are there: what
 * was committed before this was called is among them. Throws what the server says of the first that fails, the one after
 * those that were found; the rest it ignores.
 */
export async function lookUpAll(
  client: PoolClient,
  lookUps: readonly Statement[],
  found: (found: Found) => void,
): Promise<void> {
  const columnsOf = known.get(client) ?? new Map<string, readonly Column[]>()
  known.set(client, columnsOf)
  const told: string[] = []
  let place = 0
  let reading = readingRows()
  await depart(client, (connection) => void told.push(...submit(connection, lookUps, columnsOf)), {
    columns: (fields) => void columnsOf.set(told.shift()!, fields.map(columnIn(client))),
    row: (values) => reading.add(columnsOf.get(lookUps[place]!.name)!, values),
    complete() {
      found(reading.found())
      place++
      reading = readingRows()
    },
  })
}

/** Returns the names that the server is asked to describe, in the order in which it answers. */
function submit(
  connection: Connection,
  lookUps: readonly Statement[],
  isKnown: { has(name: string): boolean },
): readonly string[] {
  const told = new Set<string>()
  for (const lookUp of lookUps) {
    const { name } = lookUp
    if (!isKnown.has(name) && !told.has(name)) {
      tell(connection, lookUp)
      connection.describe({ type: 'S', name }, true)
      told.add(name)
    }
    execute(connection, lookUp)
  }
  return [...told]
}

const columnIn =
  (client: PoolClient) =>
  ({ name, dataTypeID }: Field): Column => ({ name, parse: client.getTypeParser(dataTypeID, 'text') })

/** Gathers the rows of one look-up; the first that cannot be read stands for all of them. */
function readingRows() {
  const rows: unknown[] = []
  let unreadable: { readonly unreadable: unknown } | null = null
  return {
    add(columns: readonly Column[], values: readonly (string | null)[]): void {
      try {
        rows.push(rowOf(columns, values))
      } catch (thrown) {
        unreadable ??= { unreadable: thrown }
      }
    },
    found: (): Found => unreadable ?? { rows },
  }
}

function rowOf(columns: readonly Column[], values: readonly (string | null)[]): object {
  const row: Record<string, unknown> = {}
  for (let n = 0; n < columns.length; n++) {
    const { name, parse } = columns[n]!
    const text = values[n]!
    row[name] = text === null ? null : parse(text)
  }
  return row
}
