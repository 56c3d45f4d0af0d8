import type { Command } from '../../domain/commands.ts'
import type { License } from '../../domain/license.ts'
import { step } from '../../domain/step.ts'
import { isAhead } from '../../domain/time.ts'
import { type Authority, MOST_TRIES } from '../authority.ts'
import type { Snapshot } from '../configuration.ts'
import { sealCustomer } from '../customer.ts'
import { bindsWhole } from '../device-codes.ts'
import type { MarketplaceCode } from '../marketplace-codes.ts'
import { newLicenseId } from '../new-ids.ts'
import { effectsOf } from '../order-effects.ts'
import type { LedgerOrder } from '../orders.ts'
import type { Actor, Batch } from '../ports.ts'
import { firstCheck } from '../reconcile.ts'
import { resolve, type Unresolved } from '../resolve.ts'
import { batchOf } from '../settle-orders.ts'
import type { LearntCode } from './ask.ts'

/** A code of a channel, and the device that its software runs on: 10 bytes as hex, as in `Terms`; null: none was given. */
export interface WantedCode {
  readonly channel: string
  readonly code: string
  readonly binding: string | null
}

export type Joined =
  | { readonly type: 'joined'; readonly license: License; readonly watched: MarketplaceCode }
  /** The purchase is parked: no offer sells it yet. */
  | { readonly type: 'waiting' }
  | { readonly type: 'failed'; readonly why: Unresolved['reason'] | 'contended' }

/**
 * Makes one license of a code and what was learnt of it, or joins the one that a call met first: activated and bound in
 * one batch with its ledger row. Whoever comes second, in whatever process, finds what the first one made. `learnt`
 * null: the ledger has it, or the license has its terms.
 */
export async function join(
  authority: Authority,
  snapshot: Snapshot,
  wanted: WantedCode,
  learnt: LearntCode | null,
): Promise<Joined> {
  const { store } = authority
  for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
    const before = await store.byInstance(wanted.channel, wanted.code)
    const watched = before && (await store.marketplaceCode(before.id))
    if (before !== null && before.status !== 'pending' && watched?.activatedAt != null)
      return { type: 'joined', license: before, watched }
    const batch =
      before === null || before.status === 'pending'
        ? await activation(authority, snapshot, wanted, before, learnt)
        : await delivery(authority, snapshot, wanted, before)
    if ('why' in batch) return { type: 'failed', why: batch.why }
    if (Object.keys(batch).length > 0 && (await store.commit(batch)) === 'conflict') continue
    const license = await store.byInstance(wanted.channel, wanted.code)
    if (license === null || license.status === 'pending') return { type: 'waiting' }
    const now = await store.marketplaceCode(license.id)
    if (now?.activatedAt != null) return { type: 'joined', license, watched: now }
  }
  return { type: 'failed', why: 'contended' }
}

type Failed = { readonly why: Unresolved['reason'] }

/** The purchase of a code that nobody knows, or that a call met first and that has no terms. */
async function activation(
  authority: Authority,
  snapshot: Snapshot,
  { channel, code, binding }: WantedCode,
  before: License | null,
  learnt: LearntCode | null,
): Promise<Batch | Failed> {
  const now = authority.ambient.now()
  const id = before?.id ?? newLicenseId(authority.ambient)
  // The order stays out of it: one order may sell several codes, and a license is unique by its order.
  const meet: Command = { type: 'meet', id, origin: { channel, instance: code, order: null } }
  const met = before === null ? step(null, meet, now) : null
  const license = met?.ok ? met.value.license : before!
  const orders = await ordersOf(authority, license, learnt, channel, code)
  const { commands, outcomes } = effectsOf(snapshot, channel, license, orders)
  const bound = commands.map((one) => boundTo(one, binding))
  const all = before === null ? [meet, ...bound] : bound
  const told = batchOf(authority, outcomes) ?? {}
  const [first, ...rest] = all
  if (first === undefined) return told
  const customer = sealCustomer(authority.sealing, id, learnt?.customer ?? null)
  const by = actorOf(channel, learnt)
  const resolved = await resolve(authority, snapshot, before, [first, ...rest], by, now, customer)
  if (!resolved.ok) return { why: resolved.no.reason }
  const { change } = resolved.value
  const isActivated = resolved.value.license.status !== 'pending'
  const known = {
    license: id,
    due: firstCheck(now),
    ...(learnt && { told: { at: now, said: 'alive' } as const }),
  }
  return {
    ...told,
    ...(change && { change }),
    codes: [{ ...known, ...(isActivated && { activatedAt: now }) }],
  }
}

const boundTo = (command: Command, binding: string | null): Command =>
  command.type === 'activate' && bindsWhole(command.terms)
    ? { ...command, terms: { ...command.terms, binding } }
    : command

const actorOf = (channel: string, learnt: LearntCode | null): Actor => ({
  who: `marketplace:${channel}`,
  reason: learnt?.order == null ? 'activation' : `activation, order ${learnt.order}`,
})

/** What the ledger has of the license, with its purchase. A code whose order nobody names is its own. */
async function ordersOf(
  { store, ambient }: Authority,
  { id }: License,
  learnt: LearntCode | null,
  channel: string,
  code: string,
): Promise<readonly LedgerOrder[]> {
  const noted = await store.ordersOf(id)
  if (learnt === null || noted.some(({ cause, learnt: known }) => cause === 'opening' && known !== null))
    return noted
  const now = ambient.now()
  const purchase: LedgerOrder = {
    channel,
    order: { id: learnt.order ?? code, line: code },
    cause: 'opening',
    license: id,
    state: 'asked',
    notedAt: now,
    learntAt: now,
    learnt: learnt.learnt,
  }
  return [...noted, purchase]
}

/** The first time software asks for a license that got its terms otherwise: it is bound to that device now. */
async function delivery(
  authority: Authority,
  snapshot: Snapshot,
  { channel, binding }: WantedCode,
  license: License,
): Promise<Batch | Failed> {
  const now = authority.ambient.now()
  const codes = [{ license: license.id, due: firstCheck(now), activatedAt: now }]
  const isFree =
    license.status === 'active' &&
    license.terms.binding === null &&
    bindsWhole(license.terms) &&
    isAhead(license.terms.paidUntil, now)
  if (binding === null || !isFree) return { codes }
  const command: Command = { type: 'reissue', leaked: false, binding }
  const resolved = await resolve(authority, snapshot, license, [command], actorOf(channel, null), now)
  if (!resolved.ok) return { why: resolved.no.reason }
  const { change } = resolved.value
  return { codes, ...(change && { change }) }
}
