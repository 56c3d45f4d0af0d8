import type { Connection, PoolClient } from 'pg'
import type { SqlValue } from '../engine.ts'

/** A statement that the server knows by its name once it has seen its text. */
export interface Statement {
  readonly name: string
  readonly sql: string
  readonly values: readonly SqlValue[]
}

/** An error that the server sent while a flight was under way. */
export class FlightError extends Error {
  /** Of the statements that were run; the one after them is the one that failed. */
  readonly rows: readonly number[]

  constructor(cause: unknown, rows: readonly number[]) {
    super('a statement failed', { cause })
    this.name = 'FlightError'
    this.rows = rows
  }
}

/** What each connection has been told to remember; the names differ from those of look-ups. */
const known = new WeakMap<PoolClient, Set<string>>()

/**
 * Sends all statements in one go and waits once: over a network a round trip costs more than a row. The first that
 * fails ends the flight, and the server ignores the rest. Returns how many rows each of them changed or found.
 * Throws `FlightError`.
 */
export function fly(client: PoolClient, statements: readonly Statement[]): Promise<readonly number[]> {
  return send(client, statements, true)
}

/** Lets the server read the statements without running them. Throws `FlightError` for one it does not understand. */
export async function check(client: PoolClient, statements: readonly Statement[]): Promise<void> {
  await send(client, statements, false)
}

async function send(
  client: PoolClient,
  statements: readonly Statement[],
  run: boolean,
): Promise<readonly number[]> {
  const names = known.get(client) ?? new Set<string>()
  known.set(client, names)
  const told = new Set<string>()
  const rows: number[] = []
  const submit = (connection: Connection): void => {
    for (const statement of statements) {
      if (!names.has(statement.name) && !told.has(statement.name)) {
        tell(connection, statement)
        told.add(statement.name)
      }
      if (run) execute(connection, statement)
    }
  }
  try {
    await depart(client, submit, { complete: (tag) => void rows.push(rowsOf(tag)) })
  } catch (thrown) {
    throw new FlightError(thrown, rows)
  }
  for (const name of told) names.add(name)
  return rows
}

/** How the server names a column, and of which type it is. */
export interface Field {
  readonly name: string
  readonly dataTypeID: number
}

/** Hears what the server says while a flight is under way. */
export interface Listener {
  columns?(fields: readonly Field[]): void
  row?(values: readonly (string | null)[]): void
  /** Once per statement that was run, with what it did. */
  complete(tag: string): void
}

/** Sends what `submit` writes and settles when the server has answered all of it. Throws what it or the driver says. */
export function depart(
  client: PoolClient,
  submit: (connection: Connection) => void,
  { columns, row, complete }: Listener,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const flight = {
      // The driver wraps it in its timeout, so it is called by this name and no other.
      callback: (thrown: unknown) => (thrown === null ? resolve() : reject(thrown)),
      submit(connection: Connection) {
        connection.stream.cork()
        submit(connection)
        connection.sync()
        connection.stream.uncork()
      },
      handleRowDescription: ({ fields }: { fields: readonly Field[] }) => columns?.(fields),
      handleDataRow: ({ fields }: { fields: readonly (string | null)[] }) => row?.(fields),
      handleCommandComplete: ({ text }: { text: string }) => complete(text),
      handleReadyForQuery: () => flight.callback(null),
      handleError: (thrown: unknown) => flight.callback(thrown),
    }
    client.query(flight)
  })
}

/** Closed first: after a flight that failed nobody knows whether the server had come to learn this name. */
export function tell(connection: Connection, { name, sql }: Statement): void {
  connection.close({ type: 'S', name }, true)
  connection.parse({ name, text: sql, types: [] }, true)
}

export function execute(connection: Connection, { name, values }: Statement): void {
  const text = values.map((value) => (typeof value === 'number' ? String(value) : value))
  connection.bind({ portal: '', statement: name, values: text }, true)
  connection.execute({ portal: '', rows: '' }, true)
}

/** `INSERT 0 3`, `UPDATE 1`, `SELECT 0`: the number comes last. */
const rowsOf = (tag: string): number => Number(/\d+$/.exec(tag)?.[0] ?? 0)
