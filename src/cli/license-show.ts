import type { Command } from 'commander'
import type { Authority } from '../authority/authority.ts'
import type { Snapshot } from '../authority/configuration.ts'
import { customerOf } from '../authority/customer.ts'
import { newestText } from '../authority/operate.ts'
import type { License } from '../domain/license.ts'
import { applicationsOf, applicationsText } from './license-applications.ts'
import { documentOf, type LicenseDocument, seatsText } from './license-document.ts'
import { type Naming, named, nameOf, withLicense } from './license-name.ts'
import { done, type Outcome } from './output.ts'
import { command, type Program, withAuthority } from './program.ts'
import { NOTHING, sheet } from './table.ts'

/**
 * `licet license show`: the license as it is now, with its newest text, which a frozen one keeps, and what was applied
 * for on behalf of devices.
 */
export function addShowCommand(license: Command, { shell, runs }: Program): void {
  const show = command(
    license,
    'show',
    'Show a license as it is now, with its newest license text',
    'license show 1ef6fc706daff69a',
    'license show --channel huawei --instance 9f3c01 --json',
  )
  named(show).action(
    runs(async (id: string | undefined, naming: Naming) => {
      const name = nameOf(id, naming)
      return withAuthority(shell, (authority, snapshot) =>
        withLicense(authority, name, (found) => shown(authority, snapshot, found)),
      )
    }),
  )
}

async function shown(authority: Authority, { catalog }: Snapshot, license: License): Promise<Outcome> {
  const document = documentOf(catalog, license, authority.ambient.now())
  const text = await newestText(authority, license)
  const customer = await customerOf(authority, license.id)
  const { applications, devices } = await applicationsOf(authority, license)
  const parts = [details(document, customer, devices), applicationsText(applications), text ?? '']
  return done(
    { ...document, text, customer, devices, applications },
    parts.filter((part) => part !== '').join('\n\n'),
  )
}

function details(license: LicenseDocument, customer: string | null, devices: number): string {
  const { product, edition, features, status, standing, freezeReason, paidUntil, worksUntil } = license
  const known = product !== null
  const end = (date: string | null) => (known ? (date ?? 'perpetual') : 'not known yet')
  return sheet([
    ['license', license.id],
    ['status', freezeReason === null ? status : `${status} (${freezeReason})`],
    ['standing', standing],
    ['paid until', end(paidUntil)],
    ['works until', end(worksUntil)],
    ['product', product],
    ['edition', edition],
    ['features', known ? features.join(', ') || NOTHING : null],
    ['seats', known ? seatsText(license.seats) : null],
    ['trial', license.trial ? 'yes' : null],
    ['device', license.bound ? 'bound to one' : null],
    ['devices', devices === 0 ? null : `${devices} with a code that works`],
    ['revision', `${license.revision}`],
    ['issued at', license.issuedAt],
    ['channel', license.channel],
    ['instance', license.instance],
    ['order', license.order],
    ['customer', customer],
  ])
}
