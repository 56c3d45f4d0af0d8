import type { Sha256 } from '../format/bytes.ts'
import { MANIFESTS_PER_CHAIN } from '../format/limits.ts'
import { remember } from '../format/remember.ts'
import { type ReadManifest, readSigned } from '../format/signed-manifest.ts'
import { walk } from './chain.ts'
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
export function prepare(manifests: readonly ReadManifest[], alsoRevoked: readonly string[] = []): Trust {
  const revoked = new Set([...(manifests.at(-1)?.revoked.map(({ x }) => x) ?? []), ...alsoRevoked])
  const keys = manifests.flatMap((one) => one.keys).filter(({ x }) => !revoked.has(x))
  const trust = { manifests, revoked, keys, met: new Map() }
  opened.add(trust)
  return trust
}

/** Version of the newest manifest; 0 when nothing is trusted. */
export const newestIn = ({ manifests }: Trust): number => manifests.at(-1)?.version ?? 0

/** Distinct inputs remembered; programs pin one or two. */
const REMEMBERED_INPUTS = 16

/** What was opened, by the text of the input, so that a program may hand in the same manifests on every call. */
export type TrustMemory = Map<string, OpenedTrust>

/**
 * Reads and verifies a chain of root manifests (contract 1.3); refused as a whole when any part does not hold. What was
 * opened before is not verified again.
 */
export function* openTrust(input: unknown, memory: TrustMemory, sha256: Sha256): Steps<OpenedTrust> {
  if (opened.has(input as Trust)) return { ok: true, trust: input as Trust }
  const text = textOf(input)
  return memory.get(text) ?? remember(memory, REMEMBERED_INPUTS, text, yield* open(text, sha256))
}

/** `openTrust` of a text, without a memory. */
export function* open(text: string, sha256: Sha256): Steps<OpenedTrust> {
  const texts = manifestsIn(text)
  const chain: ReadManifest[] = []
  const read = texts.length > MANIFESTS_PER_CHAIN ? [] : texts.map((one) => readSigned(one, sha256))
  const why = yield* walk(chain, read)
  if (why === null && chain.length > 0) return { ok: true, trust: prepare(chain) }
  return { ok: false, trust: prepare([]), why: why ?? `no manifest, or over ${MANIFESTS_PER_CHAIN}` }
}
