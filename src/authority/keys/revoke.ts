import { no, type Result, yes } from '../../domain/result.ts'
import type { Seconds } from '../../domain/time.ts'
import { manifestOf, type RevokedKey } from '../../format/root-manifest.ts'
import { createSyncVerifier } from '../../verify/index.ts'
import type { Authority } from '../authority.ts'
import { isSame, nextManifest, signDraft } from '../ceremony/manifest.ts'
import type { RootSigner } from '../ceremony/root-signer.ts'
import type { KeyEvent, KeyReplacement, KeyUsage, StoredKey } from '../key-store.ts'
import { isRevokedBy, publicKeyOf } from './counting.ts'
import { activeKey, type KeysNow } from './now.ts'
import type { KeyRefusal } from './refusal.ts'
import { type Order, type Plan, type Taken, takeStep } from './step.ts'
import { type Hindered, hinderedKeys, type Successor, successorOf } from './successor.ts'

export interface Compromise {
  readonly kid: string
  /** Since when the key may be in other hands; for people, not for judging. */
  readonly at: Seconds
  /** Public: it stands in the root manifest. */
  readonly reason: string
}

export interface Revoked {
  readonly kid: string
  readonly usage: KeyUsage
  /** The key that signs for the usage now; null when there is none, and of one that would be made. */
  readonly active: string | null
  /** Who could take over, and what each waits for; empty while a key signs. */
  readonly hindered: readonly Hindered[]
  /** Whether `active` took over in this step. */
  readonly tookOver: boolean
  /** Version of the manifest that names the key as revoked; null while the root has not signed it. */
  readonly manifest: number | null
  /** What the root has to sign; null once it has. */
  readonly request: RevokedKey | null
}

/**
 * Ends a key that may be in other hands: in one commit it is stopped, its private part destroyed, another takes over,
 * and the next manifest names it, where `root` can sign that alone. What it signed is refused from then on, whatever
 * its date. The same again goes on where the state of things allows more than before, and else changes nothing.
 */
export function revokeKey(
  authority: Authority,
  compromise: Compromise,
  root: RootSigner | null,
  order: Order,
): Promise<Result<Taken<Revoked>, KeyRefusal>> {
  const recorded = authority.retiredKeys.all()
  return takeStep(authority, order, (now) =>
    planOf(authority, now, compromise, root, { recorded, dryRun: order.dryRun }),
  )
}

function planOf(
  authority: Authority,
  now: KeysNow,
  compromise: Compromise,
  root: RootSigner | null,
  { recorded, dryRun }: { readonly recorded: ReadonlySet<string>; readonly dryRun: boolean },
): Result<Plan<Revoked>, KeyRefusal> {
  const { kid } = compromise
  const key = now.stored.find((one) => one.kid === kid)
  if (key === undefined) return no({ reason: 'key_unknown', kid })
  const { usage } = key
  const entry: RevokedKey = { kid, publicKey: publicKeyOf(key), at: compromise.at, reason: compromise.reason }
  const signer = root !== null && isAloneEnough(root, now) ? root : null
  const manifest = manifestFor(authority, now, entry, signer)
  const after = manifest === null ? now : withManifest(authority, now, manifest)
  const others = { ...after, keys: after.keys.filter((one) => one.kid !== kid) }
  const active = activeKey(others, usage)
  const successor = active === undefined ? successorOf(authority, after, usage, signer) : null
  const isStopped = key.status === 'revoked' && key.sealed === null && recorded.has(kid)
  const named = isRevokedBy(after.chain, entry.publicKey) ? after.chain.at(-1)!.version : null
  const report: Revoked = {
    kid,
    usage,
    active: active?.kid ?? shownOf(successor, dryRun),
    hindered: active === undefined && successor === null ? hinderedKeys(authority, others, usage) : [],
    tookOver: successor !== null,
    manifest: named,
    request: named === null ? entry : null,
  }
  if (isStopped && manifest === null && successor === null) return yes({ change: null, report })
  return yes({
    change: {
      add: successor === null || successor.before !== null ? [] : [successor.key],
      replace: [...(isStopped ? [] : [stopped(key)]), ...replaced(successor, now, key)],
      manifests: manifest === null ? [] : [manifest],
      events: [
        ...(isStopped ? [] : [revokedEvent(key, compromise)]),
        ...(successor === null ? [] : successorEvents(successor, kid)),
        ...(manifest === null ? [] : [advanced(named, kid)]),
      ],
    },
    ending: isStopped ? [] : [kid],
    report,
  })
}

/** One that would be made does not exist yet. */
const shownOf = (successor: Successor | null, dryRun: boolean): string | null =>
  successor === null || (dryRun && successor.before === null) ? null : successor.key.kid

/** The next manifest, signed; null when the newest names the key already, and when no root is at hand. */
function manifestFor(
  { crypto }: Authority,
  { chain, now }: KeysNow,
  entry: RevokedKey,
  root: RootSigner | null,
): string | null {
  if (root === null || isRevokedBy(chain, entry.publicKey)) return null
  return signDraft(nextManifest(chain.at(-1)!, { revoke: [entry], now }), root, crypto)
}

/** Whether the word of one root key makes a manifest and a certificate. */
function isAloneEnough(root: RootSigner, { chain }: KeysNow): boolean {
  const newest = chain.at(-1)!
  const isRevoked = newest.revoked.some((one) => isSame(one, root))
  return newest.threshold === 1 && !isRevoked && newest.keys.some((one) => isSame(one, root))
}

function withManifest({ crypto }: Authority, now: KeysNow, manifest: string): KeysNow {
  const manifests = [...now.manifests, manifest]
  const opened = createSyncVerifier(crypto).openTrustSync(manifests)
  if (!opened.ok) throw new Error(`the next root manifest does not hold: ${opened.why}`)
  return { ...now, manifests, chain: opened.trust.manifests.map(manifestOf) }
}

const stopped = (before: StoredKey): KeyReplacement => ({
  before,
  after: { ...before, status: 'revoked', sealed: null },
})

/** A key that only the record calls retired still holds the active place in the database. */
function replaced(successor: Successor | null, { stored }: KeysNow, revoked: StoredKey): KeyReplacement[] {
  if (successor === null) return []
  const holder = stored.find(
    ({ kid, usage, status }) => usage === revoked.usage && status === 'active' && kid !== revoked.kid,
  )
  return [
    ...(holder === undefined
      ? []
      : [{ before: holder, after: { ...holder, status: 'retired' as const, sealed: null } }]),
    ...(successor.before === null ? [] : [{ before: successor.before, after: successor.key }]),
  ]
}

const revokedEvent = ({ kid, usage, status }: StoredKey, { at }: Compromise): KeyEvent => ({
  kid,
  type: 'revoked',
  detail: { usage, was: status, compromisedAt: at },
})

function successorEvents({ key, before }: Successor, previous: string): KeyEvent[] {
  const { kid, usage } = key
  const promoted: KeyEvent = {
    kid,
    type: 'promoted',
    detail: { usage, previous, publication: 'waived: leak' },
  }
  return before === null ? [{ kid, type: 'created', detail: { usage } }, promoted] : [promoted]
}

const advanced = (version: number | null, revoked: string): KeyEvent => ({
  kid: null,
  type: 'root_advanced',
  detail: { version, revoked },
})
