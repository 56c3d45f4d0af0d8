import type { Command } from 'commander'
import type { ArrivedGrant } from '../authority/keys/arrival.ts'
import { certifyKeys } from '../authority/keys/certify.ts'
import { rfc3339 } from '../authority/view.ts'
import {
  type Ordering,
  ordered,
  orderOf,
  type Rooting,
  rooted,
  rootsAtHand,
  toldAs,
  withOpened,
} from './keys-order.ts'
import { keyRefusalOutcome } from './keys-refusals.ts'
import { keyNames } from './options.ts'
import { done, type Outcome } from './output.ts'
import { command, type Program } from './program.ts'
import type { Shell } from './shell.ts'

type Given = Ordering & Rooting

/** `licet keys certify`: where the root is at hand, in place of a ceremony. */
export function addCertifyCommand(keys: Command, { shell, runs }: Program): void {
  rooted(
    ordered(
      command(
        keys,
        'certify [kid...]',
        'Sign what keys ask for with a root that is at hand: of those named, or of all that wait',
        'keys certify',
        'keys certify 0a1b2c3d --root-key root-1.key --root-key root-2.key',
      ),
    ),
  ).action(runs((kids: readonly string[], given: Given) => certify(shell, keyNames(kids), given)))
}

function certify(shell: Shell, kids: readonly string[], given: Given): Promise<Outcome> {
  return withOpened(shell, async (opened) => {
    const order = orderOf(shell, given)
    const roots = await rootsAtHand(shell, opened, given)
    const made = await certifyKeys(opened.authority, kids, roots, order)
    if (!made.ok) return keyRefusalOutcome(made.no)
    const { certified, before, changed } = made.value
    const told = toldAs(order.dryRun, changed, {
      done: `Certified:\n${grantsText(certified)}`,
      already:
        before.length > 0 ? `Certified before: ${before.join(', ')}.` : 'No key waits for a certificate.',
    })
    return done({ certified: certified.map(shownGrant), before, changed, dryRun: order.dryRun }, told)
  })
}

export const shownGrant = ({ from, to, ...grant }: ArrivedGrant) => ({
  ...grant,
  from: rfc3339(from),
  to: rfc3339(to),
})

export const grantsText = (grants: readonly ArrivedGrant[]): string =>
  grants
    .map(
      ({ kid, usage, serial, from, to, roots }) =>
        `  key ${kid}: ${usage}, ${rfc3339(from)} to ${rfc3339(to)}, serial ${serial}, by root ${roots.join(', ')}`,
    )
    .join('\n')
