import { MANIFESTS_PER_CHAIN, REMEMBERED_INPUTS } from '../format/limits.ts'
import { remember } from '../format/remember.ts'
import { type ReadManifest, readSigned } from '../format/signed-manifest.ts'
import { follow } from './chain.ts'
import { chainFaultText } from './chain-fault-text.ts'
import { type ChainFault, NONE_OR_TOO_MANY } from './chain-faults.ts'
import type { MetCertificate } from './endorsement.ts'
import type { Steps } from './steps.ts'
import { manifestsIn, textOf } from './trust-input.ts'

/** A chain of root manifests that was verified, and what was met under it. Made by `openTrust` alone. */
export interface Trust {
  /** Pinned first, newest last. */
  readonly manifests: readonly ReadManifest[]
  /** The signing and root keys, by their x, that the newest manifest revokes. */
  readonly revoked: ReadonlySet<string>
  /** The root keys that may have signed a certificate: those of every manifest but the revoked. */
  readonly keys: ReadManifest['keys']
  /** Certificates whose signatures were checked already, by digest. */
  readonly met: Map<string, MetCertificate>
}

/**
 * A trust; or why the input is none, a sentence for people with no fixed wording, and a trust in nothing: every code is
 * of an unknown key.
 */
export type OpenedTrust =
  | { readonly ok: true; readonly trust: Trust }
  | { readonly ok: false; readonly trust: Trust; readonly why: string }

/** Every trust that there is; a look-alike, for instance from JSON, is none. */
const opened = new WeakSet<object>()

/**
 * The trust in manifests that were verified. `alsoRevoked` are keys that a manifest revoked which was accepted once
 * and is not at hand.
 */
export const prepare = (manifests: readonly ReadManifest[], alsoRevoked: readonly string[] = []): Trust => {
  const revoked = new Set(alsoRevoked)
  // The newest manifest repeats what those before it revoke.
  for (const { x } of manifests.flatMap((one) => one.revoked)) revoked.add(x)
  const trust = {
    manifests,
    revoked,
    keys: manifests.flatMap((one) => one.keys).filter(({ x }) => !revoked.has(x)),
    met: new Map(),
  }
  opened.add(trust)
  return trust
}

/** Version of the newest manifest; 0 when nothing is trusted. */
export const newestIn = ({ manifests }: Trust): number => manifests.at(-1)?.version ?? 0

/** A trust that was opened, or one in nothing and why. */
export type Opened = readonly [trust: Trust, fault: ChainFault | null]

/** What was opened, by the text of the input, so that a program may hand in the same manifests on every call. */
export type TrustMemory = Map<string, Opened>

/**
 * Reads and verifies a chain of root manifests (contract 1.3); refused as a whole when any part does not hold. What was
 * opened before is not verified again.
 */
export function* trustIn(input: unknown, memory: TrustMemory): Steps<Opened> {
  if (opened.has(input as Trust)) return [input as Trust, null]
  const text = textOf(input)
  const known = memory.get(text)
  if (known) return known
  const texts = manifestsIn(text)
  const chain: ReadManifest[] = []
  const isChain = texts.length && texts.length <= MANIFESTS_PER_CHAIN
  let fault: ChainFault | null = isChain ? null : [NONE_OR_TOO_MANY]
  for (const one of texts) fault ??= yield* follow(chain, yield* readSigned(one))
  return remember(memory, REMEMBERED_INPUTS, text, [prepare(fault ? [] : chain), fault])
}

/** `trustIn`, and what is wrong in words. */
export function* openTrust(input: unknown, memory: TrustMemory): Steps<OpenedTrust> {
  const [trust, fault] = yield* trustIn(input, memory)
  return fault ? { ok: false, trust, why: chainFaultText(fault) } : { ok: true, trust }
}
