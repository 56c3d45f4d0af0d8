import type { Command } from 'commander'
import { makeLicenseFile } from '../authority/license-file.ts'
import { type Naming, named, nameOf, withLicense } from './license-name.ts'
import { word } from './options.ts'
import type { Outcome } from './output.ts'
import { command, type Program, withAuthority } from './program.ts'
import { type Shell, Unreadable } from './shell.ts'
import {
  noFileOutcome,
  otherDevice,
  type StatementGiven,
  statementDocument,
  statementOptions,
  statementText,
  wishOf,
} from './statement-life.ts'

/** `licet license file`: a license file (`.lic`), which software without a network judges by itself. */
export function addFileCommand(license: Command, { shell, runs }: Program): void {
  const file = command(
    license,
    'file',
    'Make a license file: the license text, the root manifests, and on request a statement and the revocation list',
    'license file 1ef6fc706daff69a --out customer.lic',
    'license file 1ef6fc706daff69a --statement --for 90 --list --out customer.lic',
  )
  named(file)
    .option('--statement', 'with a statement; without --for or --until, as long as one of validation')
    .option('--list', 'with the newest revocation list of the product')
  statementOptions(file)
    .option('--out <file>', 'write it to a new file', word)
    .action(runs((id: string | undefined, given: Given) => make(shell, id, given)))
}

interface Given extends Naming, StatementGiven {
  readonly statement?: boolean
  readonly list?: boolean
  readonly out?: string
}

async function make(shell: Shell, id: string | undefined, given: Given): Promise<Outcome> {
  const name = nameOf(id, given)
  const { statement = false, list = false, out } = given
  if (!statement && [given.for, given.until, given.fingerprint].some((one) => one !== undefined))
    throw new Unreadable('--for, --until and --fingerprint speak of a statement; give --statement too.')
  // One moment for both: a second that passes in between would be a second more than was asked for.
  const now = shell.now()
  const wish = { statement: statement ? wishOf(given, shell.crypto, now) : null, list }
  return withAuthority(shell, (authority, snapshot) =>
    withLicense(authority, name, async (license) => {
      const foreign = otherDevice(shell.crypto, license, wish.statement?.fingerprint ?? null)
      if (foreign !== null) return foreign
      const made = await makeLicenseFile(authority, snapshot, license, wish, now)
      if (!made.ok) return noFileOutcome(made.no)
      const { text, statement, list } = made.value
      // Whoever holds a code that is not bound can use it.
      if (out !== undefined) await shell.write(out, text, 'private')
      const json = {
        id: license.id,
        file: text,
        ...(statement && statementDocument(statement)),
        ...(list && { listNumber: list.number }),
        ...(out !== undefined && { out }),
      }
      const said = [
        `license file: license ${license.id}`,
        ...(statement ? [statementText(statement)] : []),
        ...(list ? [`revocation list: number ${list.number}`] : []),
      ].join('\n')
      if (out !== undefined) return { type: 'answer', exit: 0, json, text: `${said}\nwritten to ${out}` }
      return { type: 'answer', exit: 0, json, text: text.trimEnd(), note: said }
    }),
  )
}
