import { no, type Result, yes } from '../../domain/result.ts'
import type { RootManifest } from '../../format/root-manifest.ts'
import type { Authority } from '../authority.ts'
import { DEVELOPMENT_ROOT } from '../configuration.ts'
import type { KeyEvent, KeyReplacement } from '../key-store.ts'
import { type Arrival, type ArrivedGrant, arrival } from './arrival.ts'
import { isRevokedBy, publicKeyOf } from './counting.ts'
import { addressees, longerChain } from './incoming.ts'
import { type KeysNow, storedKey } from './now.ts'
import { ability } from './promote.ts'
import type { KeyRefusal } from './refusal.ts'
import { type Order, type Plan, type Taken, takeStep } from './step.ts'

/** What came from the ceremony; in any order, and with what is known already. */
export interface Incoming {
  /** Root manifests as JSON texts. */
  readonly manifests: readonly string[]
  /** LK1 strings. */
  readonly certificates: readonly string[]
  /** How many manifests of the chain this instance published before: more than it has, after a restore. */
  readonly published: number
}

export interface Imported {
  readonly certified: readonly ArrivedGrant[]
  /** Versions of the manifests that are new. */
  readonly manifests: readonly number[]
  /** Signing keys that they revoke. */
  readonly revoked: readonly string[]
  /** The development root is revoked: nothing needs its private part any more. */
  readonly developmentRootLeft: boolean
}

/**
 * Takes in certificates and root manifests, all in one batch or none of it. Refuses a certificate of another root, of
 * an unknown key, for another usage or below the threshold; manifests that do not follow from the chain; and a
 * manifest after which the key that signs could sign no more, unless the same import mends that, or it was revoked
 * by a manifest that was published before. Keys that a manifest revokes are revoked here too.
 */
export function importTrust(
  authority: Authority,
  incoming: Incoming,
  order: Order,
): Promise<Result<Taken<Imported>, KeyRefusal>> {
  return takeStep(authority, order, (now) => planOf(authority, now, incoming))
}

function planOf(authority: Authority, now: KeysNow, incoming: Incoming): Result<Plan<Imported>, KeyRefusal> {
  const { crypto } = authority
  const longer = longerChain(now, incoming.manifests, crypto)
  if (!longer.ok) return longer
  const { fresh, chain } = longer.value
  const then = { ...now, chain }
  const addressed = addressees(now, incoming.certificates, crypto)
  if (!addressed.ok) return addressed
  const arrived: Arrival[] = []
  for (const { key, texts } of addressed.value) {
    const one = arrival(then, key, texts, crypto)
    if (!one.ok) return one
    arrived.push(one.value)
  }
  const replace = arrived.flatMap(({ replacement }) => replacement ?? [])
  const stopped = stoppedBy(authority, now, then, replace, chain.slice(0, incoming.published))
  if (stopped !== null) return no(stopped)
  const revoked = revokedBy(then)
  const isLeft = isRootRevoked(now, chain)
  const report = {
    certified: arrived.flatMap(({ grants }) => grants),
    manifests: fresh.map(({ manifest }) => manifest.version),
    revoked: revoked.map(({ after }) => after.kid),
    developmentRootLeft: isLeft,
  }
  if (fresh.length + replace.length + revoked.length === 0) return yes({ change: null, report })
  return yes({
    change: {
      replace: [...replace, ...revoked],
      manifests: fresh.map(({ text }) => text),
      ...(isLeft && { settings: { [DEVELOPMENT_ROOT]: null } }),
      events: [
        ...fresh.map(({ manifest }) => advanced(manifest)),
        ...arrived.flatMap(({ events }) => events),
        ...revoked.map(({ after }) => revokedEvent(after.kid, chain)),
      ],
    },
    ending: report.revoked,
    report,
  })
}

/** A key that signs now and could not afterwards; its certificates as this import leaves them. */
function stoppedBy(
  authority: Authority,
  now: KeysNow,
  then: KeysNow,
  replace: readonly KeyReplacement[],
  published: readonly RootManifest[],
): KeyRefusal | null {
  const active = now.keys.filter(
    (key) =>
      key.status === 'active' &&
      ability(authority, now, key).ok &&
      // What software refuses already is not to be signed with for the sake of a database that has forgotten it.
      !isRevokedBy(published, publicKeyOf(key)),
  )
  const stopped = active.find((key) => {
    const certificates = replace.find(({ after }) => after.kid === key.kid)?.after.certificates
    return !ability(authority, then, { ...key, certificates: certificates ?? key.certificates }).ok
  })
  return stopped === undefined
    ? null
    : { reason: 'would_stop_signing', kid: stopped.kid, usage: stopped.usage }
}

function revokedBy(then: KeysNow): readonly KeyReplacement[] {
  return then.keys
    .filter((key) => key.status !== 'revoked' && isRevokedBy(then.chain, publicKeyOf(key)))
    .map(({ kid }) => {
      const before = storedKey(then, kid)
      return { before, after: { ...before, status: 'revoked', sealed: null } }
    })
}

function isRootRevoked({ developmentRoot }: KeysNow, chain: readonly RootManifest[]): boolean {
  return chain.at(-1)?.revoked.some(({ kid }) => kid === developmentRoot) ?? false
}

function advanced({ version, threshold, keys, revoked }: RootManifest): KeyEvent {
  const detail = { version, threshold, keys: kidsOf(keys), revoked: kidsOf(revoked) }
  return { kid: null, type: 'root_advanced', detail }
}

const kidsOf = (keys: readonly { readonly kid: string }[]): string => keys.map(({ kid }) => kid).join(' ')

function revokedEvent(kid: string, chain: readonly RootManifest[]): KeyEvent {
  return { kid, type: 'revoked', detail: { manifest: chain.at(-1)?.version ?? 0 } }
}
