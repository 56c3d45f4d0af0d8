import type { Ambient } from '../authority/host.ts'
import type { Leases } from '../authority/leases.ts'
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

export function heldLease(
  store: Leases,
  ambient: Pick<Ambient, 'now'>,
  { name, holder, seconds }: Wanted,
): HeldLease {
  let until: Seconds = Number.NEGATIVE_INFINITY
  const isHeld = () => ambient.now() < until
  /** Asked by those that have it not, again and again: they need not write to learn that another has it. */
  const isTaken = async (now: Seconds): Promise<boolean> =>
    (await store.leases(now)).some((one) => one.name === name && one.holder !== holder)
  return {
    async renew() {
      const now = ambient.now()
      const lease = { name, holder, until: now + seconds }
      const isOurs = (isHeld() || !(await isTaken(now))) && (await store.takeLease(lease, now))
      until = isOurs ? lease.until : Number.NEGATIVE_INFINITY
    },
    isHeld,
    async giveBack() {
      until = Number.NEGATIVE_INFINITY
      await store.giveLease({ name, holder })
    },
  }
}
