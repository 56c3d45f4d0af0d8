import type { Committed } from '../../authority/ports.ts'
import type { Engine, SqlValue, Step } from '../engine.ts'
import { MOST_VALUES } from './engine.ts'
import { type RemoteLineOptions, remoteLine } from './remote-line.ts'
import { unsteadyView } from './unsteady-view.ts'
import { settled } from './write-tokens.ts'

export interface RemoteOptions extends RemoteLineOptions {
  /** A token that no other write has. */
  readonly newToken: () => string
}

/** The database of a Worker, reached through its operator's door. The Worker knows the statements and guards them. */
export function remoteEngine({ newToken, ...line }: RemoteOptions): Engine {
  const { asked } = remoteLine(line)

  const rows = async (sql: string, values: readonly SqlValue[]): Promise<readonly unknown[]> =>
    (await asked({ ask: 'rows', sql, values })).rows

  async function atomic(steps: readonly Step[]): Promise<Committed> {
    if (steps.length === 0) return 'committed'
    const name = newToken()
    return settled(
      async () => (await asked({ ask: 'write', token: name, steps })).outcome,
      async () => (await asked({ ask: 'landed', token: name })).landed,
      // A conflict is an answer there, and no failure.
      () => false,
    )
  }

  return {
    prepare: () => undefined,
    first: async (sql, values) => (await rows(sql, values))[0],
    all: rows,
    atomic,
    mostValues: MOST_VALUES,
    snapshot: async () => unsteadyView({ all: rows }),
    compact: async () => undefined,
    erase: atomic,
    close: async () => undefined,
  }
}
