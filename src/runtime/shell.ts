import { readFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { type Shell, Unreadable } from '../cli/shell.ts'
import { nodeCrypto } from '../crypto/node.ts'
import { ambient } from './ambient.ts'
import type { Config } from './config.ts'
import { demo } from './demo.ts'
import { init, pinnedManifests } from './init.ts'
import { openInstance } from './instance.ts'
import { createLog } from './log.ts'
import { runServer } from './run-server.ts'
import { VERSION } from './version.ts'

/** The command line's shell on this machine. */
export function nodeShell(config: Config): Shell {
  const out = (text: string) => void process.stdout.write(text)
  const err = (text: string) => void process.stderr.write(text)
  return {
    out,
    err,
    now: ambient.now,
    version: VERSION,
    crypto: nodeCrypto,
    read: readBytes,
    // A command tells its person what happened by itself; only warnings and errors of the inside are added.
    open: () => openInstance(config, ambient, createLog('warn').log),
    pinnedManifests: async () => pinnedManifests(config),
    init: (manifests) => init(config, ambient, manifests),
    serve: () => runServer(config, err),
    demo: (json) => demo(json, out),
  }
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
