import { no, type Result, yes } from '../../domain/result.ts'
import type { Seconds } from '../../domain/time.ts'
import { grantsUsage, type KeyCertificate, USAGE } from '../../format/key-certificate.ts'
import type { Authority } from '../authority.ts'
import type { KeyEvent, KeyReplacement, KeyUsage, StoredKey } from '../key-store.ts'
import { canaryRefusal } from './canary.ts'
import { counted } from './counting.ts'
import { type KeysNow, keyOf, storedKey } from './now.ts'
import type { KeyRefusal } from './refusal.ts'
import { type Order, type Plan, type Taken, takeStep } from './step.ts'

/**
 * How long a certified key is published before it signs, so that whoever keeps a copy of `/v1/keys` has met it;
 * longer than any cache may keep one. Counted from `certifiedAt`.
 */
export const PUBLICATION: Seconds = 24 * 3_600

export interface Promoted {
  readonly kid: string
  readonly usage: KeyUsage
  /** The key that signed before; it keeps its private part until it is retired. null when there was none. */
  readonly previous: string | null
  /** The publication period was not over. */
  readonly early: boolean
}

/**
 * Inside the publication period: `wait` refuses; `force` goes on, for the reason the order gives; `rotation` goes on,
 * since certificates travel with all that is signed.
 */
export type Publication = 'wait' | 'force' | 'rotation'

/**
 * Makes a certified key the one that signs for its usage. A canary is signed and verified before; the key before it
 * stands down and can be promoted again until `retireKey` destroys it.
 */
export async function promoteKey(
  authority: Authority,
  kid: string,
  publication: Publication,
  order: Order,
): Promise<Result<Taken<Promoted>, KeyRefusal>> {
  if (publication === 'force' && order.by.reason === null) return no({ reason: 'reason_missing' })
  return takeStep(authority, order, (now) => planOf(authority, now, kid, publication))
}

function planOf(
  authority: Authority,
  now: KeysNow,
  kid: string,
  publication: Publication,
): Result<Plan<Promoted>, KeyRefusal> {
  const key = keyOf(now, kid)
  if (key === undefined) return no({ reason: 'key_unknown', kid })
  const { usage } = key
  if (key.status === 'active') {
    return yes({ change: null, report: { kid, usage, previous: null, early: false } })
  }
  const able = ability(authority, now, key)
  if (!able.ok) return able
  const until = (key.certifiedAt ?? now.now) + PUBLICATION
  const early = now.now < until
  if (early && publication === 'wait') return no({ reason: 'too_young', kid, until })
  const why = canaryRefusal(authority, now, key, able.value)
  if (why !== null) return no({ reason: 'canary_refused', kid, why })
  // As stored: a key that only the record calls retired still holds the active place.
  const before = now.stored.find((other) => other.usage === usage && other.status === 'active')
  const previous = before?.kid ?? null
  return yes({
    change: {
      replace: [...standDown(before), { before: storedKey(now, kid), after: { ...key, status: 'active' } }],
      events: eventsOf(key, previous, early ? publication : null),
    },
    report: { kid, usage, previous, early },
  })
}

/** The certificate under which the key may sign now; or why it may not. */
export function ability(
  authority: Pick<Authority, 'crypto'>,
  now: Pick<KeysNow, 'now' | 'chain'>,
  key: StoredKey,
): Result<KeyCertificate, KeyRefusal> {
  const { kid, status, sealed, spare } = key
  if (status !== 'revoked' && sealed === null)
    return no({ reason: status === 'pending' && spare ? 'spare_away' : 'key_retired', kid })
  return abilityAtHome(authority, now, key)
}

/** The same with its private part here, wherever that lies. */
export function abilityAtHome(
  { crypto }: Pick<Authority, 'crypto'>,
  now: Pick<KeysNow, 'now' | 'chain'>,
  key: StoredKey,
): Result<KeyCertificate, KeyRefusal> {
  const { kid } = key
  if (key.status === 'revoked') return no({ reason: 'key_revoked', kid })
  return openWindow(kid, granted(key, now.chain, crypto), now.now)
}

/** The certificates of a key that count and are for its usage. */
export const granted = (
  key: StoredKey,
  chain: KeysNow['chain'],
  crypto: Authority['crypto'],
): readonly KeyCertificate[] =>
  counted(key, chain, crypto).filter((one) => grantsUsage(one, USAGE[key.usage]))

/** The window of a key that is open now; or why none is. */
export function openWindow<W extends Pick<KeyCertificate, 'from' | 'to'>>(
  kid: string,
  windows: readonly W[],
  now: Seconds,
): Result<W, KeyRefusal> {
  if (windows.length === 0) return no({ reason: 'not_certified', kid })
  const open = windows.find(({ from, to }) => from <= now && now < to)
  if (open !== undefined) return yes(open)
  const next = windows.filter(({ from }) => from > now).map(({ from }) => from)
  if (next.length > 0) return no({ reason: 'window_not_open', kid, from: Math.min(...next) })
  return no({ reason: 'window_closed', kid, to: Math.max(...windows.map(({ to }) => to)) })
}

function standDown(before: StoredKey | undefined): KeyReplacement[] {
  return before === undefined ? [] : [{ before, after: { ...before, status: 'retired' } }]
}

function eventsOf(
  { kid, usage }: StoredKey,
  previous: string | null,
  waived: Publication | null,
): KeyEvent[] {
  const detail = { usage, previous, publication: waived === null ? 'over' : WAIVED[waived] }
  const promoted: KeyEvent = { kid, type: 'promoted', detail }
  const stoodDown: KeyEvent[] =
    previous === null ? [] : [{ kid: previous, type: 'stood_down', detail: { usage, for: kid } }]
  return [...stoodDown, promoted]
}

const WAIVED: Readonly<Record<Publication, string>> = {
  wait: 'over',
  force: 'forced',
  rotation: 'waived: certificates travel with what is signed',
}
