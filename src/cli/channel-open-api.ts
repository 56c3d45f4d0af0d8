import type { Command } from 'commander'
import { setOpenApi } from '../authority/outgoing/credentials.ts'
import { proveCredentials } from '../authority/outgoing/proof.ts'
import { refusalOutcome } from './errors.ts'
import { readLines } from './files.ts'
import { done, type Outcome } from './output.ts'
import { command, type Program, withAuthority } from './program.ts'
import type { Shell } from './shell.ts'

/** `licet channel set-open-api`: where the marketplace of a channel is called, and as whom. */
export function addOpenApiCommand(channel: Command, { shell, runs }: Program): void {
  command(
    channel,
    'set-open-api <name>',
    "Set the credentials that the marketplace's open APIs are called with",
    'channel set-open-api huawei --credentials-file ak-sk.txt',
    'channel set-open-api huawei --credentials-file ak-sk.txt --site intl',
  )
    .requiredOption(
      '--credentials-file <file>',
      'its first line is the access key id (AK), its second the secret key (SK); never arguments',
    )
    .option('--site <site>', 'cn, intl, eu, or the https address of another one', 'cn')
    .action(runs((name: string, given: Given) => set(shell, name, given)))
}

interface Given {
  readonly credentialsFile: string
  readonly site: string
}

async function set(shell: Shell, name: string, { credentialsFile, site }: Given): Promise<Outcome> {
  const [accessKeyId = '', secret = '', ...rest] = await readLines(shell, credentialsFile)
  // A file of another form is refused as a pair that cannot be one.
  const pair = rest.length === 0 ? { accessKeyId, secret } : { accessKeyId: '', secret: '' }
  return withAuthority(shell, async (authority) => {
    const changed = await setOpenApi(authority, name, { ...pair, site })
    if (!changed.ok) return refusalOutcome(changed.no)
    await proveCredentials(authority, name)
    return done(
      { name, site },
      `set: channel ${name} calls its marketplace at site ${site}\nA running server proves them now; "licet doctor" says in a minute whether they are refused.`,
    )
  })
}
