import type { KnownKey } from '../domain/keyring.ts'
import { manifestOf } from '../format/root-manifest.ts'
import { runSync } from '../verify/steps.ts'
import { openTrust, type Trust } from '../verify/trust.ts'
import type { Crypto, Sealing, Signer } from './host.ts'
import type { StoredKey } from './key-store.ts'
import { certificateOf, countedTexts, publicKeyOf } from './keys/counting.ts'
import { signingKeyPurpose } from './purposes.ts'

/** A signing key with its public half; the private half stays behind `Keyring.open`. */
export interface KeyringKey extends KnownKey {
  readonly publicKey: Uint8Array
}

export interface OpenedKey {
  readonly kid: string
  readonly publicKey: Uint8Array
  readonly signer: Signer
}

/** The keys of this server, read together and opened once. */
export interface Keyring {
  readonly known: readonly KeyringKey[]
  /** A key that signs. Throws for one whose private half is not here: only an active key is asked for. */
  open(kid: string): OpenedKey
  /** LK1 strings of one key that count; they travel behind every code of it. */
  certificatesOf(kid: string): readonly string[]
  /** LK1 strings that count, of every published key: pending ones and spares before they sign. */
  readonly certificates: readonly string[]
  /** Root manifests as JSON texts, version 1 first. */
  readonly manifests: readonly string[]
  readonly rootVersion: number
  /** What shipped software that pinned the first manifest believes. */
  readonly trust: Trust
  /** The private root key of a development instance lies on this server. */
  readonly developmentRoot: boolean
}

/**
 * Opens the active keys under the master key. Throws when a sealed key does not open, a certificate is
 * unreadable or the chain of manifests does not hold: a server must not run on keys it cannot vouch for.
 */
export function openKeyring(
  stored: readonly StoredKey[],
  manifests: readonly string[],
  developmentRoot: boolean,
  crypto: Crypto,
  sealing: Sealing,
): Keyring {
  const trusted = runSync(openTrust(manifests, new Map()), crypto)
  if (!trusted.ok) throw new Error(`the stored root manifests do not hold: ${trusted.why}`)
  const chain = trusted.trust.manifests.map(manifestOf)
  const active = stored.filter(({ status }) => status === 'active')
  const opened = new Map(active.map((key) => [key.kid, openKey(key, crypto, sealing)]))
  const certificates = new Map(stored.map((key) => [key.kid, countedTexts(key, chain, crypto)]))
  const certificatesOf = (kid: string) => certificates.get(kid) ?? []
  const published = stored.filter(({ status }) => status !== 'revoked')
  return {
    known: stored.map((key) => knownKey(key, certificatesOf(key.kid), crypto)),
    open: (kid) => opened.get(kid) ?? missing(kid),
    certificatesOf,
    certificates: published.flatMap(({ kid }) => certificatesOf(kid)),
    manifests,
    rootVersion: chain.at(-1)?.version ?? 0,
    trust: trusted.trust,
    developmentRoot,
  }
}

function knownKey(key: StoredKey, texts: readonly string[], crypto: Crypto): KeyringKey {
  const { kid, usage, status } = key
  const certificates = texts.map((text) => certificateOf(kid, text, crypto))
  return { kid, usage, status, publicKey: publicKeyOf(key), certificates }
}

function openKey(key: StoredKey, crypto: Crypto, sealing: Sealing): OpenedKey {
  const { kid, sealed } = key
  const publicKey = publicKeyOf(key)
  const privateKey = sealing.open(signingKeyPurpose(kid), sealed ?? missing(kid))
  return { kid, publicKey, signer: crypto.keptSigner(privateKey, publicKey) }
}

function missing(kid: string): never {
  throw new Error(`the private half of key ${kid} is not here`)
}
