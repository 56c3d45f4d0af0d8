import type { Committed } from '../../authority/ports.ts'
import { OPERATOR_PATH, type RemoteAnswers, type RemoteRequest } from '../../authority/remote.ts'
import type { Engine, SqlValue, Step } from '../engine.ts'
import { StoreError } from '../errors.ts'
import { MOST_VALUES } from './engine.ts'
import { remoteError } from './remote-errors.ts'
import { unsteadyView } from './unsteady-view.ts'
import { settled } from './write-tokens.ts'

export interface RemoteOptions {
  /** Of the Worker, without a path of its own. */
  readonly url: string
  /** The operator's token. */
  readonly token: string
  readonly fetch: typeof fetch
  /** A token that no other write has. */
  readonly newToken: () => string
}

type Members = Readonly<Record<string, unknown>>

/** Whether it is what the door says to such a question; not all that answers with 200 is a door. */
const ANSWERS: Readonly<Record<RemoteRequest['ask'], (answer: Members) => boolean>> = {
  rows: ({ rows }) => Array.isArray(rows),
  write: ({ outcome }) => outcome === 'committed' || outcome === 'conflict',
  landed: ({ landed }) => typeof landed === 'boolean',
}

/** Milliseconds; D1 itself gives a statement 30 s. */
const PATIENCE = 35_000

/** The database of a Worker, reached through its operator's door. The Worker knows the statements and guards them. */
export function remoteEngine({ url, token, fetch, newToken }: RemoteOptions): Engine {
  const address = `${url.replace(/\/+$/, '')}${OPERATOR_PATH}`

  async function asked<K extends RemoteRequest['ask']>(
    request: RemoteRequest & { readonly ask: K },
  ): Promise<RemoteAnswers[K]> {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const response = await fetch(address, {
      method: 'POST',
      headers,
      body: JSON.stringify(request),
      // The token is for this address alone.
      redirect: 'error',
      signal: AbortSignal.timeout(PATIENCE),
    }).catch((thrown: unknown) => {
      throw new StoreError('failed', `${url} cannot be reached: ${reasonOf(thrown)}.`, thrown)
    })
    const text = await response.text().catch((thrown: unknown) => {
      throw new StoreError('failed', `The answer of ${url} was cut off.`, thrown)
    })
    const answer = parsed(text)
    if (response.status === 200 && answer !== null && ANSWERS[request.ask](answer))
      return answer as unknown as RemoteAnswers[K]
    throw remoteError(url, response.status, typeof answer?.detail === 'string' ? answer.detail : null)
  }

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

function parsed(text: string): Members | null {
  try {
    return { ...JSON.parse(text) }
  } catch {
    return null
  }
}

/** The code of the system, where there is one. */
function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return 'for an unknown reason'
  const { cause } = thrown
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : null
  return code ?? (thrown.name === 'TimeoutError' ? 'it does not answer' : thrown.message)
}
