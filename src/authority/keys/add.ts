import { no, type Result, yes } from '../../domain/result.ts'
import type { Seconds } from '../../domain/time.ts'
import { encodeBase64url } from '../../format/base64url.ts'
import { keyId } from '../../format/jws.ts'
import type { Authority } from '../authority.ts'
import type { KeyPair } from '../ceremony/root-key.ts'
import type { KeyEvent, KeyUsage, StoredKey } from '../key-store.ts'
import { isInUse, type KeysNow } from './now.ts'
import type { KeyRefusal } from './refusal.ts'
import {
  isWaiting,
  isWindow,
  nextSerial,
  pendingKey,
  requestOf,
  signRequest,
  spareWindowStart,
  WINDOW,
} from './request.ts'
import { type Order, type Plan, type Taken, takeStep } from './step.ts'

export interface WantedKey {
  readonly usage: KeyUsage
  /** null: now; of a spare, 90 days before the last window of its usage ends, never before now. */
  readonly from: Seconds | null
  /** null: 366 days after `from`. */
  readonly to: Seconds | null
  /** 0 = every product. */
  readonly product: number
  /** Months of 31 days; 0 = any. */
  readonly maxTermMonths: number
}

export interface AddedKey {
  /** null of a key that was only to be shown: it was not made. */
  readonly kid: string | null
  readonly usage: KeyUsage
  readonly spare: boolean
  readonly serial: number
  readonly from: Seconds
  readonly to: Seconds
  readonly product: number
  readonly maxTermMonths: number
  /** Compact JWS, for the ceremony. */
  readonly request: string | null
}

/**
 * Makes a pending signing key, sealed at rest, with its certification request. A key of the same kind that waits for
 * its certificate is not made twice: the answer speaks of that one. Refuses a window that no root would certify and a kid in use.
 */
export function addKey(
  authority: Authority,
  wanted: WantedKey,
  order: Order,
): Promise<Result<Taken<AddedKey>, KeyRefusal>> {
  const { crypto } = authority
  const pair = crypto.newKeyPair()
  return takeStep(authority, order, (now) => {
    const twin = now.keys.find((key) => isTwin(key, wanted, now, authority))
    if (twin !== undefined) return yes({ change: null, report: reportOf(twin, authority) })
    return planOf(authority, now, wanted, { pair, spare: false }, order)
  })
}

/**
 * Makes a pending key of which only the public part stays here: the caller has put `pair` into the safe before, and
 * a pair that is known already is not added twice. `pair` is null where the spare is only to be shown.
 */
export function addSpare(
  authority: Authority,
  wanted: WantedKey,
  pair: KeyPair | null,
  order: Order,
): Promise<Result<Taken<AddedKey>, KeyRefusal>> {
  const { crypto } = authority
  const made = pair ?? crypto.newKeyPair()
  return takeStep(authority, order, (now) => {
    const known = now.stored.find(({ publicKey }) => publicKey === encodeBase64url(made.publicKey))
    if (known !== undefined) return yes({ change: null, report: reportOf(known, authority) })
    return planOf(authority, now, wanted, { pair: made, spare: true }, order)
  })
}

function planOf(
  authority: Authority,
  now: KeysNow,
  wanted: WantedKey,
  made: MadePair,
  { dryRun }: Order,
): Result<Plan<AddedKey>, KeyRefusal> {
  const planned = newKey(authority, now, wanted, made)
  if (!planned.ok) return planned
  const { key, event, grant } = planned.value
  const shown = dryRun ? { kid: null, request: null } : { kid: key.kid, request: key.request }
  const report = { ...grant, spare: key.spare, ...shown }
  // Of two hands that make a key at once the second looks again: no serial is given twice.
  const serial = `serial:${grant.serial}`
  return yes({
    change: { add: [key], absent: [serial], settings: { [serial]: key.kid }, events: [event] },
    report,
  })
}

interface MadePair {
  readonly pair: KeyPair
  readonly spare: boolean
}

interface NewKey {
  readonly key: StoredKey
  readonly event: KeyEvent
  readonly grant: Omit<AddedKey, 'kid' | 'spare' | 'request'>
}

/** A pending key as it would be stored, with its request. */
export function newKey(
  authority: Authority,
  now: KeysNow,
  wanted: WantedKey,
  { pair, spare }: MadePair,
): Result<NewKey, KeyRefusal> {
  const { crypto, issuer } = authority
  const { usage, product, maxTermMonths } = wanted
  const kid = keyId(pair.publicKey, crypto.sha256)
  if (isInUse(now, kid)) return no({ reason: 'kid_in_use', kid })
  const from = wanted.from ?? (spare ? spareWindowStart(now, usage, crypto) : now.now)
  const to = wanted.to ?? from + WINDOW
  if (!isWindow(from, to)) return no({ reason: 'bad_window', from, to })
  const grant = { usage, serial: nextSerial(now, crypto), from, to, product, maxTermMonths }
  const request = signRequest(pair, { ...grant, issuer, createdAt: now.now }, crypto)
  const key = pendingKey(authority, pair, { usage, spare, request, createdAt: now.now })
  return yes({ key, event: { kid, type: 'created', detail: { ...grant, spare } }, grant })
}

/** A key that waits for what is wanted now. */
function isTwin(key: StoredKey, wanted: WantedKey, now: KeysNow, { crypto }: Authority): boolean {
  const asked = requestOf(key, crypto)
  if (asked === null || key.spare || key.status !== 'pending' || key.sealed === null) return false
  if (key.usage !== wanted.usage || !isWaiting(key, now, crypto)) return false
  const isSame = asked.product === wanted.product && asked.maxTermMonths === wanted.maxTermMonths
  // Whoever wants a key for now wants one that can sign now; that it was asked for a second ago does not matter.
  const isThen = wanted.from === null ? asked.from <= now.now : asked.from === wanted.from
  return isSame && isThen && asked.to === (wanted.to ?? asked.to) && asked.to > now.now
}

function reportOf(key: StoredKey, { crypto }: Authority): AddedKey {
  const asked = requestOf(key, crypto)
  if (asked === null) throw new Error(`key ${key.kid} has no certification request`)
  const { kid, usage, spare, request } = key
  const { serial, from, to, product, maxTermMonths } = asked
  return { kid, usage, spare, serial, from, to, product, maxTermMonths, request }
}
