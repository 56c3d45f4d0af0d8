import type { Ambient } from '../authority/host.ts'
import type { Lease, Leases } from '../authority/leases.ts'
import type { Seconds } from '../domain/time.ts'
import { toHex } from '../format/bytes.ts'

/** One process's side of a lease. */
export interface HeldLease {
  /** Asks for the lease, or for more time. */
  renew(): Promise<void>
  /** Whether this process may act, as far as it knows: it asked in time, and got it. */
  isHeld(): boolean
  /** Lets somebody else have it at once. */
  giveBack(): Promise<void>
}

export interface Wanted {
  readonly name: string
  readonly holder: string
  /** How long it is held when nobody renews it: so long nobody takes over from a process that died. */
  readonly seconds: Seconds
}

/** Names this process among all that share a database. */
export const newHolder = ({ random }: Pick<Ambient, 'random'>): string => toHex(random(8))

/**
 * Asked for so often without a sign of life of who has it, a lease is taken: the end of it may lie far ahead, if the
 * clock of a process that died was wrong.
 */
const SILENT_ROUNDS = 5

export function heldLease(
  store: Leases,
  ambient: Pick<Ambient, 'now'>,
  { name, holder, seconds }: Wanted,
): HeldLease {
  let until: Seconds = Number.NEGATIVE_INFINITY
  let seen: Lease | undefined
  let rounds = 0
  const isHeld = () => ambient.now() < until

  /** Asked by those that have it not, again and again: they need not write to learn that another has it. */
  async function othersLease(now: Seconds): Promise<Lease | undefined> {
    return (await store.leases(now)).find((one) => one.name === name && one.holder !== holder)
  }

  /** As if at the end of a lease that nobody renews; where it is renewed all the same, it ends later. */
  async function take(lease: Lease, now: Seconds): Promise<boolean> {
    const other = isHeld() ? undefined : await othersLease(now)
    rounds = other !== undefined && other.until === seen?.until ? rounds + 1 : 1
    seen = other
    if (other !== undefined && rounds < SILENT_ROUNDS) return false
    return store.takeLease(lease, other?.until ?? now)
  }

  return {
    async renew() {
      const now = ambient.now()
      const lease = { name, holder, until: now + seconds }
      until = (await take(lease, now)) ? lease.until : Number.NEGATIVE_INFINITY
    },
    isHeld,
    async giveBack() {
      until = Number.NEGATIVE_INFINITY
      await store.giveLease({ name, holder })
    },
  }
}
