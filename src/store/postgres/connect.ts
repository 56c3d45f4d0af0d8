import pg from 'pg'
import { StoreError } from '../errors.ts'
import { readPostgresUrl } from './url.ts'

/**
 * Connections of one process. More do not make it faster: writers share transactions, and a look-up takes far less
 * than a millisecond. Four processes stay well within the hundred that a server has by default.
 */
export const MOST_CONNECTIONS = 10

/**
 * Milliseconds. A callback has to be answered in four seconds (contract 3.1); each of these ends before that, so that
 * nothing piles up behind a database that is not what it was.
 */
export const TIMEOUTS = {
  /** To get a connection, new or free. */
  connect: 2_000,
  /** For a row that another process changes. */
  lock: 2_000,
  /** For one statement, told to the server. */
  statement: 3_000,
  /** For an answer of any kind: a network that swallows everything leaves no other trace. */
  answer: 3_500,
  /** Until the server ends a transaction whose process stands still and holds its locks. */
  idleInTransaction: 5_000,
  /** Until a connection that nobody needs is closed. */
  idle: 30_000,
  /** Between two signs of life on a silent connection. */
  keepAlive: 10_000,
} as const

/** What a program is told of a database: where, and how to connect. */
export interface Target {
  /** For sentences: host, port and database; never a user, a password or an option. */
  readonly where: string
  readonly config: pg.PoolConfig
}

/** Throws `StoreError` for a URL that `readPostgresUrl` refuses. */
export function readTarget(url: string): Target {
  const { options, ...place } = readPostgresUrl(url)
  return {
    where: `postgres://${place.host}:${place.port}/${place.database}`,
    config: {
      ...place,
      ...(options !== null && { options }),
      types: { getTypeParser },
      application_name: 'licet',
      max: MOST_CONNECTIONS,
      connectionTimeoutMillis: TIMEOUTS.connect,
      idleTimeoutMillis: TIMEOUTS.idle,
      lock_timeout: TIMEOUTS.lock,
      statement_timeout: TIMEOUTS.statement,
      query_timeout: TIMEOUTS.answer,
      idle_in_transaction_session_timeout: TIMEOUTS.idleInTransaction,
      keepAlive: true,
      keepAliveInitialDelayMillis: TIMEOUTS.keepAlive,
    },
  }
}

/** A connection of its own, for work that may take as long as it likes; what breaks on it fails the work under way. */
export async function unhurried({ config }: Target): Promise<pg.Client> {
  const { statement_timeout, query_timeout, idle_in_transaction_session_timeout, ...rest } = config
  const client = new pg.Client(rest)
  client.on('error', () => {})
  await client.connect()
  // An administrator may have set them for the user.
  await askedFirst(client, 'set statement_timeout = 0; set idle_in_transaction_session_timeout = 0')
  return client
}

/** What a connection has to be told before it is of use; one that is of none is closed: it would keep the process. */
export async function askedFirst(client: pg.Client, ...statements: readonly string[]): Promise<void> {
  try {
    for (const statement of statements) await client.query(statement)
  } catch (thrown) {
    await client.end()
    throw thrown
  }
}

const BIGINT = 20

/** PostgreSQL tells 64-bit numbers as text, since not all of them are a number here; all of ours are. */
function getTypeParser(oid: number, format?: 'text' | 'binary') {
  return oid === BIGINT ? wholeNumber : pg.types.getTypeParser(oid, format as 'text')
}

function wholeNumber(text: string): number {
  const number = Number(text)
  if (Number.isSafeInteger(number)) return number
  throw new StoreError(
    'damaged',
    `The database holds the number ${text}, which no program of ours has written.`,
  )
}
