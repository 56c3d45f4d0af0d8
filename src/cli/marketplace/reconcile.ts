import type { Command } from 'commander'
import type { Authority } from '../../authority/authority.ts'
import type { Snapshot } from '../../authority/configuration.ts'
import type { MarketplaceCode } from '../../authority/marketplace-codes.ts'
import { rfc3339 } from '../../authority/view.ts'
import type { Seconds } from '../../domain/time.ts'
import { wholeNumber, word } from '../options.ts'
import { done, type Outcome, refused } from '../output.ts'
import { command, type Program, withAuthority } from '../program.ts'
import { NOTHING, table } from '../table.ts'

const DEFAULT_DAYS = 30

/** Codes read in one go. */
const PAGE = 500

/** `licet marketplace reconcile`: what the daily questions about the marketplace's own codes found. */
export function addReconcileCommand(marketplace: Command, { shell, runs }: Program): void {
  command(
    marketplace,
    'reconcile',
    'Show what the marketplace says of the codes that it made, and what missed calls were made up for',
    'marketplace reconcile',
    'marketplace reconcile --channel huawei --days 7 --json',
    'marketplace reconcile --now',
  )
    .option('--channel <name>', 'only codes of this channel', word)
    .option('--days <number>', 'repairs of so many days', wholeNumber(1, 3_650), DEFAULT_DAYS)
    .option('--now', 'ask about all of them as soon as the server comes to it, not at their hour')
    .action(
      runs((given: Given) =>
        withAuthority(shell, (authority, snapshot) => reconcile(authority, snapshot, given)),
      ),
    )
}

interface Given {
  readonly channel?: string
  readonly days: number
  readonly now?: true
}

async function reconcile(
  authority: Authority,
  { channels }: Snapshot,
  { channel, days, now: atOnce }: Given,
): Promise<Outcome> {
  if (channel !== undefined && !channels.has(channel))
    return refused(1, 'unknown_channel', `There is no channel "${channel}"; "licet channel list" shows them.`)
  const { store, ambient } = authority
  const now = ambient.now()
  if (atOnce) await store.askAboutAll(channel ?? null, now)
  const report = emptyReport()
  /** Live ones of channels without credentials. */
  let notAsked = 0
  let after: string | null = null
  do {
    const page = await store.marketplaceCodes(channel ?? null, after, PAGE)
    for (const code of page.items) {
      count(report, code, now, now - days * 86_400)
      if (isLive(code) && channels.get(code.channel)?.openApi == null) notAsked++
    }
    after = page.next
  } while (after !== null)
  return done(
    report,
    textOf(report, days, atOnce === true ? askedText(report.live - notAsked, notAsked) : []),
  )
}

interface Report {
  /** All codes, and how many of them are asked about every day. */
  codes: number
  live: number
  /** Of the live ones: what the marketplace said of them last, and how many it was never asked about. */
  said: Record<string, number>
  neverAsked: number
  /** Live ones that were not confirmed for two days. */
  overdue: number
  repairs: Repair[]
}

interface Repair {
  readonly license: string
  readonly channel: string
  readonly said: string | null
  readonly repaired: string
  readonly repairedAt: string
}

const emptyReport = (): Report => ({ codes: 0, live: 0, said: {}, neverAsked: 0, overdue: 0, repairs: [] })

const OVERDUE: Seconds = 2 * 86_400

function count(report: Report, code: MarketplaceCode, now: Seconds, since: Seconds): void {
  const { license, channel, said, repaired, repairedAt, confirmedAt } = code
  report.codes++
  if (repaired !== null && repairedAt !== null && repairedAt >= since)
    report.repairs.push({ license, channel, said, repaired, repairedAt: rfc3339(repairedAt) })
  if (!isLive(code)) return
  report.live++
  if (confirmedAt === null) report.neverAsked++
  else if (confirmedAt < now - OVERDUE) report.overdue++
  if (said !== null) report.said[said] = (report.said[said] ?? 0) + 1
}

const isLive = ({ status }: MarketplaceCode): boolean => status === 'active' || status === 'frozen'

/** A question that waits for its next try is not made sooner; see `askAboutCodes` for who else has to wait. */
const askedText = (asked: number, notAsked: number): readonly string[] => [
  `${asked} live ones are asked about as soon as the server comes to it; those whose question failed, at its next try.`,
  ...(notAsked > 0
    ? [`${notAsked} are not: their channel has no AK and SK ("licet channel set-open-api").`]
    : []),
]

function textOf(
  { codes, live, said, neverAsked, overdue, repairs }: Report,
  days: number,
  asked: readonly string[],
) {
  const words = Object.entries(said).map(([word, number]) => `${number} ${word}`)
  const lines = [
    `${codes} codes of marketplaces, ${live} of them live${words.length > 0 ? `: ${words.join(', ')}` : ''}.`,
    ...(neverAsked > 0 ? [`${neverAsked} were never asked about.`] : []),
    ...(overdue > 0
      ? [`${overdue} were not confirmed for two days; see "licet doctor" and "licet outgoing list".`]
      : []),
    ...asked,
    repairs.length === 0
      ? `No missed call had to be made up for in ${days} days.`
      : `Missed calls made up for in ${days} days; "licet license history ID" shows each:`,
  ]
  if (repairs.length === 0) return lines.join('\n')
  const rows = [...repairs].sort((a, b) => (a.repairedAt < b.repairedAt ? 1 : -1))
  const headings = ['LICENSE', 'CHANNEL', 'THE CODE IS', 'REPAIRED', 'AT']
  const row = (one: Repair) => [one.license, one.channel, one.said ?? NOTHING, one.repaired, one.repairedAt]
  return `${lines.join('\n')}\n\n${table(headings, rows.map(row))}`
}
