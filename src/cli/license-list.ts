import type { Command } from 'commander'
import type { Authority } from '../authority/authority.ts'
import type { Snapshot } from '../authority/configuration.ts'
import { documentOf, type LicenseDocument } from './license-document.ts'
import { cursor, wholeNumber } from './options.ts'
import { done, type Outcome } from './output.ts'
import { listParked } from './parked.ts'
import { command, type Program, withAuthority } from './program.ts'
import { type Shell, Unreadable } from './shell.ts'
import { NOTHING, table } from './table.ts'

const DEFAULT_LIMIT = 50
const MOST = 1_000

/** `licet license list`: the licenses page by page, or what waits for one. */
export function addListCommand(license: Command, { shell, runs }: Program): void {
  command(
    license,
    'list',
    'List the licenses in the order they were made, or with --parked what waits',
    'license list --limit 20',
    'license list --json --after CURSOR',
    'license list --parked',
  )
    .option('--parked', 'show the calls that wait, and what would let them pass')
    .option('--after <cursor>', 'go on where a list ended: the "next" of its JSON document', cursor)
    .option('--limit <number>', `at most so many, up to ${MOST}`, wholeNumber(1, MOST), DEFAULT_LIMIT)
    .action(runs((given: Given) => list(shell, given)))
}

interface Given {
  readonly parked?: true
  readonly after?: string
  readonly limit: number
}

async function list(shell: Shell, { parked, after, limit }: Given): Promise<Outcome> {
  if (parked && after !== undefined) throw new Unreadable('--parked has no pages; leave out --after.')
  return withAuthority(shell, (authority, snapshot) =>
    parked ? listParked(authority, limit) : listPage(authority, snapshot, after ?? null, limit),
  )
}

async function listPage(
  authority: Authority,
  { catalog }: Snapshot,
  after: string | null,
  limit: number,
): Promise<Outcome> {
  const now = authority.ambient.now()
  const page = await authority.store.page(after, limit)
  const items = page.items.map((license) => documentOf(catalog, license, now))
  const { next } = page
  if (items.length === 0)
    return done({ items, next }, after === null ? 'There is no license yet.' : 'No more licenses.')
  const more = next === null ? '' : `\n\nmore: licet license list --limit ${limit} --after ${next}`
  return done({ items, next }, `${table(HEADINGS, items.map(row))}${more}`)
}

const HEADINGS = [
  'LICENSE',
  'PRODUCT',
  'EDITION',
  'STANDING',
  'PAID UNTIL',
  'WORKS UNTIL',
  'CHANNEL',
  'INSTANCE',
]

function row(license: LicenseDocument): string[] {
  const { id, product, edition, status, standing, channel, instance } = license
  const end = (date: string | null) => (product === null ? NOTHING : (date ?? 'perpetual'))
  return [
    id,
    product ?? NOTHING,
    edition ?? NOTHING,
    status === 'pending' ? status : standing,
    end(license.paidUntil),
    end(license.worksUntil),
    channel ?? NOTHING,
    instance ?? NOTHING,
  ]
}
