import { concat, equalBytes, type Sha256, utf8 } from './bytes.ts'
import { keyId } from './jws.ts'
import { PUBLIC_KEY_BYTES } from './layout.ts'
import { keyLines, readKeyLines, type TypedFault } from './typed-lines.ts'

/** What the private key in the file signs: the seller's root objects, or as a spare what a server signs. */
export type SealedPurpose = 'root' | 'spare'

/** A private key under a passphrase, as it lies in a safe: as a file or typed back from paper. */
export interface SealedKey {
  readonly purpose: SealedPurpose
  readonly publicKey: Uint8Array
  readonly sealed: SealedSecret
}

export interface SealedSecret {
  readonly cost: ScryptCost
  /** 16 bytes. */
  readonly salt: Uint8Array
  /** 12 bytes, AES-256-GCM. */
  readonly iv: Uint8Array
  /** The ciphertext and the 16-byte tag behind it. */
  readonly text: Uint8Array
}

/** Work factor of scrypt, RFC 7914 2: N = 2^logN blocks of 128·r bytes, p times. */
export interface ScryptCost {
  readonly logN: number
  readonly r: number
  readonly p: number
}

export type SealedKeyFault = TypedFault | 'altered' | 'unsupported_version' | 'too_costly'

export type SealedKeyRead =
  | { readonly ok: true; readonly key: SealedKey }
  /** `line` is the number written in front of the line; 0 where no single line is to blame. */
  | { readonly ok: false; readonly line: number; readonly why: SealedKeyFault }

const VERSION = 1
const PURPOSES: readonly SealedPurpose[] = ['root', 'spare']
const SALT = { at: 5, end: 21 }
const IV = { at: 21, end: 33 }
/** An Ed25519 private key and the tag. */
const TEXT = { at: 33, end: 81 }
const PUBLIC = { at: 81, end: 81 + PUBLIC_KEY_BYTES }
const DIGEST_BYTES = 7
const FILE_BYTES = PUBLIC.end + DIGEST_BYTES

/** Blocks times passes, four times the usual: a made-up file must not eat the machine. */
const MOST_WORK = 2 ** 22
/** Bytes, four times the usual. */
const MOST_MEMORY = 2 ** 29

/** False for a work factor that is none, or that no machine of an officer should be asked for. */
export function isAffordable({ logN, r, p }: ScryptCost): boolean {
  if (logN < 1 || logN > 30 || r < 1 || p < 1) return false
  return 2 ** logN * r * p <= MOST_WORK && 128 * r * (2 ** logN + p) <= MOST_MEMORY
}

/** What is authenticated beside the sealed private key: it opens only as what it is, next to its public key. */
export function sealedKeyAbout(purpose: SealedPurpose, publicKey: Uint8Array): Uint8Array {
  return concat(utf8(`licet-sealed-key ${VERSION} ${purpose}\n`), publicKey)
}

/** The file's text, which is its paper form too. RangeError for a part of a wrong length. */
export function writeSealedKey(key: SealedKey, sha256: Sha256): string {
  const { cost } = key.sealed
  const kid = keyId(key.publicKey, sha256)
  const what = key.purpose === 'root' ? 'root key' : 'spare signing key'
  return [
    `# Licet ${what} ${kid}: the private part, sealed under a passphrase`,
    `# (scrypt N=2^${cost.logN} r=${cost.r} p=${cost.p}, AES-256-GCM). Print it, or copy it by hand.`,
    '# Whoever types it back may write small letters, O for 0, and I or L for 1.',
    ...keyLines(bytesOf(key, sha256), sha256),
    '',
  ].join('\n')
}

/**
 * Reads the text of a sealed key. Lines that begin with `#` and empty lines say nothing; the numbered lines must be
 * there in their order, and the first wrong one is named. Nothing is opened, and its work factor is bounded.
 */
export function readSealedKey(text: string, sha256: Sha256): SealedKeyRead {
  const typed = readKeyLines(text, FILE_BYTES, sha256)
  if (!typed.ok) return typed
  const body = typed.bytes.subarray(0, PUBLIC.end)
  if (!equalBytes(typed.bytes.subarray(PUBLIC.end), digestOf(body, sha256))) return refuse('altered')
  const [version, purposeByte, logN, r, p] = body as unknown as [number, number, number, number, number]
  const purpose = PURPOSES[purposeByte - 1]
  if (version !== VERSION || purpose === undefined) return refuse('unsupported_version')
  const cost = { logN, r, p }
  if (!isAffordable(cost)) return refuse('too_costly')
  const part = ({ at, end }: typeof SALT) => body.slice(at, end)
  return {
    ok: true,
    key: {
      purpose,
      publicKey: part(PUBLIC),
      sealed: { cost, salt: part(SALT), iv: part(IV), text: part(TEXT) },
    },
  }
}

const refuse = (why: SealedKeyFault) => ({ ok: false, line: 0, why }) as const

function bytesOf({ purpose, publicKey, sealed }: SealedKey, sha256: Sha256): Uint8Array {
  const { cost, salt, iv, text } = sealed
  const head = Uint8Array.of(VERSION, PURPOSES.indexOf(purpose) + 1, cost.logN, cost.r, cost.p)
  const body = concat(head, salt, iv, text, publicKey)
  if (body.length !== PUBLIC.end) throw new RangeError('a part of a sealed key has a wrong length')
  return concat(body, digestOf(body, sha256))
}

/** Ties the lines together: each may be good by itself and from another file. */
const digestOf = (body: Uint8Array, sha256: Sha256): Uint8Array =>
  sha256(concat(utf8('licet-sealed-key\n'), body)).subarray(0, DIGEST_BYTES)
