import type { Command as CommanderCommand } from 'commander'
import type { Crypto } from '../authority/host.ts'
import { operate } from '../authority/operate.ts'
import type { Command } from '../domain/commands.ts'
import type { Seconds } from '../domain/time.ts'
import { refusalOutcome } from './errors.ts'
import { datesText, documentOf } from './license-document.ts'
import { bindingOf } from './license-issue.ts'
import { type Naming, named, nameOf, unknownLicense } from './license-name.ts'
import { time, word } from './options.ts'
import { done, type Outcome } from './output.ts'
import { command, type Program, withAuthority } from './program.ts'
import { type Shell, Unreadable } from './shell.ts'

/** `licet license freeze | reinstate | release | extend | reissue`. Saying one twice changes nothing and is no error. */
export function addChangeCommands(license: CommanderCommand, program: Program): void {
  const ID = '1ef6fc706daff69a'
  add(license, program, 'freeze', 'Make a license unusable until it is reinstated', () => FREEZE, [
    `license freeze ${ID} --reason "payment disputed"`,
  ])
  add(license, program, 'reinstate', 'Undo a freeze; makes a new code', () => ({ type: 'reinstate' }), [
    `license reinstate ${ID} --reason "dispute settled"`,
  ])
  add(license, program, 'release', 'End a license for ever', () => ({ type: 'release' }), [
    'license release --channel huawei --instance 9f3c01 --reason "returned"',
  ])
  add(license, program, 'extend', 'Set a later paid end; an earlier one changes nothing', extension, [
    `license extend ${ID} --until 2028-12-31 --reason "goodwill"`,
  ]).requiredOption('--until <time>', 'the first second no longer paid: RFC 3339, or YYYY-MM-DD', time)
  add(license, program, 'reissue', 'Make a new code for the same license', reissue, [
    `license reissue ${ID} --leaked --reason "code seen on a forum"`,
    `license reissue ${ID} --fingerprint "$(cat new-device.txt)"`,
  ])
    .option('--leaked', 'whoever holds an earlier code is not handed the new one')
    .option('--fingerprint <text>', 'bind it to the device with this fingerprint')
    .option('--unbind', 'good on any device from now on')
}

interface Given extends Naming {
  readonly reason?: string
  readonly until?: Seconds
  readonly leaked?: boolean
  readonly fingerprint?: string
  readonly unbind?: boolean
}

type Translate = (given: Given, crypto: Crypto) => Command

const FREEZE: Command = { type: 'freeze', cause: 'operator' }

function extension({ until }: Given): Command {
  if (until === undefined) throw new Unreadable('Say until when with --until TIME.')
  return { type: 'renew', order: null, paidUntil: until }
}

function reissue({ leaked = false, fingerprint, unbind }: Given, crypto: Crypto): Command {
  if (fingerprint !== undefined && unbind) throw new Unreadable('Give --fingerprint or --unbind, not both.')
  if (unbind) return { type: 'reissue', leaked, binding: null }
  if (fingerprint === undefined) return { type: 'reissue', leaked }
  return { type: 'reissue', leaked, binding: bindingOf(crypto, fingerprint) }
}

function add(
  license: CommanderCommand,
  { shell, runs }: Program,
  verb: string,
  summary: string,
  translate: Translate,
  examples: readonly string[],
): CommanderCommand {
  return named(command(license, verb, summary, ...examples))
    .option('--reason <text>', 'why; kept in the history', word)
    .action(runs((id: string | undefined, given: Given) => change(shell, verb, id, given, translate)))
}

async function change(
  shell: Shell,
  verb: string,
  id: string | undefined,
  given: Given,
  translate: Translate,
): Promise<Outcome> {
  const name = nameOf(id, given)
  const wanted = translate(given, shell.crypto)
  return withAuthority(shell, async (authority, { catalog }) => {
    const by = { who: 'operator', reason: given.reason ?? null }
    const operated = await operate(authority, name, wanted, by)
    if (!operated.ok) {
      return operated.no.reason === 'license_unknown' ? unknownLicense(name) : refusalOutcome(operated.no)
    }
    const { license, changed, text } = operated.value
    const document = documentOf(catalog, license, authority.ambient.now())
    const head = `${changed ? verb : 'unchanged'}: license ${license.id} is ${document.status}, revision ${license.revision}, ${datesText(document)}`
    const made = changed && document.standing === 'active' ? `\n\n${text}` : ''
    return done({ ...document, text, changed }, `${head}${made}`)
  })
}
