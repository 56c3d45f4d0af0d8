import { no, type Result, yes } from '../../domain/result.ts'
import { encodeBase64url } from '../../format/base64url.ts'
import { keyId } from '../../format/jws.ts'
import type { Authority } from '../authority.ts'
import type { KeyPair } from '../ceremony/root-key.ts'
import type { KeyUsage } from '../key-store.ts'
import { signingKeyPurpose } from '../purposes.ts'
import type { ArrivedGrant } from './arrival.ts'
import { type KeysNow, storedKey } from './now.ts'
import { granted, openWindow } from './promote.ts'
import type { KeyRefusal } from './refusal.ts'
import { type Order, type Plan, type Taken, takeStep } from './step.ts'

export interface Home {
  readonly kid: string
  readonly usage: KeyUsage
  /** Why no promotion would let it sign now: a window that is not open, a certificate that is missing; null when nothing does. */
  readonly obstacle: KeyRefusal | null
}

/**
 * Seals the private part of a spare under the master key, so that it can be promoted once its window is open. Refuses
 * a key that ended. The `arriving` certificates of a dry run count for the report as if they were here.
 */
export function bringHome(
  authority: Authority,
  pair: KeyPair,
  order: Order,
  arriving: readonly ArrivedGrant[] = [],
): Promise<Result<Taken<Home>, KeyRefusal>> {
  return takeStep(authority, order, (now) => planOf(authority, now, pair, arriving))
}

function planOf(
  authority: Authority,
  now: KeysNow,
  { privateKey, publicKey }: KeyPair,
  arriving: readonly ArrivedGrant[],
): Result<Plan<Home>, KeyRefusal> {
  const { crypto, sealing } = authority
  const kid = keyId(publicKey, crypto.sha256)
  const key = now.keys.find((one) => one.publicKey === encodeBase64url(publicKey))
  if (key === undefined) return no({ reason: 'key_unknown', kid })
  if (key.status === 'revoked') return no({ reason: 'key_revoked', kid })
  if (key.sealed === null && key.status !== 'pending') return no({ reason: 'key_retired', kid })
  const windows = [...granted(key, now.chain, crypto), ...arriving.filter((grant) => grant.kid === kid)]
  const able = openWindow(kid, windows, now.now)
  const report = { kid, usage: key.usage, obstacle: able.ok ? null : able.no }
  if (key.sealed !== null) return yes({ change: null, report })
  const before = storedKey(now, kid)
  const after = { ...before, sealed: sealing.seal(signingKeyPurpose(kid), privateKey) }
  const event = { kid, type: 'brought_home', detail: { usage: key.usage } } as const
  return yes({ change: { replace: [{ before, after }], events: [event] }, report })
}
