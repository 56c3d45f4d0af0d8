import type { LicenseId } from '../domain/ids.ts'
import type { License } from '../domain/license.ts'
import { toHex } from '../format/bytes.ts'
import { bindDevice } from '../format/license-code.ts'
import { type Ask, type Asked, askAboutCode, type LearntCode } from './activation/ask.ts'
import { type ActivationAnswer, describeLicense, refusedAnswer } from './activation/describe.ts'
import { type Joined, join } from './activation/join.ts'
import { reportTrouble } from './activation/trouble.ts'
import type { Authority } from './authority.ts'
import type { Snapshot } from './configuration.ts'
import type { MarketplaceCode } from './marketplace-codes.ts'
import { attempt } from './outgoing/attempt.ts'
import type { Transport } from './outgoing/transport.ts'
import { instanceSubject } from './turns.ts'

export interface ActivationRequest {
  /** As the marketplace wrote it (`PL…`); 1–64 characters, checked by the door. */
  readonly code: string
  /** null where the software does not know it: then it must follow from what there is. */
  readonly channel: string | null
  readonly fingerprint: string | null
}

export type Activation =
  | { readonly type: 'answer'; readonly answer: ActivationAnswer; readonly license: LicenseId | null }
  | { readonly type: 'unknown_channel' }
  /** Several channels could be meant, or none calls its marketplace. */
  | { readonly type: 'channel_needed' }
  | { readonly type: 'unknown_code' }
  /** The buyer has to claim it in the marketplace first. */
  | { readonly type: 'unclaimed' }
  /** Bought, and the seller's catalog has no offer for it yet. */
  | { readonly type: 'not_set_up' }
  /** He has asked about too many codes that came to nothing; `wait`: whole seconds until the next. */
  | { readonly type: 'too_many'; readonly wait: number }
  | { readonly type: 'unavailable' }

/** Who waits for the answer. */
export interface Asker {
  /** Settles when he waits no longer. */
  readonly expired: Promise<unknown>
  /** What the marketplace may be asked for him, about codes that nobody here knows; what it sells is given back. */
  readonly guesses: { take(): number; giveBack(): void }
}

/**
 * A code that a marketplace made becomes a license of ours (License 2.0): activated there, mapped through the catalog,
 * signed, bound to the device when one is given. It calls the marketplace itself and not through the queue: the buyer
 * sits before the software and waits, and nothing can be told him before the marketplace has answered. What it learns is
 * committed whole or not at all, and asked again it finds the code activated and goes on from there.
 *
 * A code activated here before is answered from what is known, without a call: no outage of the marketplace reaches it.
 */
export async function activate(
  authority: Authority,
  snapshot: Snapshot,
  transport: Transport,
  request: ActivationRequest,
  asker: Asker,
): Promise<Activation> {
  const found = await findCode(authority, snapshot, request)
  if ('type' in found) return found
  const { channel, license } = found
  // A code of ours is no code of the marketplace, and its id no secret.
  if (license !== null && license.origin.instance === license.id) return { type: 'unknown_code' }
  const subject = ['activation', channel, request.code].join('\n')
  let isOver = false
  void asker.expired.then(() => {
    isOver = true
  })
  // Whoever gave up asks again: behind a marketplace that hangs his turns would pile up.
  const work = async (): Promise<Activation> =>
    isOver
      ? { type: 'unavailable' }
      : activateOne(authority, snapshot, transport, { ...request, channel }, asker)
  return authority.turns.take(subject, work)
}

interface Found {
  readonly channel: string
  readonly license: License | null
}

async function findCode(
  { store }: Authority,
  { channels }: Snapshot,
  { code, channel }: ActivationRequest,
): Promise<Found | Activation> {
  if (channel !== null) {
    if (!channels.has(channel)) return { type: 'unknown_channel' }
    return { channel, license: await store.byInstance(channel, code) }
  }
  const known: Found[] = []
  for (const name of channels.keys()) {
    const license = await store.byInstance(name, code)
    if (license !== null) known.push({ channel: name, license })
  }
  const called = [...channels.values()].filter(({ openApi }) => openApi !== null)
  const [only, ...others] =
    known.length > 0 ? known : called.map(({ name }) => ({ channel: name, license: null }))
  return only === undefined || others.length > 0 ? { type: 'channel_needed' } : only
}

type Wanted = ActivationRequest & { readonly channel: string }

async function activateOne(
  authority: Authority,
  snapshot: Snapshot,
  transport: Transport,
  wanted: Wanted,
  { guesses }: Asker,
): Promise<Activation> {
  const { store } = authority
  const { channel, code, fingerprint } = wanted
  const device = { fingerprint, binding: bindingOf(authority, fingerprint) }
  const license = await store.byInstance(channel, code)
  const watched = license && (await store.marketplaceCode(license.id))
  let learnt: LearntCode | null = null
  if (license === null || !(await isLearnt(authority, license, watched))) {
    const wait = license === null ? guesses.take() : 0
    if (wait > 0) return { type: 'too_many', wait }
    const ask: Ask = (call) => attempt(authority, snapshot, transport, { channel }, call, undefined)
    const asked = await askAboutCode(ask, code, authority.ambient.now())
    if (asked.type === 'learnt') {
      learnt = asked.code
      if (license === null) guesses.giveBack()
    } else {
      const failed = await failure(authority, snapshot, wanted, asked)
      if (failed.type !== 'unavailable' || !isServed(snapshot, channel, license, watched)) return failed
    }
  }
  const joining = () => join(authority, snapshot, { channel, code, binding: device.binding }, learnt)
  // Only now: calls about the license must not wait for the marketplace.
  const joined = await authority.turns.take(instanceSubject(channel, code), joining)
  if (joined.type !== 'joined') return notJoined(authority, channel, joined)
  const now = authority.ambient.now()
  const answer = await describeLicense(authority, snapshot, joined.license, joined.watched, device, now)
  return answer === null ? { type: 'unavailable' } : { type: 'answer', answer, license: joined.license.id }
}

/**
 * What a call told of this code, or support sold for it, is there whatever the marketplace's state. A channel that
 * calls no marketplace sells no codes, so that its instance ids are no secrets: they fetch nothing.
 */
function isServed(
  { channels }: Snapshot,
  channel: string,
  license: License | null,
  watched: MarketplaceCode | null,
): boolean {
  if (license === null || license.status === 'pending') return false
  return watched !== null || (channels.get(channel)?.openApi ?? null) !== null
}

function bindingOf({ crypto }: Authority, fingerprint: string | null): string | null {
  const digest = fingerprint === null ? null : bindDevice(fingerprint, crypto.sha256)
  return digest && toHex(digest.subarray(0, 10))
}

/** Whether nothing has to be asked: activated before, ended, or learnt and waiting for its offer. */
async function isLearnt(
  { store }: Authority,
  license: License,
  watched: MarketplaceCode | null,
): Promise<boolean> {
  if (license.status === 'released') return watched !== null
  if (license.status !== 'pending') return watched !== null && watched.confirmedAt !== null
  const orders = await store.ordersOf(license.id)
  return orders.some(({ cause, learnt }) => cause === 'opening' && learnt !== null)
}

async function failure(
  authority: Authority,
  snapshot: Snapshot,
  { channel, code }: Wanted,
  asked: Exclude<Asked, { type: 'learnt' }>,
): Promise<Activation> {
  if (asked.type === 'unavailable') {
    if (asked.ours) await reportTrouble(authority, channel, code, asked.why)
    else authority.log.warn('activation_unavailable', { channel, why: asked.why })
    return { type: 'unavailable' }
  }
  switch (asked.why) {
    case 'unknown_code':
    case 'unclaimed':
      return { type: asked.why }
    case 'released':
    case 'expired':
      return { type: 'answer', answer: refusedAnswer(snapshot, asked.why, asked.why), license: null }
    default:
      return asked satisfies never
  }
}

function notJoined(
  { log }: Authority,
  channel: string,
  joined: Exclude<Joined, { type: 'joined' }>,
): Activation {
  if (joined.type === 'waiting') return { type: 'not_set_up' }
  log.error('activation_not_joined', { channel, why: joined.why })
  return { type: 'unavailable' }
}
