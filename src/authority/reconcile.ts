import type { Command } from '../domain/commands.ts'
import type { Event } from '../domain/events.ts'
import type { License } from '../domain/license.ts'
import { SECONDS_PER_DAY, type Seconds } from '../domain/time.ts'
import { type Authority, MOST_TRIES } from './authority.ts'
import type { Ambient } from './host.ts'
import type { CodeNote, MarketplaceCode } from './marketplace-codes.ts'
import type { OutgoingOrder } from './outgoing/calls.ts'
import { newOutgoing } from './outgoing/new-call.ts'
import type { CodeInfo } from './outgoing/port.ts'
import { type Settling, settleNothing } from './outgoing/settle.ts'
import type { Batch, HistoryEntry } from './ports.ts'
import { type Doubt, repairsOf } from './repairs.ts'
import { resolve } from './resolve.ts'

/** Codes asked about in one round of the scheduler: four a second, so that a backlog leaves room for purchases. */
const BATCH = 20

/** While so many questions of a channel wait, its marketplace is not asked further ones: it seems not to answer. */
const MOST_WAITING = 100

/** Seconds by which the next day's question is put off at most, drawn: what fell due together moves apart. */
const SPREAD: Seconds = 2 * 3_600

/** The end that an activation tells is an estimate (reference 4.6). */
const FIRST: Seconds = 3_600

/** The marketplace may not have heard of what changed a license so lately. */
const RECENT: Seconds = 15 * 60

/** When a code that was just activated or met is asked about. */
export const firstCheck = (now: Seconds): Seconds => now + FIRST

/**
 * Queues the question about each code whose day has come; returns how many. A code is asked about at most once in 24
 * hours, by one of all processes; while its question waits, no further one is queued, and one that was given up is asked
 * anew. Released codes never are again; those without terms, and those of channels without credentials or with
 * `MOST_WAITING` questions, wait for another day.
 */
export async function askAboutCodes(authority: Authority): Promise<number> {
  const { store, ambient, configuration } = authority
  const now = ambient.now()
  const due = await store.codesDue(now, BATCH)
  if (due.length === 0) return 0
  const { channels } = await configuration.current(now)
  const asked = due.filter(({ channel, status }) => isLive(status) && channels.get(channel)?.openApi != null)
  const room = await roomOf(authority, asked)
  const outgoing = asked
    .filter(({ channel }) => takeFrom(room, channel))
    .map(
      ({ license, channel, code }): OutgoingOrder => ({
        ...newOutgoing(authority, channel, license, { type: 'query_code', code }),
        revives: true,
      }),
    )
  await store.commit({
    outgoing,
    codes: due.map(({ license, status }) => ({
      license,
      due: status === 'released' ? null : nextCheck(now, ambient),
    })),
  })
  return outgoing.length
}

const isLive = (status: License['status']): boolean => status === 'active' || status === 'frozen'

/** How many more questions may wait, by channel. */
async function roomOf(
  { store }: Pick<Authority, 'store'>,
  codes: readonly MarketplaceCode[],
): Promise<Map<string, number>> {
  const room = new Map<string, number>()
  for (const channel of new Set(codes.map((code) => code.channel)))
    room.set(channel, MOST_WAITING - (await store.waitingCalls(channel, 'query_code')))
  return room
}

function takeFrom(room: Map<string, number>, channel: string): boolean {
  const left = room.get(channel)!
  room.set(channel, left - 1)
  return left > 0
}

function nextCheck(now: Seconds, { random }: Pick<Ambient, 'random'>): Seconds {
  const [a = 0, b = 0] = random(2)
  return now + SECONDS_PER_DAY + Math.floor(((a * 256 + b) / 65_536) * SPREAD)
}

/**
 * 查询授权码 was answered: what calls missed is made up for by the commands that they would have sent, in one batch with
 * the end of the question. Support is told of each repair.
 */
export const reconcileCode: Settling<'query_code'> = async (authority, made, { code: said }) => {
  const { store } = authority
  const { queued, call } = made
  for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
    const license = await store.byInstance(queued.channel, call.code)
    const watched = license && (await store.marketplaceCode(license.id))
    if (license === null || watched === null) return settleNothing(authority, made)
    const batch = await repaired(authority, license, watched, said)
    if (batch === null) return { type: 'again', why: 'no_key' }
    const { id, attempts } = queued
    const ending = { id, attempts, state: 'forgotten', error: null, at: authority.ambient.now() } as const
    if ((await store.commit({ ...batch, ending })) === 'committed') {
      if (batch.change)
        authority.log.warn('callback_missed', {
          license: license.id,
          channel: queued.channel,
          said: said.status,
        })
      return { type: 'settled' }
    }
    const still = await store.outgoingCall(id)
    // Somebody else has made it meanwhile, or does so now.
    if (still?.state !== 'waiting' || still.attempts !== attempts) return { type: 'settled' }
  }
  return { type: 'again', why: 'contended' }
}

/** null: no key may sign the code that is due. */
async function repaired(
  authority: Authority,
  license: License,
  watched: MarketplaceCode,
  said: CodeInfo,
): Promise<Batch | null> {
  const { ambient, configuration, log } = authority
  const now = ambient.now()
  const note: CodeNote = { license: license.id, due: watched.due, told: { at: now, said: said.status } }
  const [first, ...rest] = await repairs(authority, license, said, now)
  if (first === undefined) return { codes: [note] }
  const by = { who: `marketplace:${watched.channel}`, reason: `reconciliation: the code is ${said.status}` }
  const snapshot = await configuration.current(now)
  const resolved = await resolve(authority, snapshot, license, [first, ...rest], by, now)
  if (!resolved.ok && resolved.no.reason === 'no_key') return null
  if (!resolved.ok) log.warn('reconciliation_refused', { license: license.id, why: resolved.no.reason })
  const change = resolved.ok ? resolved.value.change : null
  if (change === null) return { codes: [note] }
  const events = change.events.map(({ type }) => type).join(', ')
  const detail = { license: license.id, channel: watched.channel, said: said.status, repaired: events }
  const key = `callback_missed:${license.id}:${change.after.revision}`
  return {
    change,
    codes: [{ ...note, repair: { at: now, events } }],
    alerts: [{ kind: 'callback_missed', key, at: now, detail }],
  }
}

async function repairs(
  { store }: Authority,
  license: License,
  said: CodeInfo,
  now: Seconds,
): Promise<readonly Command[]> {
  if (repairsOf(license, said, now, null).length === 0) return []
  return repairsOf(license, said, now, doubtOf(await store.history(license.id), now))
}

function doubtOf(history: readonly HistoryEntry[], now: Seconds): Doubt | null {
  const newest = history.at(-1)
  if (newest !== undefined && newest.event.at > now - RECENT) return 'recent'
  const end = history.findLast(({ event: { type } }) => SETS_THE_END.has(type))
  return end?.by.who === 'operator' ? 'own_end' : null
}

const SETS_THE_END: ReadonlySet<Event['type']> = new Set(['issued', 'activated', 'renewed', 'shortened'])
