import type { Seconds } from '../../domain/time.ts'
import { encodeBase64url } from '../../format/base64url.ts'
import {
  type CertificationRequest,
  readRequest,
  requestPayload,
  requestSigned,
  writeRequest,
} from '../../format/certification-request.ts'
import { keyId } from '../../format/jws.ts'
import type { Authority } from '../authority.ts'
import type { KeyPair } from '../ceremony/root-key.ts'
import type { Crypto } from '../host.ts'
import type { KeyUsage, StoredKey } from '../key-store.ts'
import { signingKeyPurpose } from '../purposes.ts'
import { certificateOf, counted, publicKeyOf } from './counting.ts'
import type { KeysNow } from './now.ts'

/** Issuing window of a key: twelve months (security 7). */
export const WINDOW: Seconds = 366 * 86_400

/** How long before the last window ends that of the next spare opens, so that it can take over in time (security 7). */
export const OVERLAP: Seconds = 90 * 86_400

/** Longest window a root certifies, and the end of what a certificate can write (contract 1.2). */
const LONGEST_WINDOW: Seconds = 5 * 366 * 86_400
const LAST_WINDOW_END: Seconds = 0xffff_ffff

export const isWindow = (from: Seconds, to: Seconds): boolean =>
  from < to && to - from <= LONGEST_WINDOW && to <= LAST_WINDOW_END

/** What the root is asked to certify, but for the key itself. */
export type Wish = Omit<CertificationRequest, 'kid' | 'publicKey'>

/** A certification request, signed by the key it speaks of: proof that whoever asks has its private part. */
export function signRequest(pair: KeyPair, wish: Wish, crypto: Crypto): string {
  const kid = keyId(pair.publicKey, crypto.sha256)
  const payload = requestPayload({ ...wish, kid, publicKey: pair.publicKey })
  const signature = crypto.signer(pair.privateKey, pair.publicKey).sign(requestSigned(kid, payload))
  return writeRequest(kid, payload, signature)
}

/** The request of a key as it was stored; null when it never asked. */
export function requestOf({ kid, request }: StoredKey, crypto: Crypto): CertificationRequest | null {
  if (request === null) return null
  const read = readRequest(request, crypto.sha256)
  if (read === null) throw new Error(`the stored certification request of key ${kid} cannot be read`)
  return read.request
}

/** Whether a key has asked for a certificate that has not come yet. */
export function isWaiting(key: StoredKey, { chain }: Pick<KeysNow, 'chain'>, crypto: Crypto): boolean {
  const asked = requestOf(key, crypto)
  if (asked === null || key.status === 'revoked') return false
  return !counted(key, chain, crypto).some(({ serial }) => serial === asked.serial)
}

/** The keys that wait and may still sign one day. */
export function waitingKeys(now: KeysNow, crypto: Crypto): readonly StoredKey[] {
  const living = now.keys.filter(({ status }) => MAY_SIGN.includes(status))
  return living.filter((key) => isWaiting(key, now, crypto))
}

/** One more than any serial that a stored certificate or request has. */
export function nextSerial({ stored }: Pick<KeysNow, 'stored'>, crypto: Crypto): number {
  const known = stored.flatMap((key) => [
    ...windowsOf(key, crypto).map(({ serial }) => serial),
    requestOf(key, crypto)?.serial ?? 0,
  ])
  return Math.max(0, ...known) + 1
}

/**
 * Where the window of the next spare of this usage begins: three months before the last one ends that a key has or
 * has asked for, spares for a leak left out, never before now.
 */
export function spareWindowStart(now: KeysNow, usage: KeyUsage, crypto: Crypto): Seconds {
  return Math.max(now.now, lastWindowEnd(now, usage, crypto) - OVERLAP)
}

/**
 * `now` when no key of the usage has a window. A spare that was open when it was made does not count where it opened
 * before one that follows would have: it is for a leak, and what follows it would come too late. Later, one that
 * follows is open at once, too, and so both count.
 */
function lastWindowEnd({ keys, now }: KeysNow, usage: KeyUsage, crypto: Crypto): Seconds {
  const usable = keys.filter((key) => key.usage === usage && MAY_SIGN.includes(key.status))
  const atOnce = usable.filter((key) => wasOpenWhenMade(key, crypto))
  const others = usable.filter((key) => !atOnce.includes(key))
  const last = Math.max(now, ...others.flatMap((key) => endsOf(key, crypto)))
  const following = atOnce.filter((key) => (requestOf(key, crypto)?.from ?? 0) >= last - OVERLAP)
  return Math.max(last, ...following.flatMap((key) => endsOf(key, crypto)))
}

const MAY_SIGN: readonly StoredKey['status'][] = ['pending', 'active']

/** Of a spare that is one still: an active key is followed, whatever it was made for. */
function wasOpenWhenMade(key: StoredKey, crypto: Crypto): boolean {
  const asked = requestOf(key, crypto)
  return key.spare && key.status === 'pending' && asked !== null && asked.from <= asked.createdAt
}

const endsOf = (key: StoredKey, crypto: Crypto): readonly Seconds[] => [
  ...windowsOf(key, crypto).map(({ to }) => to),
  requestOf(key, crypto)?.to ?? 0,
]

function windowsOf({ kid, certificates }: StoredKey, crypto: Crypto) {
  return certificates.map((text) => certificateOf(kid, text, crypto))
}

/** The key pair of a key whose private part lies here. Throws `SealBroken` when it does not open. */
export function openPair({ sealing }: Pick<Authority, 'sealing'>, key: StoredKey): KeyPair {
  const { kid, sealed } = key
  if (sealed === null) throw new Error(`the private part of key ${kid} is not here`)
  return { privateKey: sealing.open(signingKeyPurpose(kid), sealed), publicKey: publicKeyOf(key) }
}

/** A new pending key as it is stored; its private part sealed, or away when it is a spare. */
export function pendingKey(
  { sealing, crypto }: Pick<Authority, 'sealing' | 'crypto'>,
  pair: KeyPair,
  facts: {
    readonly usage: KeyUsage
    readonly spare: boolean
    readonly request: string
    readonly createdAt: Seconds
  },
): StoredKey {
  const kid = keyId(pair.publicKey, crypto.sha256)
  return {
    kid,
    ...facts,
    status: 'pending',
    publicKey: encodeBase64url(pair.publicKey),
    sealed: facts.spare ? null : sealing.seal(signingKeyPurpose(kid), pair.privateKey),
    certificates: [],
    certifiedAt: null,
  }
}
