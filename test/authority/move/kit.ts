import { exportAll } from '../../../src/authority/move/export.ts'
import { type ImportHost, type ImportSource, importAll } from '../../../src/authority/move/import.ts'
import type { Store } from '../../../src/authority/ports.ts'
import { runningSha256 } from '../../../src/crypto/running-hash.ts'

export const CHECK = 'the check of our master key'
const FACTS = { program: '1.2.3', madeAt: 1_795_262_400, masterKeyCheck: CHECK, developmentRoot: null }

const nothing = () => undefined

export async function exported(store: Store): Promise<string> {
  const pieces: Uint8Array[] = []
  const made = await exportAll(store.moving(), FACTS, {
    hash: runningSha256(),
    write: async (bytes) => void pieces.push(bytes),
    progress: nothing,
  })
  if (!made.ok) throw new Error(made.no.reason)
  return Buffer.concat(pieces).toString()
}

export const HOST: ImportHost = {
  hash: runningSha256,
  hasMasterKeyOf: (check) => check === CHECK,
  beforeEnd: async () => undefined,
  progress: nothing,
}

/** In pieces of odd sizes, so that lines and characters are torn. */
export function sourceOf(file: string | Uint8Array, isRepeatable = true): ImportSource {
  const bytes = Buffer.from(file)
  return {
    isRepeatable,
    async *pieces() {
      for (let at = 0; at < bytes.length; at += 997) yield bytes.subarray(at, at + 997)
    },
  }
}

export const imported = (store: Store, file: string | Uint8Array, isRepeatable = true) =>
  importAll(store.moving(), sourceOf(file, isRepeatable), HOST, null)

/** With the digest and the counts that the lines have now: what an attacker, or a bug, could write. */
export function sealedAgain(lines: readonly string[]): string {
  const hash = runningSha256()
  const body = lines.slice(0, -1).map((line) => `${line}\n`)
  for (const line of body) hash.update(Buffer.from(line))
  const trailer = JSON.parse(lines.at(-1)!)
  const counts = Object.fromEntries(Object.keys(trailer.rows).map((table) => [table, 0]))
  for (const line of body.slice(1)) {
    const { table } = JSON.parse(line)
    if (table in counts) counts[table] = counts[table]! + 1
  }
  return `${body.join('')}${JSON.stringify({ ...trailer, rows: counts, sha256: hash.digest() })}\n`
}

/** The lines without their line feeds. */
export const linesOf = (file: string): string[] => file.trimEnd().split('\n')
