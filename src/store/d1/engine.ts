import type { Committed } from '../../authority/ports.ts'
import type { Engine, SqlValue, Step } from '../engine.ts'
import { assertServedSchema } from '../schema-version.ts'
import { d1Error, isD1Conflict } from './errors.ts'
import { unsteadyView } from './unsteady-view.ts'
import { FIND_TOKEN, guarded, INSERT_TOKEN, settled } from './write-tokens.ts'

/** As much of a D1 binding as is used. */
export interface D1Binding {
  prepare(sql: string): D1Statement
  /** One after another in one transaction; rejects, with nothing left, when one fails. */
  batch(statements: D1Statement[]): Promise<readonly { readonly results: readonly unknown[] }[]>
}

export interface D1Statement {
  bind(...values: SqlValue[]): D1Statement
  all(): Promise<{ readonly results: readonly unknown[] }>
}

/** An engine that names its writes, for callers who have to ask later what became of one. */
export interface TokenEngine extends Engine {
  /** As `atomic`, under a token that no other write has. */
  write(token: string, steps: readonly Step[]): Promise<Committed>
  /** Whether the write of this token is committed. */
  hasToken(token: string): Promise<boolean>
  /** Whether the text is one of the statements that were prepared. */
  knows(sql: string): boolean
}

export interface D1Options {
  /** A token that no other write has. */
  readonly newToken: () => string
  /** Lets work go on that began in a request whose answer has left. */
  readonly outlive: (work: Promise<unknown>) => void
}

const WHERE = 'in D1'

/** Bound parameters of one query. */
export const MOST_VALUES = 100

const VERSIONS = "select name, value from settings where name in ('schema_version', 'oldest_program')"

/**
 * D1 through its binding. What is kept between requests is plain data: the texts of the statements, and that the
 * schema was found to be right, which is looked at once; a newer one that arrives later only adds, and one that is newer
 * already says whether this program may serve it.
 */
export function d1Engine(d1: D1Binding, { newToken, outlive }: D1Options): TokenEngine {
  const statements = new Set<string>()
  let isChecked = false

  const bound = ({ sql, values }: Step): D1Statement => d1.prepare(sql).bind(...values)

  async function rows(sql: string, values: readonly SqlValue[]): Promise<readonly unknown[]> {
    try {
      return (await bound({ sql, values }).all()).results
    } catch (thrown) {
      throw d1Error(thrown)
    }
  }

  async function checkSchema(): Promise<void> {
    if (isChecked) return
    const settings = (await rows(VERSIONS, [])) as readonly {
      readonly name: string
      readonly value: string
    }[]
    const of = (wanted: string) => settings.find(({ name }) => name === wanted)?.value
    assertServedSchema(of('schema_version'), of('oldest_program'), WHERE)
    isChecked = true
  }

  async function read(sql: string, values: readonly SqlValue[]): Promise<readonly unknown[]> {
    await checkSchema()
    return rows(sql, values)
  }

  const hasToken = async (token: string): Promise<boolean> => (await rows(FIND_TOKEN, [token])).length > 0

  async function write(token: string, steps: readonly Step[]): Promise<Committed> {
    await checkSchema()
    const batch = [{ sql: INSERT_TOKEN, values: [token] }, ...steps.flatMap(guarded)].map(bound)
    const committed = settled(
      () => d1.batch(batch).then(() => 'committed'),
      () => hasToken(token),
      isD1Conflict,
    ).catch((thrown: unknown) => {
      throw d1Error(thrown)
    })
    outlive(committed.catch(() => undefined))
    return committed
  }

  const atomic = async (steps: readonly Step[]): Promise<Committed> =>
    steps.length === 0 ? 'committed' : write(newToken(), steps)

  return {
    prepare(sql) {
      statements.add(sql)
    },
    knows: (sql) => statements.has(sql),
    first: async (sql, values) => (await read(sql, values))[0],
    all: read,
    atomic,
    write,
    hasToken,
    mostValues: MOST_VALUES,
    snapshot: async () => unsteadyView({ all: read }),
    // Its files are not ours: what is deleted is gone from the database, and stays in Time Travel for its days.
    compact: async () => undefined,
    erase: atomic,
    close: async () => undefined,
  }
}
