import type { Sha256 } from '../format/bytes.ts'
import { MANIFESTS_PER_CHAIN } from '../format/limits.ts'
import { remember } from '../format/remember.ts'
import { type ReadManifest, readSigned } from '../format/signed-manifest.ts'
import type { MetList } from './attestation.ts'
import { walk, walkOn } from './chain.ts'
import type { MetCertificate } from './endorsement.ts'
import type { Steps } from './steps.ts'
import { partsOf, textsIn } from './trust-input.ts'

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
  /** The revocation list that held last. */
  list?: MetList
  /** The trust walked on over manifests met since, the last time. */
  readonly extensions: Map<string, Extension>
}

/** The trust with what was met, and whether something of that is malformed or does not follow. */
export type Extension = readonly [trust: Trust, refused: boolean]

/** A trust, or why the input is none: a sentence for people, with no fixed wording. */
export type OpenedTrust =
  | { readonly ok: true; readonly trust: Trust }
  | { readonly ok: false; readonly why: string }

const opened = new WeakSet<object>()

/** True for a value that came from `openTrust`; a look-alike, for instance from JSON, is none. */
export const isTrust = (value: unknown): value is Trust => opened.has(value as object)

/**
 * The trust in manifests that were verified. `alsoRevoked` are keys that a manifest revoked which was accepted once
 * and is not at hand.
 */
function prepare(manifests: readonly ReadManifest[], alsoRevoked: readonly string[] = []): Trust {
  const revoked = new Set([...(manifests.at(-1)?.revoked.map(({ x }) => x) ?? []), ...alsoRevoked])
  const trust: Trust = {
    manifests,
    revoked,
    keys: manifests.flatMap(({ keys }) => keys).filter(({ x }) => !revoked.has(x)),
    met: new Map(),
    extensions: new Map(),
  }
  opened.add(trust)
  return trust
}

/** Trusts nothing: every code is of an unknown key. */
const NO_TRUST: Trust = prepare([])

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
  if (isTrust(input)) return { ok: true, trust: input }
  const parts = partsOf(input)
  const key = JSON.stringify(parts)
  return memory.get(key) ?? remember(memory, REMEMBERED_INPUTS, key, yield* open(parts, sha256))
}

/** `openTrust` without a memory. */
export function* open(parts: readonly string[], sha256: Sha256): Steps<OpenedTrust> {
  const texts = textsIn(parts)
  if (texts.length > MANIFESTS_PER_CHAIN) return no(`over ${MANIFESTS_PER_CHAIN} root manifests`)
  const later = texts.map((text) => readSigned(text, sha256))
  const manifests: ReadManifest[] = []
  const fault = later.every((one) => one !== null)
    ? yield* walk(manifests, later)
    : 'a root manifest is malformed'
  if (fault !== null) return no(fault)
  return manifests.length > 0 ? { ok: true, trust: prepare(manifests) } : no('no root manifest was given')
}

const no = (why: string) => ({ ok: false, why }) as const

/** As `openTrust`; what cannot be trusted becomes a trust in nothing. */
export function* trustIn(input: unknown, memory: TrustMemory, sha256: Sha256): Steps<Trust> {
  const found = yield* openTrust(input, memory, sha256)
  return found.ok ? found.trust : NO_TRUST
}

/**
 * The trust walked on over manifests met since, with keys that are known to be revoked from elsewhere. The last
 * extension of each trust is remembered; without anything new the trust is its own.
 */
export function* extended(
  trust: Trust,
  met: readonly (readonly string[])[],
  alsoRevoked: readonly string[],
  sha256: Sha256,
): Steps<Extension> {
  const missing = alsoRevoked.filter((x) => !trust.revoked.has(x))
  const texts = met.flatMap(textsIn)
  if (texts.length + missing.length === 0) return [trust, false]
  const key = JSON.stringify([texts, missing])
  const known = trust.extensions.get(key)
  if (known !== undefined) return known
  const manifests = [...trust.manifests]
  const refused = yield* walkOn(
    manifests,
    texts.map((text) => readSigned(text, sha256)),
  )
  const isNew = manifests.length > trust.manifests.length || missing.length > 0
  return remember(trust.extensions, 1, key, [isNew ? prepare(manifests, missing) : trust, refused])
}
