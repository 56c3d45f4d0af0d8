import type { Command } from 'commander'
import { USAGES } from '../authority/found.ts'
import type { KeyUsage } from '../authority/key-store.ts'
import { type Rotated, rotateKey } from '../authority/keys/rotate.ts'
import {
  type Ordering,
  ordered,
  orderOf,
  type Rooting,
  rooted,
  rootsAtHand,
  withOpened,
} from './keys-order.ts'
import { keyRefusalOutcome } from './keys-refusals.ts'
import { usage } from './options.ts'
import { done, type Outcome } from './output.ts'
import { command, type Program } from './program.ts'
import type { Shell } from './shell.ts'

interface Given extends Ordering, Rooting {
  readonly usage?: KeyUsage
}

/** `licet keys rotate`: the ordinary day in one command. Run again after an interruption, it goes on. */
export function addRotateCommand(keys: Command, { shell, runs }: Program): void {
  rooted(
    ordered(
      command(
        keys,
        'rotate',
        'Where the root is at hand: make, certify and promote the next keys, and retire those before them',
        'keys rotate',
        'keys rotate --usage codes --reason "yearly rotation"',
        'keys rotate --root-key root-1.key --root-key root-2.key',
      ),
    ),
  )
    .option('--usage <usage>', 'only the key that signs codes, statements or lists', usage)
    .action(runs((given: Given) => rotate(shell, given)))
}

function rotate(shell: Shell, given: Given): Promise<Outcome> {
  return withOpened(shell, async (opened) => {
    const order = orderOf(shell, given)
    const roots = await rootsAtHand(shell, opened, given)
    const rotated: Rotated[] = []
    for (const each of given.usage === undefined ? USAGES : [given.usage]) {
      const one = await rotateKey(opened.authority, each, roots, order)
      if (!one.ok) return keyRefusalOutcome(one.no, rotated.map(text))
      rotated.push(one.value)
    }
    const told = rotated.map((one) => (order.dryRun ? plan(one) : text(one)))
    return done({ items: rotated, dryRun: order.dryRun }, told.join('\n'))
  })
}

function text({ usage, kid, previous, resumed }: Rotated): string {
  const before = previous === null ? '' : `; key ${previous} is retired and its private part destroyed`
  const how = resumed ? ' (a rotation that had been interrupted is finished)' : ''
  return `${usage}: key ${kid} signs from now on${before}${how}.`
}

function plan({ usage, kid, previous, resumed }: Rotated): string {
  const next = resumed ? `key ${kid}, made before,` : 'a new key'
  const before = previous === null ? '' : ` and key ${previous} would be retired`
  return `${usage}: ${next} would be certified and promoted${before}. Nothing was changed.`
}
