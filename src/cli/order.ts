import type { Command } from 'commander'
import { asksFor } from '../authority/ask-for-order.ts'
import type { Authority } from '../authority/authority.ts'
import type { LedgerOrder } from '../authority/orders.ts'
import type { CallEntry } from '../authority/outgoing/calls.ts'
import type { Page } from '../authority/ports.ts'
import { wholeNumber } from './options.ts'
import { directDocument, directText, type GivenUp, orderDocument, orderText } from './order-document.ts'
import { done, type Outcome, refused } from './output.ts'
import { parkedDocument, parkedText } from './parked.ts'
import { command, type Program, withAuthority } from './program.ts'
import type { Shell } from './shell.ts'
import { NOTHING, table } from './table.ts'

const DEFAULT_LIMIT = 50
const MOST = 1_000

/** `licet order list | show`: every order that a marketplace named, and what became of it. */
export function addOrderCommands(licet: Command, program: Program): void {
  const { shell, runs } = program
  const order = licet.command('order').description('The orders of marketplaces, and what became of them')
  command(
    order,
    'list',
    'List the orders, the oldest first',
    'order list --limit 20',
    'order list --json --after CURSOR',
  )
    .option('--after <cursor>', 'go on where a list ended: the "next" of its JSON document')
    .option('--limit <number>', `at most so many, up to ${MOST}`, wholeNumber(1, MOST), DEFAULT_LIMIT)
    .action(runs((given: Given) => list(shell, given)))
  command(
    order,
    'show <number>',
    'Show all lines of an order by its number',
    'order show CS2211181819B4LVS',
    'order show CS2211181819B4LVS --json',
  ).action(runs((number: string) => withAuthority(shell, (authority) => show(authority, number))))
}

interface Given {
  readonly after?: string
  readonly limit: number
}

function list(shell: Shell, { after, limit }: Given): Promise<Outcome> {
  return withAuthority(shell, async ({ store }) => {
    const page = await store.orderPage(after ?? null, limit)
    const items = page.items.map(orderDocument)
    const { next } = page
    if (items.length === 0)
      return done({ items, next }, after === undefined ? 'There is no order yet.' : 'No more orders.')
    const more = next === null ? '' : `\n\nmore: licet order list --limit ${limit} --after ${next}`
    return done({ items, next }, `${table(HEADINGS, page.items.map(row))}${more}`)
  })
}

const HEADINGS = ['ORDER', 'LINE', 'CHANNEL', 'CAUSE', 'STATE', 'LICENSE', 'NOTED']

function row(order: LedgerOrder): string[] {
  const { number, line, channel, cause, state, license, notedAt } = orderDocument(order)
  return [number, line || NOTHING, channel, cause, state, license ?? NOTHING, notedAt]
}

/** What the ledger has of a number, what was sold under it by the seller himself, and what waits under it. */
async function show({ store }: Authority, number: string): Promise<Outcome> {
  const lines = await store.ordersNumbered(number)
  const direct = await store.soldDirectly(number)
  const parked = (await store.parkedUnder(number)).map(parkedDocument)
  if (lines.length + direct.length + parked.length === 0)
    return refused(
      1,
      'order_unknown',
      `No order of the number "${number}" is in the ledger, and nothing waits under it; "licet order list" shows the ledger.`,
    )
  const dead = lines.some(({ state }) => state === 'asked') ? await deadCalls(store) : []
  const known = lines.map((order) => ({ order, givenUp: givenUpOf(order, dead) }))
  const texts = [
    ...known.map(({ order, givenUp }) => orderText(order, givenUp)),
    ...direct.map((one) => directText(number, one)),
    ...parked.map(parkedText),
  ]
  const documents = [
    ...known.map(({ order, givenUp }) => ({ ...orderDocument(order), givenUp })),
    ...direct.map((one) => ({ ...directDocument(number, one), givenUp: null })),
  ]
  return done({ number, lines: documents, parked }, texts.join('\n\n'))
}

function givenUpOf(order: LedgerOrder, dead: readonly CallEntry[]): GivenUp | null {
  if (order.state !== 'asked') return null
  const call = dead.find((one) => asksFor(one, order))
  return call === undefined ? null : { call: call.id, error: call.error }
}

async function deadCalls(store: Authority['store']): Promise<readonly CallEntry[]> {
  const dead: CallEntry[] = []
  let after: string | null = null
  do {
    const page: Page<CallEntry> = await store.outgoingCalls('dead', after, MOST)
    dead.push(...page.items)
    after = page.next
  } while (after !== null)
  return dead
}
