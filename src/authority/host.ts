import type { Seconds } from '../domain/time.ts'
import type { SealedSecret } from '../format/sealed-key.ts'

/** The host's cryptography: one call site per operation, synchronous but where a key is kept. */
export interface Crypto {
  sha256(bytes: Uint8Array): Uint8Array
  hmacSha256(key: Uint8Array, bytes: Uint8Array): Uint8Array
  /** Constant time for equal lengths; false for unequal ones. */
  equal(a: Uint8Array, b: Uint8Array): boolean
  /** Ed25519 behind strict-1; false, never a throw, for input of any shape. */
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean
  /** A prepared Ed25519 signer for a 32-byte private key; throws when it does not belong to `publicKey`. */
  signer(privateKey: Uint8Array, publicKey: Uint8Array): PromptSigner
  /**
   * As `signer`, for a key that signs as long as the server runs: where the host can keep it so, its private part
   * cannot be read again.
   */
  keptSigner(privateKey: Uint8Array, publicKey: Uint8Array): Signer
  newKeyPair(): { readonly privateKey: Uint8Array; readonly publicKey: Uint8Array }
}

export interface Signer {
  /** At once, or where the host signs elsewhere, later. */
  sign(message: Uint8Array): Uint8Array | Promise<Uint8Array>
}

export interface PromptSigner extends Signer {
  sign(message: Uint8Array): Uint8Array
}

/** Secrets at rest, under the master key. `purpose` is authenticated: a sealed value opens only as what it was. */
export interface Sealing {
  seal(purpose: string, secret: Uint8Array): string
  /** Throws `SealBroken` when the master key or the purpose is another, or the text was altered. */
  open(purpose: string, sealed: string): Uint8Array
}

/** Secrets that leave this machine on paper or a stick, under a passphrase (scrypt, RFC 7914). */
export interface PassphraseSealing {
  /**
   * `about` is authenticated: the sealed bytes open only beside it. Takes a noticeable part of a second at the usual
   * work factor; throws RangeError for an empty passphrase.
   */
  seal(passphrase: string, secret: Uint8Array, about: Uint8Array): Promise<SealedSecret>
  /** null: another passphrase, or altered, or a work factor that is not `isAffordable`. */
  open(passphrase: string, sealed: SealedSecret, about: Uint8Array): Promise<Uint8Array | null>
}

/** The clock and randomness, given by the composition. */
export interface Ambient {
  /** Unix seconds. */
  now(): Seconds
  /** Unix milliseconds. */
  nowMs(): number
  random(length: number): Uint8Array
}

export interface Log {
  debug(event: string, detail?: LogDetail): void
  info(event: string, detail?: LogDetail): void
  warn(event: string, detail?: LogDetail): void
  error(event: string, detail?: LogDetail): void
}

/** Ids, codes and counts; never a query string, a license text, a name or a secret. */
export type LogDetail = Readonly<Record<string, string | number | boolean | null | undefined>>
