import type { Command } from 'commander'
import type { Authority } from '../authority/authority.ts'
import { activateCodes, pushUsage, reportUsage } from '../authority/outgoing/usage.ts'
import { rfc3339 } from '../authority/view.ts'
import type { Seconds } from '../domain/time.ts'
import { readLines } from './files.ts'
import { time, word } from './options.ts'
import { done, type Outcome, refused } from './output.ts'
import { command, type Program, withAuthority } from './program.ts'
import type { Shell } from './shell.ts'
import { readCodes, readRecords, readUsages } from './usage-lines.ts'

/** `licet outgoing report-usage | push-usage | activate-codes`: what the marketplace is told of how its buyers use the software. */
export function addUsageCommands(outgoing: Command, { shell, runs }: Program): void {
  command(
    outgoing,
    'report-usage <file>',
    "Tell the marketplace today's use of License 2.0 codes, one JSON object a line: code, clients",
    'outgoing report-usage usage.jsonl --channel huawei',
  )
    .requiredOption('--channel <name>', 'the channel whose marketplace is told', word)
    .action(runs((file: string, given: Given) => report(shell, file, given)))
  command(
    outgoing,
    'push-usage <file>',
    'Tell the marketplace what is billed by use, one JSON object a line: instance, serial, recordedAt, from, to, value',
    'outgoing push-usage records.jsonl --channel huawei',
  )
    .requiredOption('--channel <name>', 'the channel whose marketplace is told', word)
    .action(runs((file: string, given: Given) => push(shell, file, given)))
  command(
    outgoing,
    'activate-codes <file>',
    'Activate License 2.0 codes that were delivered offline, one a line; a code that software activates by itself needs it not',
    'outgoing activate-codes codes.txt --channel huawei',
    'outgoing activate-codes codes.txt --channel huawei --at 2026-11-21T08:00:00Z',
  )
    .requiredOption('--channel <name>', 'the channel whose marketplace made them', word)
    .option('--at <time>', 'when they were delivered, not before the order (default: now)', time)
    .action(runs((file: string, given: Given & { at?: Seconds }) => activate(shell, file, given)))
}

interface Given {
  readonly channel: string
}

async function report(shell: Shell, file: string, { channel }: Given): Promise<Outcome> {
  const usages = readUsages(await readLines(shell, file))
  return queueOn(shell, channel, usages.length, (authority) =>
    reportUsage(authority, channel, rfc3339(authority.ambient.now()).slice(0, 10), usages),
  )
}

async function activate(
  shell: Shell,
  file: string,
  { channel, at }: Given & { at?: Seconds },
): Promise<Outcome> {
  const codes = readCodes(await readLines(shell, file))
  return queueOn(shell, channel, codes.length, (authority) =>
    activateCodes(authority, channel, codes, at ?? null),
  )
}

async function push(shell: Shell, file: string, { channel }: Given): Promise<Outcome> {
  const records = readRecords(await readLines(shell, file))
  return queueOn(shell, channel, records.length, (authority) => pushUsage(authority, channel, records))
}

const queueOn = (
  shell: Shell,
  channel: string,
  count: number,
  queue: (authority: Authority) => Promise<void>,
): Promise<Outcome> =>
  withAuthority(shell, async (authority, { channels }) => {
    if (!channels.has(channel))
      return refused(
        1,
        'unknown_channel',
        `There is no channel "${channel}"; "licet channel list" shows them.`,
      )
    await queue(authority)
    return done(
      { channel, lines: count },
      `${count} lines are queued, but for those told before; "licet outgoing list" shows them.`,
    )
  })
