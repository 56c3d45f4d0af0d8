import { no, type Result, yes } from '../../domain/result.ts'
import type { Authority } from '../authority.ts'
import { certify } from '../ceremony/certify.ts'
import type { KeyPair } from '../ceremony/root-key.ts'
import type { RootSigner } from '../ceremony/root-signer.ts'
import type { KeyEvent, KeyUsage, StoredKey } from '../key-store.ts'
import { newKey, type WantedKey } from './add.ts'
import { arrival } from './arrival.ts'
import { canaryRefusal } from './canary.ts'
import { outsiderAmong } from './certify.ts'
import { counted } from './counting.ts'
import { activeKey, type KeysNow, keyOf } from './now.ts'
import { ability, promoteKey } from './promote.ts'
import type { KeyRefusal } from './refusal.ts'
import { requestOf } from './request.ts'
import { retireKey } from './retire.ts'
import { type Order, takeStep } from './step.ts'

export interface Rotated {
  readonly usage: KeyUsage
  /** The key that signs now; null of a rotation that was only to be shown. */
  readonly kid: string | null
  /** The key that signed before; null when there was none. */
  readonly previous: string | null
  /** A rotation that had been begun before and not finished. */
  readonly resumed: boolean
}

/** What a rotation that is under way keeps in the settings, by usage. */
interface UnderWay {
  readonly next: string
  readonly previous: string | null
}

/**
 * The ordinary day in one go, where the root is at hand: a new key is made and certified, a canary verified, the key
 * takes over at once, and the one before it is retired. The publication period is waived: certificates travel with
 * what is signed. Interrupted anywhere, the next call finishes it, with the same key.
 */
export async function rotateKey(
  authority: Authority,
  usage: KeyUsage,
  roots: readonly RootSigner[],
  order: Order,
): Promise<Result<Rotated, KeyRefusal>> {
  const begun = await begin(authority, usage, roots, order)
  if (!begun.ok || order.dryRun) return begun
  const { kid, previous } = begun.value
  if (kid !== null) {
    const promoted = await promoteKey(authority, kid, 'rotation', order)
    if (!promoted.ok) return promoted
  }
  if (previous !== null) {
    const retired = await retireKey(authority, previous, false, order)
    // A key that was revoked meanwhile has ended all the more.
    if (!retired.ok && retired.no.reason !== 'key_revoked') return retired
  }
  await finish(authority, begun.value, order)
  return begun
}

const settingOf = (usage: KeyUsage): string => `rotation:${usage}`

/** Makes the next key, certified, and notes that a rotation is under way; or finds the one that is. */
async function begin(
  authority: Authority,
  usage: KeyUsage,
  roots: readonly RootSigner[],
  order: Order,
): Promise<Result<Rotated, KeyRefusal>> {
  const pair = authority.crypto.newKeyPair()
  return takeStep<Rotated>(authority, order, async (now) => {
    const underWay = await readUnderWay(authority, usage)
    const status = underWay && keyOf(now, underWay.next)?.status
    if (underWay !== null && (status === 'pending' || status === 'active')) {
      const { next: kid, previous } = underWay
      return yes({ change: null, report: { usage, kid, previous, resumed: true } })
    }
    const made = certifiedKey(authority, now, wantedFor(authority, now, usage), pair, roots)
    if (!made.ok) return made
    const { key, events } = made.value
    const refusal = unfitness(authority, now, key)
    if (refusal !== null) return no(refusal)
    const active = activeKey(now, usage)
    const previous = active?.kid ?? null
    const next: UnderWay = { next: key.kid, previous }
    const change = {
      add: [key],
      // Unchanged, so that whoever rotated it meanwhile is noticed.
      replace: active === undefined ? [] : [{ before: active, after: active }],
      // What ended before it could take over gives way.
      absent: underWay === null ? [settingOf(usage)] : [],
      settings: { [settingOf(usage)]: JSON.stringify(next) },
      events,
    }
    const report = { usage, kid: order.dryRun ? null : key.kid, previous, resumed: false }
    return yes({ change, report })
  })
}

/** The same limits as those of the key that signs now. */
function wantedFor({ crypto }: Authority, now: KeysNow, usage: KeyUsage): WantedKey {
  const active = activeKey(now, usage)
  const granted = active === undefined ? [] : counted(active, now.chain, crypto)
  const [last] = granted.toSorted((a, b) => b.to - a.to)
  const limits = { product: last?.product ?? 0, maxTermMonths: last?.maxTermMonths ?? 0 }
  return { usage, from: now.now, to: null, ...limits }
}

function certifiedKey(
  authority: Authority,
  now: KeysNow,
  wanted: WantedKey,
  pair: KeyPair,
  roots: readonly RootSigner[],
): Result<{ readonly key: StoredKey; readonly events: readonly KeyEvent[] }, KeyRefusal> {
  const { crypto } = authority
  const outsider = outsiderAmong(roots, now)
  if (outsider !== null) return no(outsider)
  const made = newKey(authority, now, wanted, { pair, spare: false })
  if (!made.ok) return made
  const { key, event } = made.value
  const request = requestOf(key, crypto)
  const texts = request === null ? [] : roots.map((root) => certify(request, root, crypto))
  const arrived = arrival({ ...now, stored: [...now.stored, key] }, key, texts, crypto)
  if (!arrived.ok) return arrived
  const { replacement, events } = arrived.value
  return yes({ key: replacement?.after ?? key, events: [event, ...events] })
}

/** Judged before anything is committed, so that a rotation that cannot be finished is not begun. */
function unfitness(authority: Authority, now: KeysNow, key: StoredKey): KeyRefusal | null {
  const able = ability(authority, now, key)
  if (!able.ok) return able.no
  const why = canaryRefusal(authority, now, key, able.value)
  return why === null ? null : { reason: 'canary_refused', kid: key.kid, why }
}

/** Another rotation of the usage may be under way by now; its note stays. */
async function finish(authority: Authority, { usage, kid }: Rotated, { by }: Order): Promise<void> {
  const { store, ambient } = authority
  if ((await readUnderWay(authority, usage))?.next !== kid) return
  await store.changeKeys({ settings: { [settingOf(usage)]: null }, events: [], by, at: ambient.now() })
}

async function readUnderWay({ store }: Authority, usage: KeyUsage): Promise<UnderWay | null> {
  const setting = await store.setting(settingOf(usage))
  return setting === null ? null : JSON.parse(setting)
}
