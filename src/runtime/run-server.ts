import type { Authority } from '../authority/authority.ts'
import { issuerOf, localAddress } from './address.ts'
import { ambient } from './ambient.ts'
import type { Config } from './config.ts'
import { openInstance } from './instance.ts'
import { createLog } from './log.ts'
import { startServing } from './serve.ts'
import { VERSION } from './version.ts'

/** `licet serve`: serves until SIGTERM or SIGINT, then lets calls under way end. Answers with the exit code. */
export async function runServer(config: Config, tell: (text: string) => void): Promise<number> {
  const { log, flush } = createLog(config.logLevel)
  const instance = await openInstance(config, ambient, log)
  try {
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
    log.info('serving', { version: VERSION, port })
    tell(await greeting(authority, localAddress({ ...config, port })))
    await stopSignal()
    log.info('stopping')
    await serving.stop()
    return 0
  } finally {
    await instance.close()
    flush()
  }
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
    ? 'Warning: this instance signs under a development root, whose private key lies on this machine.\n'
    : ''
  return `Licet ${VERSION} serves on ${address}\n${addresses.join('')}${warning}What to do next:\n${next.map((line) => `  ${line}\n`).join('')}`
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGTERM', () => resolve())
    process.once('SIGINT', () => resolve())
  })
}
