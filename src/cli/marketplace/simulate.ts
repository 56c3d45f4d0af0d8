import { type Command, InvalidArgumentError } from 'commander'
import { readFirstLine, readLines } from '../files.ts'
import { collected, wholeNumber, word } from '../options.ts'
import type { Outcome } from '../output.ts'
import { command, type Program } from '../program.ts'
import { type Shell, Unreadable } from '../shell.ts'

/** As they are typed: what the options hold is nothing to show in a help text. */
const LISTEN = '127.0.0.1:8788'
const DAY = '5s'

/** `licet marketplace simulate`: a marketplace on the seller's desk, which sells and probes and thinks of him. */
export function addSimulateCommand(marketplace: Command, { shell, runs }: Program): void {
  command(
    marketplace,
    'simulate <kind>',
    'Play a marketplace (huawei): a whole life of what you sell, then a console',
    'marketplace simulate huawei --address http://127.0.0.1:8787/callbacks/huawei --access-key-file key.txt --product OFFI-1',
    'marketplace simulate huawei --address … --access-key-file key.txt --credentials-file ak-sk.txt --product OFFI-1 --family saas-2 --day 10s',
    'marketplace simulate huawei --address … --access-key-file key.txt --product OFFI-1 --script month.txt --days 30 --json',
  )
    .requiredOption('--address <url>', "the seller's production address", address)
    .requiredOption(
      '--access-key-file <file>',
      'its first line is the access key of the channel (never an argument)',
    )
    .option('--kit-access-key-file <file>', 'the same for the kit, which is then played too')
    .requiredOption('--product <id>', 'productId of what is sold: an offer of the catalog', word)
    .option('--sku <code>', 'skuCode of what is sold', word)
    .option('--quantity <number>', 'how many are bought', wholeNumber(1, 9_999), 1)
    .option(
      '--family <name>',
      'family of interfaces; may be given several times (default: license-1)',
      collected,
    )
    .option(
      '--credentials-file <file>',
      'AK and SK, a line each, that may call the open APIs; without it they are not served',
    )
    .option('--listen <host:port>', `where the open APIs are served (default: ${LISTEN})`, listen)
    .option('--day <duration>', `how long a day lasts: 500ms, 5s, 2m, 24h (default: ${DAY})`, duration)
    .option('--script <file>', 'commands, one a line, in place of the tour; - is standard input')
    .option('--days <number>', 'let so many days pass afterwards, then end', wholeNumber(1, 10_000))
    .addHelpText('after', HELP)
    .action(runs((kind: string, given: Given) => simulate(shell, kind, given)))
}

const HELP = `
Families: license-1, license-2, online-license, saas-1, saas-2. It sells, renews, cancels renewals, freezes, lets things
expire, releases and upgrades; it probes twice a day, tries again by the documented schedule (its pauses shrink with the
day, the five seconds for an answer do not), checks every answer, and tells what the marketplace would think.
The open APIs answer whoever signs with the AK and SK of --credentials-file:
  $ npx licet channel set-open-api huawei --credentials-file ak-sk.txt --site http://127.0.0.1:8788
At the console and in a script: sell, repeat, activate, apply, show, renew, cancel, formal, upgrade, change, freeze,
unfreeze, expire, release, kit, probe, restart, fail, wait, tour, status, help, quit.

Exit codes: 0 nothing is held against the seller; 1 something is; 2 wrong usage; 3 the open APIs cannot be served.
`

interface Given {
  readonly address: string
  readonly accessKeyFile: string
  readonly kitAccessKeyFile?: string
  readonly product: string
  readonly sku?: string
  readonly quantity: number
  readonly family?: readonly string[]
  readonly credentialsFile?: string
  readonly listen?: { readonly host: string; readonly port: number }
  readonly day?: number
  readonly script?: string
  readonly days?: number
  readonly json?: true
}

async function simulate(shell: Shell, kind: string, given: Given): Promise<Outcome> {
  const accessKey = await keyOf(shell, given.accessKeyFile)
  const exit = await shell.simulate({
    ...{ kind, accessKey, address: given.address },
    listen: given.listen ?? listen(LISTEN),
    dayMs: given.day ?? duration(DAY),
    credentials: given.credentialsFile === undefined ? null : await pairOf(shell, given.credentialsFile),
    kitAccessKey: given.kitAccessKeyFile === undefined ? null : await keyOf(shell, given.kitAccessKeyFile),
    families: given.family ?? ['license-1'],
    product: { productId: given.product, sku: given.sku ?? null, quantity: given.quantity },
    script: given.script === undefined ? null : await readLines(shell, given.script),
    days: given.days ?? null,
    json: given.json === true,
  })
  return { type: 'ended', exit }
}

async function keyOf(shell: Shell, file: string): Promise<string> {
  const key = await readFirstLine(shell, file)
  if (key !== '') return key
  throw new Unreadable(`${file} does not begin with an access key.`)
}

async function pairOf(shell: Shell, file: string) {
  const [accessKeyId = '', secret = '', ...rest] = await readLines(shell, file)
  if (accessKeyId !== '' && secret !== '' && rest.length === 0) return { accessKeyId, secret }
  throw new Unreadable(`${file} must have two lines: the access key id (AK) and the secret key (SK).`)
}

function address(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  const isPlain = url !== null && url.search === '' && url.hash === '' && url.username === ''
  if (isPlain && ['http:', 'https:'].includes(url.protocol)) return url.href.replace(/\/+$/, '')
  throw new InvalidArgumentError('It must be an http or https URL without a query.')
}

function listen(text: string) {
  const [, host, port] = /^(\[[0-9a-fA-F:]+\]|[^:\s]+):(\d{1,5})$/.exec(text) ?? []
  if (host !== undefined && Number(port) <= 65_535)
    return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) }
  throw new InvalidArgumentError('It must be HOST:PORT.')
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }
const SHORTEST_DAY = 100
const LONGEST_DAY = 86_400_000

/** Milliseconds. */
function duration(text: string): number {
  const [, count, unit] = /^(\d{1,8})(ms|s|m|h)$/.exec(text) ?? []
  const value = Number(count) * (UNITS[unit ?? ''] ?? Number.NaN)
  if (value >= SHORTEST_DAY && value <= LONGEST_DAY) return value
  throw new InvalidArgumentError('It must be a duration from 100ms to 24h.')
}
