import { no, type Result, yes } from '../../domain/result.ts'
import { keyId } from '../../format/jws.ts'
import {
  readSealedKey,
  type SealedKeyFault,
  type SealedPurpose,
  sealedKeyAbout,
  writeSealedKey,
} from '../../format/sealed-key.ts'
import type { Crypto, PassphraseSealing, PromptSigner } from '../host.ts'
import type { RootSigner } from './root-signer.ts'

export interface KeyPair {
  readonly privateKey: Uint8Array
  readonly publicKey: Uint8Array
}

/** A key out of a sealed key file: a root key signs certificates and manifests, a spare is to be brought home. */
export interface OpenedKeyFile extends RootSigner {
  readonly privateKey: Uint8Array
}

/** Why a sealed key file does not open. */
export type KeyFileRefusal =
  /** `line` is the number in front of the wrong line; 0 where no single one is to blame. */
  | { readonly reason: 'unreadable'; readonly line: number; readonly why: SealedKeyFault }
  | { readonly reason: 'wrong_purpose'; readonly kid: string; readonly purpose: SealedPurpose }
  | { readonly reason: 'wrong_passphrase'; readonly kid: string }
  /** Whoever sealed it put another public key beside the private one. */
  | { readonly reason: 'not_a_pair'; readonly kid: string }

/** The text of a sealed key file; RangeError for an empty passphrase. */
export async function sealKey(
  passphrases: PassphraseSealing,
  crypto: Pick<Crypto, 'sha256'>,
  passphrase: string,
  purpose: SealedPurpose,
  { privateKey, publicKey }: KeyPair,
): Promise<string> {
  const sealed = await passphrases.seal(passphrase, privateKey, sealedKeyAbout(purpose, publicKey))
  return writeSealedKey({ purpose, publicKey, sealed }, crypto.sha256)
}

/** Opens a sealed key file of this purpose. */
export async function openKey(
  passphrases: PassphraseSealing,
  crypto: Crypto,
  passphrase: string,
  text: string,
  purpose: SealedPurpose,
): Promise<Result<OpenedKeyFile, KeyFileRefusal>> {
  const read = readSealedKey(text, crypto.sha256)
  if (!read.ok) return no({ reason: 'unreadable', line: read.line, why: read.why })
  const { publicKey, sealed, purpose: written } = read.key
  const kid = keyId(publicKey, crypto.sha256)
  if (written !== purpose) return no({ reason: 'wrong_purpose', kid, purpose: written })
  const privateKey = await passphrases.open(passphrase, sealed, sealedKeyAbout(purpose, publicKey))
  if (privateKey === null) return no({ reason: 'wrong_passphrase', kid })
  const signer = signerOf(crypto, { privateKey, publicKey })
  return signer === null ? no({ reason: 'not_a_pair', kid }) : yes({ kid, publicKey, privateKey, signer })
}

function signerOf(crypto: Crypto, { privateKey, publicKey }: KeyPair): PromptSigner | null {
  try {
    return crypto.signer(privateKey, publicKey)
  } catch {
    return null
  }
}
