import type { Ambient } from '../../authority/host.ts'
import type { Store } from '../../authority/ports.ts'
import type { Seconds } from '../../domain/time.ts'
import { sqliteCompiler } from '../sqlite-compiler.ts'
import { createStore } from '../store.ts'
import { type D1Binding, d1Engine, type TokenEngine } from './engine.ts'
import { d1Error } from './errors.ts'
import { newToken, oldestToken, SWEEP_TOKENS } from './write-tokens.ts'

export type { D1Binding } from './engine.ts'

export interface D1Surroundings {
  readonly ambient: Pick<Ambient, 'now' | 'random'>
  /** Lets work go on that began in a request whose answer has left. */
  readonly outlive: (work: Promise<unknown>) => void
}

export interface D1Store {
  readonly store: Store
  /** What the store runs on, for the commands that reach it over the network. */
  readonly statements: Pick<TokenEngine, 'knows' | 'all' | 'write' | 'hasToken'>
}

/**
 * The store on a D1 binding, for as long as the isolate lives: nothing of one request is kept for another. Nothing is
 * asked of the database yet; the first use of it throws `StoreError` when its tables are missing or of another version.
 */
export function openD1(d1: D1Binding, { ambient, outlive }: D1Surroundings): D1Store {
  const engine = d1Engine(d1, { newToken: () => newToken(ambient), outlive })
  const store = createStore(engine, sqliteCompiler())
  const knows = (sql: string) => engine.knows(sql) || isOfMove(store, engine, sql)
  return { store, statements: { ...engine, knows } }
}

/** The statements of export and import are many and seldom needed: compiled when one is asked that is none of the others. */
function isOfMove(store: Store, engine: TokenEngine, sql: string): boolean {
  store.moving()
  return engine.knows(sql)
}

/** Forgets the oldest tokens of writes that nobody asks for any more; of very many the others remain for the next time. */
export async function sweepTokens(d1: D1Binding, now: Seconds): Promise<void> {
  try {
    await d1.prepare(SWEEP_TOKENS).bind(oldestToken(now)).all()
  } catch (thrown) {
    throw d1Error(thrown)
  }
}
