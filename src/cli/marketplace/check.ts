import type { Command } from 'commander'
import type { CheckFamily, CheckReport, ExchangeFailure } from '../../authority/marketplace-check.ts'
import { readFirstLine } from '../files.ts'
import { collected } from '../options.ts'
import { type Outcome, refused } from '../output.ts'
import { command, type Program } from '../program.ts'
import { type Shell, Unreadable } from '../shell.ts'
import { countsOf, reportText } from './check-text.ts'

/** `licet marketplace check`: the interface debugging of a marketplace, against any running production address. */
export function addCheckCommand(marketplace: Command, { shell, runs }: Program): void {
  command(
    marketplace,
    'check <url>',
    "Play the scenes of a marketplace's interface debugging against a running production address",
    'marketplace check https://licenses.example.com/callbacks/huawei --kind huawei --access-key-file key.txt',
    'marketplace check http://127.0.0.1:8787/callbacks/huawei --kind huawei --access-key-file key.txt --family license-1',
  )
    .requiredOption('--kind <kind>', 'kind of marketplace: huawei')
    .requiredOption(
      '--access-key-file <file>',
      'its first line is the access key bound to the address (never an argument)',
    )
    .option('--kit-access-key-file <file>', 'the same for the kit, where it is bound to another key')
    .option('--family <families>', 'only these families of interfaces, by commas (default: all)', collected)
    .addHelpText('after', HELP)
    .action(runs((url: string, given: Given) => check(shell, url, given)))
}

const HELP = `
The address may be of any program, not only of Licet. Only test calls are sent (testFlag 1), of orders and instances
that nobody has, or forged: a server that follows the marketplace's documents changes nothing for them.
Families: license-1, license-2, online-license, saas-2, saas-1, kit-2, kit-1, order-notice.
A Licet server needs a channel with this access key and a catalog: test purchases are answered from it.

Exit codes: 0 every scene passes; 1 some fail; 2 wrong usage; 3 there is no server at the address.
`

interface Given {
  readonly kind: string
  readonly accessKeyFile: string
  readonly kitAccessKeyFile?: string
  readonly family?: readonly string[]
}

async function check(shell: Shell, url: string, given: Given): Promise<Outcome> {
  const address = addressOf(url)
  const checking = await shell.checking(given.kind)
  if (checking === null) throw new Unreadable(`There is no check for a marketplace of kind "${given.kind}".`)
  const families = familiesOf(given.family, checking.families)
  const base = await accessKeyOf(shell, given.accessKeyFile)
  const kit = given.kitAccessKeyFile === undefined ? base : await accessKeyOf(shell, given.kitAccessKeyFile)
  const names = families.map(({ name }) => name)
  const report = await checking.check({ address, families: names, accessKeys: { base, kit } })
  return outcomeOf({ address, kind: given.kind, families }, report)
}

/** Without a query, a fragment or a password: the marketplace's console takes none of them either. */
function addressOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !['http:', 'https:'].includes(url.protocol))
    throw new Unreadable('The address must be an https URL; http is for trying out.')
  if (url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '')
    throw new Unreadable('The address must have no query, no fragment and no password.')
  return url.href.replace(/\/+$/, '')
}

function familiesOf(
  given: readonly string[] | undefined,
  known: readonly CheckFamily[],
): readonly CheckFamily[] {
  if (given === undefined) return known
  const names = known.map(({ name }) => name)
  const wanted = given.flatMap((names) => names.split(',')).map((name) => name.trim())
  const odd = wanted.find((name) => !names.includes(name))
  if (odd === undefined) return known.filter(({ name }) => wanted.includes(name))
  throw new Unreadable(`There is no family "${odd}"; known: ${names.join(', ')}.`)
}

async function accessKeyOf(shell: Shell, file: string): Promise<string> {
  const key = await readFirstLine(shell, file)
  if (key !== '') return key
  throw new Unreadable(`${file} does not begin with an access key.`)
}

interface Checked {
  readonly address: string
  readonly kind: string
  readonly families: readonly CheckFamily[]
}

function outcomeOf({ address, kind, families }: Checked, report: CheckReport): Outcome {
  if (report.type === 'unreachable') return refused(3, 'unreachable', WHY[report.why])
  const { scenes, hints } = report
  const { passed, advised, failed, unplayed } = countsOf(scenes)
  const ok = failed === 0 && unplayed === 0
  const names = families.map(({ name }) => name)
  return {
    type: 'answer',
    exit: ok ? 0 : 1,
    json: { address, kind, families: names, ok, passed, advised, failed, unplayed, hints, scenes },
    text: reportText(address, families, scenes, hints),
  }
}

const WHY: Readonly<Record<ExchangeFailure, string>> = {
  no_connection: 'No server answers at this address: look at its name, its port, and whether it runs.',
  certificate:
    'The certificate of this address is not trusted: it needs one of a public authority, with all certificates between. (With NODE_TLS_REJECT_UNAUTHORIZED=0 nothing is sent at all.)',
  timeout: 'Nothing answers at this address within 5 seconds: a firewall, or a server that hangs.',
  cut_off: 'The server ended the connection before it had answered.',
  answer_too_large: 'The server answered more than 64 KiB.',
}
