import type { Sha256 } from '../format/bytes.ts'
import type { RootKey, RootManifest } from '../format/root-manifest.ts'
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

const opened = new WeakSet<object>()

/** True for a value that came from `openTrust`; a look-alike, for instance from JSON, is none. */
export function isTrust(value: unknown): value is Trust {
  return typeof value === 'object' && value !== null && opened.has(value)
}

/** Reads and verifies a chain of root manifests (contract 1.3); refused as a whole when any part does not hold. */
export function* open(parts: readonly unknown[], sha256: Sha256): Steps<OpenedTrust> {
  const chain = readParts(parts, sha256)
  if (chain === null) return { ok: false, why: 'a root manifest is malformed' }
  const walked = yield* walk(chain)
  return walked.ok ? { ok: true, trust: prepare(walked.manifests) } : walked
}

/** Trusts nothing: every code is of an unknown key. */
export const NO_TRUST: Trust = prepare([])

function prepare(manifests: readonly RootManifest[]): Trust {
  const revoked = new Set(manifests.at(-1)?.revoked.map(keyName))
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
  }
  opened.add(trust)
  return trust
}

function remember(roots: Map<string, RootKey[]>, name: string, key: RootKey): void {
  const sharing = roots.get(key.kid) ?? []
  if (!sharing.some((other) => keyName(other) === name)) roots.set(key.kid, [...sharing, key])
}
