import { no, type Result, yes } from '../../domain/result.ts'
import type { Authority } from '../authority.ts'
import type { KeyUsage, StoredKey } from '../key-store.ts'
import { type KeysNow, keyOf, storedKey } from './now.ts'
import type { KeyRefusal } from './refusal.ts'
import { type Order, type Plan, type Taken, takeStep } from './step.ts'

export interface Retired {
  readonly kid: string
  readonly usage: KeyUsage
  /** The private part of a spare that never came home: whoever keeps the file must destroy it. */
  readonly awayFile: boolean
}

/**
 * Ends a key: it signs no more, its sealed private part is destroyed, and it stays public, since what it signed stays
 * good. The record outside the database keeps it ended when an older database is brought back.
 * Refuses the only key that signs for its usage unless forced with a reason.
 */
export async function retireKey(
  authority: Authority,
  kid: string,
  force: boolean,
  order: Order,
): Promise<Result<Taken<Retired>, KeyRefusal>> {
  if (force && order.by.reason === null) return no({ reason: 'reason_missing' })
  return takeStep(authority, order, (now) => planOf(now, kid, force))
}

function planOf(now: KeysNow, kid: string, force: boolean): Result<Plan<Retired>, KeyRefusal> {
  const key = keyOf(now, kid)
  if (key === undefined) return no({ reason: 'key_unknown', kid })
  const { usage } = key
  if (key.status === 'revoked') return no({ reason: 'key_revoked', kid })
  if (key.status === 'active' && !force) return no({ reason: 'last_key', kid, usage })
  const before = storedKey(now, kid)
  const awayFile = before.spare && before.sealed === null
  const report = { kid, usage, awayFile }
  if (isEnded(before)) return yes({ change: null, ending: [kid], report })
  const after: StoredKey = { ...before, status: 'retired', sealed: null }
  const event = { kid, type: 'retired', detail: { usage, was: key.status, forced: force } } as const
  return yes({ change: { replace: [{ before, after }], events: [event] }, ending: [kid], report })
}

const isEnded = ({ status, sealed }: StoredKey): boolean => status === 'retired' && sealed === null
