import { readFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { buffer } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import type { Moves } from '../cli/moves.ts'
import { type Shell, Unreadable } from '../cli/shell.ts'
import { nodeCrypto } from '../crypto/node.ts'
import { createPassphraseSealing } from '../crypto/passphrase.ts'
import { ambient } from './ambient.ts'
import { askSecret } from './ask-secret.ts'
import { BUILT_AT } from './built-at.ts'
import { type Config, type ConfigRead, isOperatorToken } from './config.ts'
import { pinnedManifests } from './manifests.ts'
import { isWorkerUrl, withItsPublicUrl } from './open-store.ts'
import { mustBeFree, writeNew, writeNewDirectory } from './out-files.ts'
import { VERSION } from './version.ts'

/**
 * The command line's shell on this machine. What a command does not need is not loaded for it; a faulty
 * configuration is thrown as `Unreadable` by what needs one.
 */
export function nodeShell(read: ConfigRead): Shell {
  const out = (text: string) => void process.stdout.write(text)
  const err = (text: string) => void process.stderr.write(text)
  let [worker, configuration]: [string | null, ConfigRead] = [null, read]
  const config = () => configOf(configuration)
  return {
    out,
    err,
    now: ambient.now,
    get isPublic() {
      return configuration.ok && configuration.config.publicUrl !== null
    },
    version: VERSION,
    builtAt: BUILT_AT,
    crypto: nodeCrypto,
    read: readBytes,
    write: async (path, text, audience) => writeNew(path, text, audience),
    writeDirectory: async (path, files) => writeNewDirectory(path, files),
    mustBeFree: async (path) => mustBeFree(path),
    askSecret: (question) => askAtTerminal(question, err),
    user: userName(),
    passphrases: createPassphraseSealing(ambient.random),
    reach(url, token) {
      configuration = { ok: true, config: reachedAt(configOf(read), url, token) }
      worker = url
    },
    get reached() {
      return worker
    },
    open: async () =>
      (await import('./instance.ts')).openForCommand(await withItsPublicUrl(config()), ambient),
    pinnedManifests: async () => pinnedManifests(config()),
    init: async (manifests) =>
      (await import('./init.ts')).init(await withItsPublicUrl(config()), ambient, manifests),
    async reseal(order) {
      if (worker !== null && config().masterKey === null) throw new Unreadable(WORKER_FIRST)
      return (await import('./reseal.ts')).reseal(config(), ambient, order)
    },
    moves: movesOf(config),
    migrating: {
      plan: async () => (await import('./migrate.ts')).migrating(config()).plan(),
      apply: async (told) => (await import('./migrate.ts')).migrating(config()).apply(told),
    },
    checking: async (kind) => (await import('./checking.ts')).checkingOf(kind),
    async simulate(order) {
      const streams = { out, err, input: process.stdin, nowMs: ambient.nowMs }
      return (await import('./desk/simulate.ts')).simulate(order, streams)
    },
    isTerminal: process.stderr.isTTY === true,
    pause: (seconds) => setTimeout(seconds * 1000),
    serve: async () => (await import('./run-server.ts')).runServer(config(), err),
    demo: async (json) => (await import('./demo.ts')).demo(json, out),
  }
}

const WORKER_FIRST =
  'The Worker needs the new master key before anything is sealed under it: give it both, "NEW,OLD", with ' +
  '"npx wrangler secret put LICET_MASTER_KEY", then run this with LICET_MASTER_KEY=NEW,OLD.'

/** What is signed says the address that the world knows. A Worker that has none, or is of an older Licet, does not tell: then this one. */
function reachedAt(config: Config, url: string, token: string | null): Config {
  if (!isWorkerUrl(url))
    throw new Unreadable('--remote must be the https URL of a Worker; http only for one on this machine.')
  if (token !== null && !isOperatorToken(token))
    throw new Unreadable('The file of --operator-token-file does not begin with a token.')
  const address = url.replace(/\/+$/, '')
  return {
    ...config,
    database: address,
    publicUrl: config.publicUrl ?? address,
    operatorToken: token ?? config.operatorToken,
  }
}

/** Loaded by who needs them. */
const movesOf = (config: () => Config): Moves => ({
  exportTo: async (...given) => (await import('./export.ts')).exportTo(config(), ambient)(...given),
  importFrom: async (...given) => (await import('./import.ts')).importFrom(config(), ambient)(...given),
  restoreFrom: async (...given) => (await import('./restore.ts')).restoreFrom(config(), ambient)(...given),
  restoreInPlace: async (...given) =>
    (await import('./restore.ts')).restoreInPlace(config(), ambient)(...given),
})

function configOf(read: ConfigRead): Config {
  if (read.ok) return read.config
  throw new Unreadable(`The configuration is wrong:${read.faults.map((fault) => `\n  ${fault}`).join('')}`)
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return path === '-' ? await buffer(process.stdin) : await readFile(path)
  } catch (thrown) {
    const { code, message } = thrown as NodeJS.ErrnoException
    throw new Unreadable(
      `${path} cannot be read: ${code === 'ENOENT' ? 'there is no such file' : (code ?? message)}.`,
    )
  }
}

async function askAtTerminal(question: string, err: (text: string) => void): Promise<string | null> {
  const answer = await askSecret(process.stdin, err, question)
  // There Control-C was a byte like any other; it ends the program as it does everywhere else.
  return answer === 'interrupted' ? process.exit(130) : answer
}

/** Nobody, where the system has no name for who runs this. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return 'unknown'
  }
}
