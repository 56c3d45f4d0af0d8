import { type Command, InvalidArgumentError } from 'commander'
import { openEntry } from '../authority/kit.ts'
import { KIT_KINDS, type KitFacts, type KitKind } from '../authority/kit-entry.ts'
import { rfc3339 } from '../authority/view.ts'
import { refusalOutcome } from './errors.ts'
import { wholeNumber } from './options.ts'
import { done, type Outcome } from './output.ts'
import { command, type Program, withAuthority } from './program.ts'
import type { Shell } from './shell.ts'
import { NOTHING, table } from './table.ts'

const DEFAULT_LIMIT = 50
const MOST = 1_000

/** `licet kit list`: what marketplaces said of the enterprises that bought, their applications, users and departments. */
export function addKitCommands(licet: Command, { shell, runs }: Program): void {
  const kit = licet.command('kit').description('The enterprises that bought, as a marketplace tells of them')
  command(
    kit,
    'list',
    'List enterprises, applications, users and departments; names of people and secrets only when asked for',
    'kit list --channel huawei --kind department',
    'kit list --channel huawei --kind user --personal --json',
  )
    .requiredOption('--channel <name>', 'the channel that was told')
    .option('--kind <kind>', `only one kind: ${KIT_KINDS.join(', ')}`, kindOf)
    .option('--personal', 'also what says who a user is, and secrets of applications')
    .option('--after <cursor>', 'go on where a list ended: the "next" of its JSON document')
    .option('--limit <number>', `at most so many, up to ${MOST}`, wholeNumber(1, MOST), DEFAULT_LIMIT)
    .action(runs((given: Given) => list(shell, given)))
}

interface Given {
  readonly channel: string
  readonly kind?: KitKind
  readonly personal?: true
  readonly after?: string
  readonly limit: number
}

function kindOf(text: string): KitKind {
  const kind = KIT_KINDS.find((one) => one === text)
  if (kind === undefined) throw new InvalidArgumentError(`It must be one of ${KIT_KINDS.join(', ')}.`)
  return kind
}

function list(shell: Shell, given: Given): Promise<Outcome> {
  const { channel, kind = null, personal, after, limit } = given
  return withAuthority(shell, async ({ store, sealing }, { channels }) => {
    if (!channels.has(channel)) return refusalOutcome({ reason: 'unknown_channel', channel })
    const page = await store.kitPage(channel, kind, after ?? null, limit)
    const items = page.items.map((entry) => {
      const { id, kind, instance, tenant, sentAt, at } = entry
      const facts = openEntry(sealing, entry)
      return {
        ...{ id, kind, instance, tenant, facts: facts.open, ...(personal && { personal: facts.personal }) },
        sentAt: rfc3339(Math.floor(sentAt / 1000)),
        notedAt: rfc3339(at),
      }
    })
    const { next } = page
    if (items.length === 0)
      return done({ items, next }, after === undefined ? 'There is no entry yet.' : 'No more entries.')
    const more = next === null ? '' : `\n\nmore: ${again(given)} --after ${next}`
    return done({ items, next }, `${table(HEADINGS, items.map(row))}${more}`)
  })
}

const HEADINGS = ['KIND', 'INSTANCE', 'TENANT', 'SENT', 'SAYS']

interface Shown {
  readonly kind: KitKind
  readonly instance: string
  readonly tenant: string
  readonly sentAt: string
  readonly facts: KitFacts
  readonly personal?: KitFacts
}

function row({ kind, instance, tenant, sentAt, facts, personal }: Shown): string[] {
  const said = Object.entries({ ...personal, ...facts }).map(([name, value]) => `${name}=${value}`)
  return [kind, instance || NOTHING, tenant, sentAt, said.join(', ')]
}

const again = ({ channel, kind, personal, limit }: Given): string =>
  [
    `licet kit list --channel ${channel}`,
    ...(kind === undefined ? [] : [`--kind ${kind}`]),
    ...(personal ? ['--personal'] : []),
    `--limit ${limit}`,
  ].join(' ')
