import { no, type Result, yes } from '../../domain/result.ts'
import type { Authority } from '../authority.ts'

export type ReviveRefusal =
  | { readonly reason: 'unknown_call'; readonly id: string }
  | { readonly reason: 'call_not_dead'; readonly id: string; readonly state: 'waiting' | 'done' }

/** Makes a dead call due now, with all its tries before it. */
export async function reviveCall(
  { store, ambient }: Authority,
  id: string,
): Promise<Result<null, ReviveRefusal>> {
  const call = await store.outgoingCall(id)
  if (call === null) return no({ reason: 'unknown_call', id })
  if (call.state !== 'dead') return no({ reason: 'call_not_dead', id, state: call.state })
  await store.reviveCalls([id], ambient.now())
  return yes(null)
}

/** Calls of one write. */
const BATCH = 100

/** As `reviveCall`, for every dead call; answers with how many there were. */
export async function reviveAllDead({ store, ambient }: Authority): Promise<number> {
  let revived = 0
  let after: string | null = null
  do {
    const page = await store.outgoingCalls('dead', after, BATCH)
    const ids = page.items.map(({ id }) => id)
    if (ids.length > 0) await store.reviveCalls(ids, ambient.now())
    revived += ids.length
    after = page.next
  } while (after !== null)
  return revived
}
