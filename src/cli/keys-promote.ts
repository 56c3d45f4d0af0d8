import type { Command } from 'commander'
import { promoteKey } from '../authority/keys/promote.ts'
import { retireKey } from '../authority/keys/retire.ts'
import { type Ordering, ordered, orderOf, toldAs } from './keys-order.ts'
import { keyRefusalOutcome } from './keys-refusals.ts'
import { keyNames } from './options.ts'
import { done, type Outcome } from './output.ts'
import { command, type Program, withAuthority } from './program.ts'
import type { Shell } from './shell.ts'

interface Given extends Ordering {
  readonly force?: boolean
}

/** `licet keys promote`: the key that signs from now on. */
export function addPromoteCommand(keys: Command, { shell, runs }: Program): void {
  ordered(
    command(
      keys,
      'promote <kid>',
      'Let a certified key sign; the one before it stands down',
      'keys promote 0a1b2c3d --dry-run',
      'keys promote 0a1b2c3d --force --reason "the key before it was revoked"',
    ),
  )
    .option('--force', 'do not wait for the end of the publication period; needs --reason')
    .action(runs((kid: string, given: Given) => promote(shell, kid, given)))
}

function promote(shell: Shell, name: string, given: Given): Promise<Outcome> {
  const [kid = ''] = keyNames([name])
  return withAuthority(shell, async (authority) => {
    const order = orderOf(shell, given)
    const promoted = await promoteKey(authority, kid, given.force ? 'force' : 'wait', order)
    if (!promoted.ok) return keyRefusalOutcome(promoted.no)
    const { usage, previous, changed } = promoted.value
    const before =
      previous === null
        ? ''
        : ` Key ${previous} stands down; it can be promoted again until "licet keys retire ${previous}" destroys its private part.`
    const told = toldAs(order.dryRun, changed, {
      done: `Key ${kid} signs ${usage} from now on; a canary held.${before}`,
      already: `Key ${kid} signs ${usage} already.`,
    })
    return done({ ...promoted.value, dryRun: order.dryRun }, told)
  })
}

/** `licet keys retire`: the end of a key in an ordinary life. */
export function addRetireCommand(keys: Command, { shell, runs }: Program): void {
  ordered(
    command(
      keys,
      'retire <kid>',
      'End a key: destroy its private part; what it signed stays good',
      'keys retire 0a1b2c3d --reason "rotated"',
    ),
  )
    .option('--force', 'also when it is the only key of its usage; needs --reason')
    .action(runs((kid: string, given: Given) => retire(shell, kid, given)))
}

function retire(shell: Shell, name: string, given: Given): Promise<Outcome> {
  const [kid = ''] = keyNames([name])
  return withAuthority(shell, async (authority) => {
    const order = orderOf(shell, given)
    const retired = await retireKey(authority, kid, given.force ?? false, order)
    if (!retired.ok) return keyRefusalOutcome(retired.no)
    const { usage, awayFile, changed } = retired.value
    const away = awayFile ? ' Destroy the file with its private part, too.' : ''
    const told = toldAs(order.dryRun, changed, {
      done: `Key ${kid} is retired: it signs no more ${usage}, its private part is destroyed, and what it signed stays good.${away}`,
      already: `Key ${kid} is retired already.${away}`,
    })
    return done({ ...retired.value, dryRun: order.dryRun }, told)
  })
}
