import type { Seconds } from '../../domain/time.ts'
import type { KeyCertificate } from '../../format/key-certificate.ts'
import type { Authority } from '../authority.ts'
import { certify, checkRequest } from '../ceremony/certify.ts'
import type { RootSigner } from '../ceremony/root-signer.ts'
import type { KeyUsage, StoredKey } from '../key-store.ts'
import { canaryRefusal } from './canary.ts'
import type { KeysNow } from './now.ts'
import { ability, abilityAtHome } from './promote.ts'
import { nextSerial, pendingKey, signRequest, WINDOW } from './request.ts'

export interface Successor {
  /** As it will be stored. */
  readonly key: StoredKey
  /** The stored key it was; null of one that was made now. */
  readonly before: StoredKey | null
}

/**
 * The key that takes over when the active one of a usage is gone: of those that wait here with their private part and
 * a certificate for now, the one with the widest certificate whose canary shipped software accepts. Without one, and
 * with a root at hand, a new one. null when there is neither.
 */
export function successorOf(
  authority: Authority,
  now: KeysNow,
  usage: KeyUsage,
  root: RootSigner | null,
): Successor | null {
  const [waiting] = now.keys
    .filter((key) => key.usage === usage && key.status === 'pending')
    .flatMap((key) => {
      const able = ability(authority, now, key)
      const good = able.ok && canaryRefusal(authority, now, key, able.value) === null
      return good ? [{ key, certificate: able.value }] : []
    })
    .sort((a, b) => breadth(b.certificate) - breadth(a.certificate) || b.certificate.to - a.certificate.to)
  if (waiting !== undefined) {
    const before = now.stored.find(({ kid }) => kid === waiting.key.kid) ?? null
    return { key: { ...waiting.key, status: 'active' }, before }
  }
  return root === null ? null : { key: madeBy(authority, now, usage, root), before: null }
}

/** A certified key that waits and cannot take over as things are. */
export interface Hindered {
  readonly kid: string
  /** Its private part is on this server. */
  readonly isHere: boolean
  /** When its window opens; null when it is open, and the private part alone is missing. */
  readonly opens: Seconds | null
}

/** The keys of a usage that could take over once they are brought home or their windows open; the first to open first. */
export function hinderedKeys(authority: Authority, now: KeysNow, usage: KeyUsage): readonly Hindered[] {
  const waiting = now.keys.filter((key) => key.usage === usage && key.status === 'pending')
  const hindered = waiting.flatMap((key): Hindered[] => {
    const { kid } = key
    const isHere = key.sealed !== null
    const able = abilityAtHome(authority, now, key)
    if (able.ok) return isHere ? [] : [{ kid, isHere, opens: null }]
    return able.no.reason === 'window_not_open' ? [{ kid, isHere, opens: able.no.from }] : []
  })
  return hindered.sort((a, b) => (a.opens ?? 0) - (b.opens ?? 0))
}

/** Every product before one, any term before a longest. */
const breadth = ({ product, maxTermMonths }: KeyCertificate): number =>
  (product === 0 ? 2 : 0) + (maxTermMonths === 0 ? 1 : 0)

function madeBy(authority: Authority, now: KeysNow, usage: KeyUsage, root: RootSigner): StoredKey {
  const { crypto, issuer } = authority
  const pair = crypto.newKeyPair()
  const window: { from: Seconds; to: Seconds } = { from: now.now, to: now.now + WINDOW }
  const limits = { product: 0, maxTermMonths: 0 }
  const wish = { usage, serial: nextSerial(now, crypto), ...window, ...limits, issuer, createdAt: now.now }
  const request = signRequest(pair, wish, crypto)
  const checked = checkRequest(request, crypto)
  if (!checked.ok) throw new Error('a certification request made here does not hold')
  const pending = pendingKey(authority, pair, { usage, spare: false, request, createdAt: now.now })
  const certificates = [certify(checked.value, root, crypto)]
  return { ...pending, status: 'active', certificates, certifiedAt: now.now }
}
