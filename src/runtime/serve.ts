import { setTimeout } from 'node:timers/promises'
import type { Authority } from '../authority/authority.ts'
import { createApp } from '../http/app.ts'
import { CALLBACK_DEADLINE } from '../http/deadline.ts'
import { BUILT_AT } from './built-at.ts'
import { clientsBehind } from './client-address.ts'
import type { Config } from './config.ts'
import { listening } from './listen.ts'
import { startRounds } from './rounds.ts'
import { ACTIVATION_PATIENCE, createTransport } from './transport.ts'

export interface Serving {
  readonly port: number
  /**
   * Takes no new call, lets those under way end, then resolves; with how many calls were cut off, since they did not
   * end in time. A round of the scheduler that does not end either is left behind: every write of it is whole or not
   * there, and the next process goes on.
   */
  stop(): Promise<number>
}

/** Milliseconds a round of the scheduler gets to end. */
const ROUND = 5_000

/** Serves HTTP and runs the scheduler. Rejects with `CannotStart` when the address cannot be used. */
export async function startServing(authority: Authority, config: Config): Promise<Serving> {
  const stopping = new AbortController()
  const app = createApp(authority, {
    callbackDeadline: CALLBACK_DEADLINE,
    builtAt: BUILT_AT,
    transport: createTransport({ patience: ACTIVATION_PATIENCE, stopping: stopping.signal }),
    clientOf: clientsBehind(config.trustProxy),
  })
  const server = await listening(app.fetch, authority.ambient, config)
  const rounds = startRounds(authority, config.alertUrl)
  return {
    port: server.port,
    async stop() {
      // An activation that waits for the marketplace may wait for longer than calls under way are given.
      stopping.abort()
      const roundsEnded = Promise.race([rounds.stop(), setTimeout(ROUND, undefined, { ref: false })])
      const [cut] = await Promise.all([server.stop(), roundsEnded])
      return cut
    },
  }
}
