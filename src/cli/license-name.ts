import type { Command } from 'commander'
import type { Authority } from '../authority/authority.ts'
import { find, type LicenseName } from '../authority/operate.ts'
import type { License } from '../domain/license.ts'
import { word } from './options.ts'
import { type Outcome, refused } from './output.ts'
import { Unreadable } from './shell.ts'

/** How support names a license on the command line (contract 4). */
export interface Naming {
  readonly channel?: string
  readonly instance?: string
}

/** The id or the two options that name a license. */
export const named = (command: Command): Command =>
  command
    .argument('[id]', 'the id of the license')
    .option('--channel <name>', 'in place of the id: the channel that sold it', word)
    .option('--instance <id>', "with --channel: the marketplace's instance id", word)

/** Throws `Unreadable` unless the license is named in exactly one of the two ways. */
export function nameOf(id: string | undefined, { channel, instance }: Naming): LicenseName {
  if (id !== undefined && channel === undefined && instance === undefined) return { id }
  if (id === undefined && channel !== undefined && instance !== undefined) return { channel, instance }
  throw new Unreadable('Name the license by its id, or by --channel and --instance together.')
}

/** Finds a license and goes on with it, or says that there is none of this name. */
export async function withLicense(
  authority: Authority,
  name: LicenseName,
  work: (license: License) => Promise<Outcome>,
): Promise<Outcome> {
  const license = await find(authority, name)
  return license === null ? unknownLicense(name) : work(license)
}

const ID = /^[0-9a-f]{16}$/

/** What customers read to support is mostly the marketplace's name for it, and no id. */
export function unknownLicense(name: LicenseName): Outcome {
  const called =
    'id' in name ? `"${name.id}"` : `for instance "${name.instance}" of channel "${name.channel}"`
  const hint =
    'id' in name && !ID.test(name.id)
      ? "; a marketplace's code or instance is named by --channel and --instance."
      : '; "licet license list" shows those there are.'
  return refused(1, 'license_unknown', `There is no license ${called}${hint}`)
}
