import type { KnownKey } from '../domain/keyring.ts'
import { decodeBase64url } from '../format/base64url.ts'
import type { KeyCertificate } from '../format/key-certificate.ts'
import { readKeyCertificate } from '../format/license-text.ts'
import { runSync } from '../verify/steps.ts'
import { open as openTrust, type Trust } from '../verify/trust.ts'
import { signingKeyPurpose } from './found.ts'
import type { Crypto, Sealing, Signer } from './host.ts'
import type { StoredKey } from './key-store.ts'

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
  /** LK1 strings of one key; they travel behind every code of it. */
  certificatesOf(kid: string): readonly string[]
  /** LK1 strings of every published key. */
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
  const known = stored.map((key) => knownKey(key, crypto))
  const active = stored.filter(({ status }) => status === 'active')
  const opened = new Map(active.map((key) => [key.kid, openKey(key, crypto, sealing)]))
  const certificates = new Map(stored.map((key) => [key.kid, key.certificates]))
  const trusted = runSync(openTrust(manifests, crypto.sha256), crypto)
  if (!trusted.ok) throw new Error(`the stored root manifests do not hold: ${trusted.why}`)
  return {
    known,
    open: (kid) => opened.get(kid) ?? missing(kid),
    certificatesOf: (kid) => certificates.get(kid) ?? [],
    certificates: stored.filter(({ status }) => status !== 'revoked').flatMap((key) => key.certificates),
    manifests,
    rootVersion: trusted.trust.manifests.at(-1)?.version ?? 0,
    trust: trusted.trust,
    developmentRoot,
  }
}

function knownKey({ kid, usage, status, publicKey, certificates }: StoredKey, crypto: Crypto): KeyringKey {
  const read = certificates.map((text) => certificateOf(kid, text, crypto))
  return { kid, usage, status, publicKey: bytesOf(kid, publicKey), certificates: read }
}

function certificateOf(kid: string, text: string, crypto: Crypto): KeyCertificate {
  const read = readKeyCertificate(text, crypto.sha256)
  if (!read.ok) throw new Error(`the stored certificate of key ${kid} is ${read.reason}`)
  return read.certificate.value
}

function openKey({ kid, sealed, publicKey }: StoredKey, crypto: Crypto, sealing: Sealing): OpenedKey {
  const bytes = bytesOf(kid, publicKey)
  const privateKey = sealing.open(signingKeyPurpose(kid), sealed ?? missing(kid))
  return { kid, publicKey: bytes, signer: crypto.signer(privateKey, bytes) }
}

function bytesOf(kid: string, publicKey: string): Uint8Array {
  return decodeBase64url(publicKey) ?? missing(kid)
}

function missing(kid: string): never {
  throw new Error(`the private half of key ${kid} is not here`)
}
