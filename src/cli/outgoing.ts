import type { Command } from 'commander'
import type { CallEntry } from '../authority/outgoing/calls.ts'
import { type ReviveRefusal, reviveAllDead, reviveCall } from '../authority/outgoing/revive.ts'
import { rfc3339 } from '../authority/view.ts'
import { cursor, wholeNumber } from './options.ts'
import { done, type Outcome, refused } from './output.ts'
import { command, type Program, withAuthority } from './program.ts'
import { type Shell, Unreadable } from './shell.ts'
import { NOTHING, table } from './table.ts'
import { addUsageCommands } from './usage.ts'

const DEFAULT_LIMIT = 50
const MOST = 1_000

/** `licet outgoing list | retry | report-usage | push-usage`: the calls to marketplaces. */
export function addOutgoingCommands(licet: Command, program: Program): void {
  const { shell, runs } = program
  const outgoing = licet.command('outgoing').description('The calls that this server makes to marketplaces')
  command(
    outgoing,
    'list',
    'List the calls in the order they were queued, or the dead ones alone',
    'outgoing list --limit 20',
    'outgoing list --dead --json',
  )
    .option('--dead', 'only calls that were given up')
    .option('--after <cursor>', 'go on where a list ended: the "next" of its JSON document', cursor)
    .option('--limit <number>', `at most so many, up to ${MOST}`, wholeNumber(1, MOST), DEFAULT_LIMIT)
    .action(runs((given: Given) => list(shell, given)))
  command(
    outgoing,
    'retry [id]',
    'Make a dead call again, with all its tries before it',
    'outgoing retry 3f0c9a1b22d4e587',
    'outgoing retry --all-dead',
  )
    .option('--all-dead', 'every dead call')
    .action(
      runs((id: string | undefined, { allDead }: Revived) => retry(shell, id ?? null, allDead === true)),
    )
  addUsageCommands(outgoing, program)
}

interface Given {
  readonly dead?: true
  readonly after?: string
  readonly limit: number
}

interface Revived {
  readonly allDead?: true
}

function list(shell: Shell, { dead, after, limit }: Given): Promise<Outcome> {
  return withAuthority(shell, async ({ store }) => {
    const page = await store.outgoingCalls(dead ? 'dead' : null, after ?? null, limit)
    const { next } = page
    const items = page.items.map(shown)
    if (items.length === 0) return done({ items, next }, dead ? 'No call is dead.' : 'There is no call.')
    const again = `licet outgoing list ${dead ? '--dead ' : ''}--limit ${limit} --after ${next}`
    return done(
      { items, next },
      `${table(HEADINGS, items.map(row))}${next === null ? '' : `\n\nmore: ${again}`}`,
    )
  })
}

const HEADINGS = ['CALL', 'CHANNEL', 'TYPE', 'KEY', 'STATE', 'QUEUED', 'TRIES', 'LAST ERROR', 'NEXT TRY']

type Shown = ReturnType<typeof shown>

function shown({ id, channel, type, key, state, attempts, error, ...times }: CallEntry) {
  const { at, due, triedAt } = times
  return {
    ...{ id, channel, type, key, state, attempts, error },
    queuedAt: rfc3339(at),
    failedAt: error === null || triedAt === null ? null : rfc3339(triedAt),
    nextTry: due === null ? null : rfc3339(due),
  }
}

const row = ({ id, channel, type, key, state, queuedAt, attempts, error, nextTry }: Shown): string[] => [
  ...[id, channel, type, key, state, queuedAt, `${attempts}`],
  ...[error ?? NOTHING, nextTry ?? NOTHING],
]

function retry(shell: Shell, id: string | null, allDead: boolean): Promise<Outcome> {
  if ((id === null) !== allDead) throw new Unreadable('Give either the id of a call or --all-dead.')
  if (id !== null && !/^[0-9a-f]{16}$/.test(id))
    throw new Unreadable(`"${id}" is no id of a call, 16 of 0-9 and a-f; "licet outgoing list" shows them.`)
  return withAuthority(shell, async (authority) => {
    if (id === null) {
      const revived = await reviveAllDead(authority)
      return done({ revived }, `${revived} dead calls are made again.`)
    }
    const revived = await reviveCall(authority, id)
    return revived.ok ? done({ revived: 1 }, `The call ${id} is made again.`) : refusedOutcome(revived.no)
  })
}

function refusedOutcome(no: ReviveRefusal): Outcome {
  switch (no.reason) {
    case 'unknown_call':
      return refused(1, no.reason, 'There is no such call; "licet outgoing list" shows those there are.')
    case 'call_not_dead':
      return refused(
        1,
        no.reason,
        no.state === 'done' ? 'The call is done.' : 'The call waits for its next try by itself.',
      )
    default:
      return no satisfies never
  }
}
