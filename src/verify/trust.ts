import type { Sha256 } from '../format/bytes.ts'
import type { KeyCertificate } from '../format/key-certificate.ts'
import type { SignedObject } from '../format/license-text.ts'
import type { RevocationList } from '../format/revocations.ts'
import type { RootKey, RootManifest } from '../format/root-manifest.ts'
import type { Attested } from './attestation.ts'
import { type Bounded, bounded } from './bounded.ts'
import type { MetCertificate } from './certification.ts'
import { keyName, walk } from './chain.ts'
import type { Steps } from './steps.ts'
import { readParts } from './trust-input.ts'

/** A chain of root manifests that was verified, prepared for looking things up. Made by `openTrust` alone. */
export interface Trust {
  /** Pinned first, newest last. */
  readonly manifests: readonly RootManifest[]
  /** Per manifest, what a certificate needs under it: so many of these keys, by their names. */
  readonly quorums: readonly Quorum[]
  /** Every root key that counts under some manifest, by key id: the signature decides which one it was. */
  readonly roots: ReadonlyMap<string, readonly RootKey[]>
  /** Names of the signing and root keys that the newest manifest revokes. */
  readonly revoked: ReadonlySet<string>
  /** Certificates whose signatures were checked already, by the first bits of the digest of their bytes. */
  readonly met: Bounded<number, MetCertificate>
  /** Certificates by the text they stood in, read and not verified: all codes of a key end alike. */
  readonly texts: Bounded<string, readonly SignedObject<KeyCertificate>[]>
  /** Revocation lists that held, by their text: one of 4 MiB is worth remembering. */
  readonly lists: Bounded<string, MetList>
}

export interface MetList {
  /** The product that the certificate of its key had to cover; null = every one. */
  readonly product: number | null
  readonly attested: Attested<RevocationList>
}

export interface Quorum {
  readonly threshold: number
  readonly keys: ReadonlySet<string>
}

/** A trust, or why the input is none: a sentence for people, with no fixed wording. */
export type OpenedTrust =
  | { readonly ok: true; readonly trust: Trust }
  | { readonly ok: false; readonly why: string }

/** Certificates remembered per trust: years of rotations, and a bound against made-up ones. */
const REMEMBERED_CERTIFICATES = 256

/** Distinct endings of license texts; a server meets one per signing key. */
const REMEMBERED_TEXTS = 16

/** Programs are of one product, and a product has one list. */
const REMEMBERED_LISTS = 1

const opened = new WeakSet<object>()

/** True for a value that came from `openTrust`; a look-alike, for instance from JSON, is none. */
export function isTrust(value: unknown): value is Trust {
  return typeof value === 'object' && value !== null && opened.has(value)
}

/** Reads and verifies a chain of root manifests (contract 1.3); refused as a whole when any part does not hold. */
export function* open(parts: readonly unknown[], sha256: Sha256): Steps<OpenedTrust> {
  const chain = readParts(parts, sha256)
  if (!chain.every((manifest) => manifest !== null)) return { ok: false, why: 'a root manifest is malformed' }
  const walked = yield* walk(chain)
  return walked.ok ? { ok: true, trust: prepare(walked.manifests) } : walked
}

/** Version of the newest manifest; 0 when nothing is trusted. */
export function newestIn({ manifests }: Trust): number {
  return manifests.at(-1)?.version ?? 0
}

/** Trusts nothing: every code is of an unknown key. */
export const NO_TRUST: Trust = prepare([])

/**
 * The trust in manifests that were verified. `alsoRevoked` are names of keys that a manifest revoked which was
 * accepted once and is not at hand.
 */
export function prepare(manifests: readonly RootManifest[], alsoRevoked: readonly string[] = []): Trust {
  const newest = manifests.at(-1)?.revoked ?? []
  const revoked = new Set([...newest.map(keyName), ...alsoRevoked])
  const roots = new Map<string, RootKey[]>()
  const quorums = manifests.map(({ threshold, keys }) => {
    const counting = new Map(keys.map((key) => [keyName(key), key]))
    for (const name of revoked) counting.delete(name)
    for (const [name, key] of counting) remember(roots, name, key)
    return { threshold, keys: new Set(counting.keys()) }
  })
  const trust = {
    manifests,
    quorums,
    roots,
    revoked,
    met: bounded<number, MetCertificate>(REMEMBERED_CERTIFICATES),
    texts: bounded<string, readonly SignedObject<KeyCertificate>[]>(REMEMBERED_TEXTS),
    lists: bounded<string, MetList>(REMEMBERED_LISTS),
  }
  opened.add(trust)
  return trust
}

function remember(roots: Map<string, RootKey[]>, name: string, key: RootKey): void {
  const sharing = roots.get(key.kid) ?? []
  if (!sharing.some((other) => keyName(other) === name)) roots.set(key.kid, [...sharing, key])
}
