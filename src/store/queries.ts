import type { CompiledQuery, Kysely } from 'kysely'
import type { Engine, SqlValue, Step, View } from './engine.ts'
import type { Database } from './schema.ts'

/** Stands in a query for an argument that each run brings; typed as the argument itself. */
export type Given<A extends Args<A>> = <K extends keyof A & string>(name: K) => A[K]

type Args<A> = { readonly [K in keyof A]: SqlValue }

interface Compilable<R> {
  compile(): CompiledQuery<R>
}

export interface Read<A, R> {
  first(args: A): Promise<R | undefined>
  all(args: A): Promise<readonly R[]>
  /** As `all`, of the moment of a view. */
  allIn(view: View, args: A): Promise<readonly R[]>
  /** For a batch that only holds while this read finds nothing. */
  findsNothing(args: A): Step
}

export type Write<A> = (args: A, expect?: Step['expect']) => Step

/**
 * Statements are written and typed with Kysely, compiled once and prepared once, when the store is opened; a
 * request only binds. Kysely would compile and prepare for every request, at five times the cost.
 */
export interface Queries {
  read<A extends Args<A>, R>(build: (db: Kysely<Database>, given: Given<A>) => Compilable<R>): Read<A, R>
  write<A extends Args<A>>(build: (db: Kysely<Database>, given: Given<A>) => Compilable<unknown>): Write<A>
}

/** `db` compiles for the engine's dialect and is never connected. */
export function createQueries(engine: Engine, db: Kysely<Database>): Queries {
  return {
    read(build) {
      const { sql, bind } = prepare(engine, build(db, marker))
      return {
        first: (args) => engine.first(sql, bind(args)) as Promise<never>,
        all: (args) => engine.all(sql, bind(args)) as Promise<never>,
        allIn: (view, args) => view.all(sql, bind(args)) as Promise<never>,
        findsNothing: (args) => ({ sql, values: bind(args), expect: 'none' }),
      }
    },
    write(build) {
      const { sql, bind } = prepare(engine, build(db, marker))
      return (args, expect) => ({ sql, values: bind(args), ...(expect && { expect }) })
    },
  }
}

/** Every column of a row as an argument, for an insert or an update of all of them. */
export function columns<A extends Args<A>, K extends keyof A & string>(
  given: Given<A>,
  names: readonly K[],
): Pick<A, K> {
  return Object.fromEntries(names.map((name) => [name, given(name)])) as Pick<A, K>
}

/** Travels through Kysely as a value and comes out again in `parameters`, in the order of the placeholders. */
interface Marker {
  readonly argument: string
}

const marker = (name: string) => ({ argument: name }) satisfies Marker as never

function prepare(engine: Engine, query: Compilable<unknown>) {
  const { sql, parameters } = query.compile()
  engine.prepare(sql)
  const names = parameters.map((parameter) => (isMarker(parameter) ? parameter.argument : null))
  return {
    sql,
    bind(args: object): SqlValue[] {
      const given = args as Readonly<Record<string, SqlValue>>
      const values = new Array<SqlValue>(names.length)
      for (let i = 0; i < names.length; i++) {
        const name = names[i]!
        values[i] = name === null ? (parameters[i] as SqlValue) : given[name]!
      }
      return values
    },
  }
}

function isMarker(parameter: unknown): parameter is Marker {
  return typeof parameter === 'object' && parameter !== null
}
