import type { Command } from 'commander'
import type { Pages } from '../authority/marketplace.ts'
import { setPages } from '../authority/pages.ts'
import { refusalOutcome } from './errors.ts'
import { done, type Outcome } from './output.ts'
import { command, type Program, withAuthority } from './program.ts'
import { type Shell, Unreadable } from './shell.ts'
import { NOTHING, sheet } from './table.ts'

/** `licet channel set`: where the seller's software is reached, which some marketplaces show the buyer. */
export function addSetCommand(channel: Command, { shell, runs }: Program): void {
  command(
    channel,
    'set <name>',
    'Set the pages that the marketplace shows to buyers',
    'channel set huawei --front-end-url https://cad.example.com/ --admin-url https://cad.example.com/admin',
    'channel set huawei --admin-url ""',
  )
    .option('--front-end-url <url>', 'where users begin; empty: none')
    .option('--admin-url <url>', 'where administrators begin; empty: none')
    .action(runs((name: string, given: Given) => set(shell, name, given)))
}

interface Given {
  readonly frontEndUrl?: string
  readonly adminUrl?: string
}

async function set(shell: Shell, name: string, { frontEndUrl, adminUrl }: Given): Promise<Outcome> {
  if (frontEndUrl === undefined && adminUrl === undefined)
    throw new Unreadable('Nothing is to be set; give --front-end-url or --admin-url.')
  const given: Partial<Pages> = {
    ...(frontEndUrl !== undefined && { frontEnd: frontEndUrl || null }),
    ...(adminUrl !== undefined && { admin: adminUrl || null }),
  }
  return withAuthority(shell, async (authority) => {
    const pages = await setPages(authority, name, given)
    if (!pages.ok) return refusalOutcome(pages.no)
    const { frontEnd, admin } = pages.value
    return done(
      { name, frontEndUrl: frontEnd, adminUrl: admin },
      sheet([
        ['channel', name],
        ['users begin at', frontEnd ?? NOTHING],
        ['administrators at', admin ?? NOTHING],
      ]),
    )
  })
}
