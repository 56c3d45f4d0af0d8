import type { Command } from 'commander'
import type { Crypto } from '../authority/host.ts'
import { type DirectSale, sellDirectly } from '../authority/operate.ts'
import type { InstanceRef } from '../domain/ids.ts'
import type { Seconds } from '../domain/time.ts'
import { toHex } from '../format/bytes.ts'
import { bindDevice } from '../format/license-code.ts'
import { refusalOutcome } from './errors.ts'
import { datesText, documentOf } from './license-document.ts'
import type { Naming } from './license-name.ts'
import { seats, time, word } from './options.ts'
import type { Outcome } from './output.ts'
import { command, type Program, withAuthority } from './program.ts'
import { type Shell, Unreadable } from './shell.ts'

/**
 * `licet license issue`: a direct sale, or a license that a channel already knows under an instance id. Standard
 * output is the license text alone, so that it can go into the customer's file.
 */
export function addIssueCommand(license: Command, { shell, runs }: Program): void {
  command(
    license,
    'issue',
    'Sell without a marketplace, or give a channel the license it already knows under an instance id',
    'license issue --product cad-pro --edition standard --seats 5 --until 2027-12-31 > license.txt',
    'license issue --product cad-pro --edition flagship --perpetual --fingerprint "$(cat device.txt)"',
    'license issue --product cad-pro --edition standard --until 2027-12-31 --channel huawei --instance 9f3c01',
  )
    .requiredOption('--product <code>', 'code of a product in the catalog', word)
    .requiredOption('--edition <code>', 'code of one of its editions', word)
    .option('--seats <number>', '0 to 65535; 0 is unlimited', seats, 1)
    .option('--until <time>', 'the first second no longer paid: RFC 3339, or YYYY-MM-DD', time)
    .option('--perpetual', 'in place of --until: never ends')
    .option('--trial', 'a trial; it always ends')
    .option('--fingerprint <text>', 'good only on the device with this fingerprint')
    .option('--channel <name>', 'the channel that knows the license', word)
    .option('--instance <id>', 'with --channel: its instance id there', word)
    .option('--order <id>', 'the number of the order', word)
    .option('--customer <name>', 'who bought it; sealed, and shown by "license show"', word)
    .action(runs((given: Given) => issue(shell, saleOf(shell.crypto, given))))
}

interface Given extends Naming {
  readonly product: string
  readonly edition: string
  readonly seats: number
  readonly until?: Seconds
  readonly perpetual?: true
  readonly trial?: true
  readonly fingerprint?: string
  readonly order?: string
  readonly customer?: string
}

function issue(shell: Shell, sale: DirectSale): Promise<Outcome> {
  return withAuthority(shell, async (authority, { catalog }) => {
    const sold = await sellDirectly(authority, sale, { who: 'operator', reason: null })
    if (!sold.ok) return refusalOutcome(sold.no)
    const { license, text } = sold.value
    const document = documentOf(catalog, license, authority.ambient.now())
    const { id, revision, paidUntil, worksUntil } = document
    return {
      type: 'answer',
      exit: 0,
      json: { id, revision, text, paidUntil, worksUntil },
      text: text ?? '',
      note: `issued: license ${id}, revision ${revision}, ${datesText(document)}`,
    }
  })
}

function saleOf(crypto: Crypto, given: Given): DirectSale {
  const { product, edition, seats, trial = false, fingerprint, order = null, customer = null } = given
  return {
    product,
    edition,
    seats,
    paidUntil: endOf(given),
    trial,
    binding: fingerprint === undefined ? null : bindingOf(crypto, fingerprint),
    instance: instanceOf(given),
    order,
    customer,
  }
}

function endOf({ until, perpetual }: Given): Seconds | null {
  if ((until === undefined) === (perpetual === undefined))
    throw new Unreadable('Say until when it is paid: either --until TIME or --perpetual.')
  return until ?? null
}

function instanceOf({ channel, instance }: Given): InstanceRef | null {
  if (channel !== undefined && instance !== undefined) return { channel, instance }
  if (channel === undefined && instance === undefined) return null
  throw new Unreadable('--channel and --instance go together.')
}

/** The part of a device's digest that a code carries (contract 1.1); throws `Unreadable` for what is no fingerprint. */
export function bindingOf({ sha256 }: Pick<Crypto, 'sha256'>, fingerprint: string): string {
  const digest = bindDevice(fingerprint, sha256)
  if (digest === null) throw new Unreadable('--fingerprint must be 1 to 5,120 bytes of well-formed text.')
  return toHex(digest.subarray(0, 10))
}
