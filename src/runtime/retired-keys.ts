import { existsSync, readFileSync } from 'node:fs'
import type { RetiredKeys } from '../authority/retired-keys.ts'
import { CannotStart } from './cannot-start.ts'
import type { Config } from './config.ts'
import { appendLine, PRIVATE } from './disk.ts'
import { filesOf } from './files.ts'

/** A key that was added; with a dash, one that was withdrawn after that. */
const ENTRY = /^-?[0-9a-f]{8}$/

/** A power cut leaves the beginning of a line, of a change that was never reported to be done. */
const TORN = /^-?[0-9a-f]{0,7}$/

/**
 * The record as a file beside the master key, one kid a line, and only ever longer: another process may
 * add to it at the same time, so it is read anew every time. A line that is neither whole nor torn is refused with `CannotStart`: a record that cannot be read
 * protects nothing.
 */
export function retiredKeysOf(config: Pick<Config, 'data'>): RetiredKeys {
  const file = filesOf(config).retiredKeys
  const all = () => kidsIn(file)
  return {
    all,
    add(kid) {
      if (!all().has(kid)) appendLine(file, kid, PRIVATE)
    },
    withdraw(kid) {
      if (all().has(kid)) appendLine(file, `-${kid}`, PRIVATE)
    },
  }
}

function kidsIn(file: string): ReadonlySet<string> {
  if (!existsSync(file)) return new Set()
  const lines = readFileSync(file, 'utf8').split('\n')
  const foreign = lines.findIndex((line) => !ENTRY.test(line) && !TORN.test(line))
  if (foreign >= 0)
    throw new CannotStart(
      `${file} is damaged in line ${foreign + 1}: it holds one key id a line. Mend that line, or bring the file back.`,
    )
  const kids = new Set<string>()
  for (const line of lines.filter((one) => ENTRY.test(one))) {
    if (line.startsWith('-')) kids.delete(line.slice(1))
    else kids.add(line)
  }
  return kids
}
