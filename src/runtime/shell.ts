import { readFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { buffer } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { type Shell, Unreadable } from '../cli/shell.ts'
import { nodeCrypto } from '../crypto/node.ts'
import { createPassphraseSealing } from '../crypto/passphrase.ts'
import { ambient } from './ambient.ts'
import { askSecret } from './ask-secret.ts'
import type { Config, ConfigRead } from './config.ts'
import { pinnedManifests } from './manifests.ts'
import { mustBeFree, writeNew, writeNewDirectory } from './out-files.ts'
import { VERSION } from './version.ts'

/**
 * The command line's shell on this machine. What a command does not need is not loaded for it; a faulty
 * configuration is thrown as `Unreadable` by what needs one.
 */
export function nodeShell(read: ConfigRead): Shell {
  const out = (text: string) => void process.stdout.write(text)
  const err = (text: string) => void process.stderr.write(text)
  const config = () => configOf(read)
  return {
    out,
    err,
    now: ambient.now,
    isPublic: read.ok && read.config.publicUrl !== null,
    version: VERSION,
    crypto: nodeCrypto,
    read: readBytes,
    write: async (path, text, audience) => writeNew(path, text, audience),
    writeDirectory: async (path, files) => writeNewDirectory(path, files),
    mustBeFree: async (path) => mustBeFree(path),
    askSecret: (question) => askAtTerminal(question, err),
    user: userName(),
    passphrases: createPassphraseSealing(ambient.random),
    open: async () => (await import('./instance.ts')).openForCommand(config(), ambient),
    pinnedManifests: async () => pinnedManifests(config()),
    init: async (manifests) => (await import('./init.ts')).init(config(), ambient, manifests),
    reseal: async (order) => (await import('./reseal.ts')).reseal(config(), ambient, order),
    pause: (seconds) => setTimeout(seconds * 1000),
    serve: async () => (await import('./run-server.ts')).runServer(config(), err),
    demo: async (json) => (await import('./demo.ts')).demo(json, out),
  }
}

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
