import type { AddressInfo } from 'node:net'
import type { Authority } from '../authority/authority.ts'
import { sweep } from '../authority/sweep.ts'
import { createApp } from '../http/app.ts'
import { CALLBACK_DEADLINE } from '../http/deadline.ts'
import { sendAlerts } from './alerts.ts'
import type { Config } from './config.ts'
import { closed, listening } from './listen.ts'
import { repeat } from './repeat.ts'
import { BUILT_AT } from './version.ts'

/** Milliseconds between two rounds of the scheduler and of the alerts. */
const SWEEP_EVERY = 5_000
const ALERTS_EVERY = 1_000

export interface Serving {
  readonly port: number
  /** Takes no new call, lets those under way end, then resolves. */
  stop(): Promise<void>
}

/** Serves HTTP and runs the scheduler. Rejects with `CannotStart` when the address cannot be used. */
export async function startServing(authority: Authority, config: Config): Promise<Serving> {
  const app = createApp(authority, { callbackDeadline: CALLBACK_DEADLINE, builtAt: BUILT_AT })
  const server = await listening(app.fetch, authority.ambient, config)
  const failed = (task: string) => (thrown: unknown) =>
    authority.log.error('task_failed', { task, error: thrown instanceof Error ? thrown.message : 'unknown' })
  const tasks = [
    repeat(SWEEP_EVERY, () => sweep(authority), failed('sweep')),
    repeat(ALERTS_EVERY, () => sendAlerts(authority, config.alertUrl), failed('alerts')),
  ]
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      await Promise.all([closed(server), ...tasks.map((task) => task.stop())])
    },
  }
}
