import { no, type Result, yes } from '../../domain/result.ts'
import { equalBytes } from '../../format/bytes.ts'
import type { Authority } from '../authority.ts'
import { certify } from '../ceremony/certify.ts'
import type { RootSigner } from '../ceremony/root-signer.ts'
import type { StoredKey } from '../key-store.ts'
import { type Arrival, type ArrivedGrant, arrival } from './arrival.ts'
import { counted } from './counting.ts'
import { type KeysNow, keyOf } from './now.ts'
import type { KeyRefusal } from './refusal.ts'
import { isWaiting, requestOf, waitingKeys } from './request.ts'
import { type Order, type Plan, type Taken, takeStep } from './step.ts'

export interface Certified {
  readonly certified: readonly ArrivedGrant[]
  /** Keys that were named and have their certificate already. */
  readonly before: readonly string[]
}

/**
 * Signs, with root keys that are at hand, what keys have asked for: of the keys named, or of all that wait when none
 * is. Refuses a revoked key, a root that the newest manifest does not name, and fewer roots than its threshold.
 */
export function certifyKeys(
  authority: Authority,
  kids: readonly string[],
  roots: readonly RootSigner[],
  order: Order,
): Promise<Result<Taken<Certified>, KeyRefusal>> {
  return takeStep(authority, order, (now) => planOf(authority, now, kids, roots))
}

function planOf(
  authority: Authority,
  now: KeysNow,
  kids: readonly string[],
  roots: readonly RootSigner[],
): Result<Plan<Certified>, KeyRefusal> {
  const { crypto } = authority
  const chosen = choose(authority, now, kids)
  if (!chosen.ok) return chosen
  const waiting = chosen.value.filter((key) => isWaiting(key, now, crypto))
  const before = chosen.value.filter((key) => !waiting.includes(key)).map(({ kid }) => kid)
  if (waiting.length === 0) return yes({ change: null, report: { certified: [], before } })
  const outsider = outsiderAmong(roots, now)
  if (outsider !== null) return no(outsider)
  const arrived: Arrival[] = []
  for (const key of waiting) {
    const request = requestOf(key, crypto)
    const texts = request === null ? [] : roots.map((root) => certify(request, root, crypto))
    const one = arrival(now, key, texts, crypto)
    if (!one.ok) return one
    arrived.push(one.value)
  }
  return yes({
    change: {
      replace: arrived.flatMap(({ replacement }) => replacement ?? []),
      events: arrived.flatMap(({ events }) => events),
    },
    report: { certified: arrived.flatMap(({ grants }) => grants), before },
  })
}

/** The keys named; or all that wait. */
function choose(
  { crypto }: Authority,
  now: KeysNow,
  kids: readonly string[],
): Result<readonly StoredKey[], KeyRefusal> {
  if (kids.length === 0) return yes(waitingKeys(now, crypto))
  const chosen: StoredKey[] = []
  for (const kid of new Set(kids)) {
    const key = keyOf(now, kid)
    if (key === undefined) return no({ reason: 'key_unknown', kid })
    if (key.status === 'revoked') return no({ reason: 'key_revoked', kid })
    if (key.request === null && counted(key, now.chain, crypto).length === 0)
      return no({ reason: 'no_request', kid })
    chosen.push(key)
  }
  return yes(chosen)
}

/** Why these roots cannot certify at all. */
export function outsiderAmong(roots: readonly RootSigner[], { chain }: KeysNow): KeyRefusal | null {
  const newest = chain.at(-1)
  if (roots.length === 0 || newest === undefined) return { reason: 'no_root' }
  const outsider = roots.find(
    ({ publicKey }) => !newest.keys.some((key) => equalBytes(key.publicKey, publicKey)),
  )
  if (outsider === undefined) return null
  return { reason: 'root_not_in_manifest', root: outsider.kid, version: newest.version }
}
