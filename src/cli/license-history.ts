import type { Command } from 'commander'
import type { Authority } from '../authority/authority.ts'
import type { Snapshot } from '../authority/configuration.ts'
import type { HistoryEntry } from '../authority/ports.ts'
import { rfc3339 } from '../authority/view.ts'
import type { Catalog } from '../domain/catalog.ts'
import type { License } from '../domain/license.ts'
import { eventFacts } from './event-facts.ts'
import { type Naming, named, nameOf, withLicense } from './license-name.ts'
import { done, type Outcome } from './output.ts'
import { command, type Program, withAuthority } from './program.ts'
import { NOTHING, table } from './table.ts'

/** `licet license history`: every change, who made it, and why. */
export function addHistoryCommand(license: Command, { shell, runs }: Program): void {
  const history = command(
    license,
    'history',
    'Show every change of a license, oldest first: who made it and why',
    'license history 1ef6fc706daff69a',
  )
  named(history).action(
    runs(async (id: string | undefined, naming: Naming) => {
      const name = nameOf(id, naming)
      return withAuthority(shell, (authority, snapshot) =>
        withLicense(authority, name, (found) => told(authority, snapshot, found)),
      )
    }),
  )
}

async function told(authority: Authority, { catalog }: Snapshot, { id }: License): Promise<Outcome> {
  const items = (await authority.store.history(id)).map((entry) => shown(catalog, entry))
  const rows = items.map(({ revision, at, event, by, reason, facts }) => {
    const details = Object.entries(facts).map(([name, value]) => `${name} ${value}`)
    return [`${revision}`, at, event, by, reason ?? NOTHING, details.join(', ')]
  })
  return done({ id, items }, table(['REVISION', 'AT', 'EVENT', 'BY', 'REASON', 'DETAILS'], rows))
}

function shown(catalog: Catalog, { revision, event, by }: HistoryEntry) {
  const facts = eventFacts(catalog, event)
  return { revision, at: rfc3339(event.at), event: event.type, by: by.who, reason: by.reason, facts }
}
