import type { Authority } from '../authority/authority.ts'
import type { Log } from '../authority/host.ts'
import { SCHEMA_VERSION } from '../store/schema.ts'
import { issuerOf, localAddress } from './address.ts'
import { ambient } from './ambient.ts'
import type { Config } from './config.ts'
import { type Instance, openInstance } from './instance.ts'
import { createLog } from './log.ts'
import { engineOf } from './open-store.ts'
import { type Serving, startServing } from './serve.ts'
import { stopSignals } from './stop-signals.ts'
import { VERSION } from './version.ts'

/**
 * Milliseconds from the signal to the end, whatever hangs: less than the ten that a container is given before it is
 * killed.
 */
export const STOP_LIMIT = 8_000

/** Milliseconds that what was left behind, such as a webhook that does not answer, may keep the process. */
const LEFT_BEHIND = 500

/**
 * `licet serve`: serves until SIGTERM or SIGINT, then lets calls under way end. Answers with the exit code: 3 when
 * calls had to be cut off. A second signal, or an end that does not come, ends the process at once with 3.
 */
export async function runServer(config: Config, tell: (text: string) => void): Promise<number> {
  const { log, flush } = createLog(config.logLevel)
  const signals = stopSignals(process, ambient.nowMs)
  const endNow = (why: string): void => {
    log.error('stopped_hard', { why })
    flush()
    process.exit(3)
  }
  const instance = await openInstance(config, ambient, log)
  let limit: ReturnType<typeof setTimeout> | undefined
  try {
    const serving = await serveFrom(instance, config, log, tell)
    await signals.first
    log.info('stopping')
    limit = setTimeout(endNow, STOP_LIMIT, 'deadline')
    void signals.second.then(() => endNow('second_signal'))
    const cut = await serving.stop()
    if (cut > 0) log.error('stopped_hard', { why: 'calls_cut_off', calls: cut })
    return cut === 0 ? 0 : 3
  } finally {
    await instance.close()
    clearTimeout(limit)
    log.info('stopped')
    flush()
    setTimeout(() => process.exit(), LEFT_BEHIND).unref()
  }
}

async function serveFrom(
  instance: Instance,
  config: Config,
  log: Log,
  tell: (text: string) => void,
): Promise<Serving> {
  let { port } = config
  // A port of 0 is known only once it listens, and no call is read before this function goes on.
  const authority = {
    ...instance.authority,
    get issuer() {
      return issuerOf({ ...config, port })
    },
  }
  const serving = await startServing(authority, config)
  port = serving.port
  log.info('serving', { version: VERSION, engine: engineOf(config), schema: SCHEMA_VERSION, port })
  tell(await greeting(authority, localAddress({ ...config, port })))
  return serving
}

/** Where it serves, and the next step of a newcomer. */
async function greeting(authority: Authority, address: string): Promise<string> {
  const { channels, catalog, keyring } = await authority.configuration.current(ambient.now())
  const next = [
    channels.size === 0 &&
      'add a channel:   npx licet channel add huawei --kind huawei --access-key-file FILE',
    catalog.products.length === 0 && 'apply a catalog: npx licet catalog apply FILE',
    'see it work:     npx licet demo',
  ].filter((line) => line !== false)
  const addresses = [...channels.keys()].map(
    (name) => `  production address of ${name}: ${authority.issuer}/callbacks/${name}\n`,
  )
  const warning = keyring.developmentRoot
    ? 'Warning: this instance signs under a development root, whose private key lies on the machine that made it.\n'
    : ''
  return `Licet ${VERSION} serves on ${address}\n${addresses.join('')}${warning}What to do next:\n${next.map((line) => `  ${line}\n`).join('')}`
}
