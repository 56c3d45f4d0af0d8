import { AsyncLocalStorage } from 'node:async_hooks'
import type { Authority } from '../authority/authority.ts'
import { createConfiguration } from '../authority/configuration.ts'
import type { Log } from '../authority/host.ts'
import type { Store } from '../authority/ports.ts'
import { legacyCrypto } from '../crypto/legacy.ts'
import { webCrypto } from '../crypto/web.ts'
import { createApp } from '../http/app.ts'
import { CALLBACK_DEADLINE } from '../http/deadline.ts'
import { createOperatorDoor, type OperatorDoor } from '../http/operator.ts'
import { marketplaces } from '../marketplace/registry.ts'
import { type D1Binding, openD1 } from '../store/d1/open.ts'
import { BUILT_AT } from './built-at.ts'
import { sealingUnderBoth } from './sealing.ts'
import { ACTIVATION_PATIENCE, createTransport } from './transport.ts'
import {
  logLevelOf,
  publicUrlOf,
  readWorkerConfig,
  textOf,
  type WorkerConfig,
  type WorkerConfigRead,
  type WorkerVariables,
} from './worker-config.ts'
import { consoleLog, noTurns, retiredByVariable, workerAmbient } from './worker-host.ts'

/** What `wrangler.toml` binds, beside variables and secrets. */
export type WorkerEnv = WorkerVariables & { readonly DB: D1Binding }

/** As much of a request's context as is used. */
export interface Context {
  /** Lets work go on after the answer. */
  waitUntil(work: Promise<unknown>): void
}

/** The context of the request that the running code belongs to. */
export const contexts = new AsyncLocalStorage<Context>()

/** What an isolate keeps from its first request to its last: code, keys, and what it last read. Nothing pending. */
export interface WorkerInstance {
  readonly log: Log
  /** null while no operator token is set: then there is no such address. */
  readonly door: OperatorDoor | null
  readonly serving: Serving | Faults
}

export interface Serving {
  readonly authority: Authority
  readonly config: WorkerConfig
  readonly fetch: (request: Request) => Promise<Response>
}

/** A Worker whose configuration is wrong answers 503 until it is right; the operator's door stands open for `init`. */
export interface Faults {
  readonly faults: readonly string[]
}

export function openWorker(env: WorkerEnv): WorkerInstance {
  const log = consoleLog(logLevelOf(env), workerAmbient)
  const outlive = (work: Promise<unknown>) => contexts.getStore()?.waitUntil(work)
  const { store, statements } = openD1(env.DB, { ambient: workerAmbient, outlive })
  const token = textOf(env, 'LICET_OPERATOR_TOKEN')
  const surroundings = { ambient: workerAmbient, log, crypto: webCrypto, publicUrl: publicUrlOf(env) }
  return {
    log,
    door: token === null ? null : createOperatorDoor(surroundings, statements, token),
    serving: servingOf(readWorkerConfig(env), store, log),
  }
}

function servingOf(read: WorkerConfigRead, store: Store, log: Log): Serving | Faults {
  if (!read.ok) return read
  const { config } = read
  const sealing = sealingUnderBoth(config.masterKeys, workerAmbient)
  const retiredKeys = retiredByVariable(config.retiredKeys)
  const authority: Authority = {
    store,
    crypto: webCrypto,
    sealing,
    retiredKeys,
    ambient: workerAmbient,
    log,
    turns: noTurns,
    configuration: createConfiguration(store, webCrypto, sealing, retiredKeys),
    marketplaces: marketplaces(webCrypto, legacyCrypto),
    issuer: config.publicUrl,
  }
  const transport = createTransport({ patience: ACTIVATION_PATIENCE })
  const app = createApp(authority, { callbackDeadline: CALLBACK_DEADLINE, builtAt: BUILT_AT, transport })
  return { authority, config, fetch: async (request) => app.fetch(request) }
}
