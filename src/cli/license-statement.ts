import type { Command } from 'commander'
import { stateLicense } from '../authority/statement.ts'
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

/** `licet license statement`: the signed account of a license for a machine that cannot ask for it (contract 1.4). */
export function addStatementCommand(license: Command, { shell, runs }: Program): void {
  const statement = command(
    license,
    'statement',
    'Sign what a license is now, for a machine without a network; changes nothing',
    'license statement 1ef6fc706daff69a --for 90',
    'license statement 1ef6fc706daff69a --until 2027-06-30 --fingerprint "$(cat device.txt)" --out statement.jwt',
  )
  statementOptions(named(statement))
    .option('--out <file>', 'write it to a new file', word)
    .action(runs((id: string | undefined, given: Given) => state(shell, id, given)))
}

interface Given extends Naming, StatementGiven {
  readonly out?: string
}

async function state(shell: Shell, id: string | undefined, given: Given): Promise<Outcome> {
  const name = nameOf(id, given)
  if (given.for === undefined && given.until === undefined)
    throw new Unreadable('Say how long it is to permit: either --for DAYS or --until TIME.')
  // One moment for both: a second that passes in between would be a second more than was asked for.
  const now = shell.now()
  const wish = wishOf(given, shell.crypto, now)
  return withAuthority(shell, (authority, snapshot) =>
    withLicense(authority, name, async (license) => {
      const foreign = otherDevice(shell.crypto, license, wish.fingerprint)
      if (foreign !== null) return foreign
      const stated = await stateLicense(authority, snapshot, license, wish, now)
      if (!stated.ok) return noFileOutcome(stated.no)
      const { out } = given
      if (out !== undefined) await shell.write(out, `${stated.value.text}\n`, 'public')
      const certificates = snapshot.keyring.certificatesOf(stated.value.kid)
      const json = {
        id: license.id,
        ...statementDocument(stated.value),
        certificates,
        ...(out !== undefined && { out }),
      }
      const said = statementText(stated.value)
      if (out !== undefined) return { type: 'answer', exit: 0, json, text: `${said}\nwritten to ${out}` }
      return { type: 'answer', exit: 0, json, text: stated.value.text, note: said }
    }),
  )
}
