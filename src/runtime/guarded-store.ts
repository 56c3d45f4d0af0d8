import { existsSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import type { Ambient } from '../authority/host.ts'
import type { Store } from '../authority/ports.ts'
import type { Seconds } from '../domain/time.ts'
import { CannotStart } from './cannot-start.ts'
import type { Config } from './config.ts'
import { type HeldLease, heldLease, newHolder } from './held-lease.ts'
import { ownInstance, RESEALING, shareInstance } from './instance-lock.ts'
import { isFile, openStore } from './open-store.ts'
import { repeat } from './repeat.ts'

/** The store of an instance, and that it is open: who wants it alone, `keys reseal`, can tell. */
export interface GuardedStore {
  readonly store: Store
  /** Closes the store, and lets others have it alone. */
  release(): Promise<void>
}

type Clock = Pick<Ambient, 'now' | 'random'>

/** Each process that has an instance open holds one of its own, `open:` and its name. */
const OPEN = 'open:'
const ALONE = 'alone'

/**
 * A process that was killed counts as gone after this time; so long may one that lives be cut off from the database
 * without being taken for dead. Renewed six times within it.
 */
const OPEN_FOR: Seconds = 60
const RENEW_EVERY = 10_000

/** How long a command waits for another that is about to end, milliseconds. */
const PATIENCE = 2_000

/** For everyone who opens an instance. Throws `CannotStart` with one sentence, also while a reseal is under way. */
export async function openShared(config: Config, ambient: Clock): Promise<GuardedStore> {
  if (!isFile(config)) return sharedByLease(config, ambient)
  return besideLock(config, existsSync(config.database) ? shareInstance(config) : () => undefined)
}

/** For one who must be alone; null while another process has the instance open. */
export async function openAlone(config: Config, ambient: Clock): Promise<GuardedStore | null> {
  if (!isFile(config)) return aloneByLease(config, ambient)
  const unlock = existsSync(config.database) ? ownInstance(config) : () => undefined
  return unlock === null ? null : besideLock(config, unlock)
}

async function besideLock(config: Config, unlock: () => void): Promise<GuardedStore> {
  try {
    const store = await openStore(config, 'existing')
    return { store, release: () => store.close().finally(unlock) }
  } catch (thrown) {
    unlock()
    throw thrown
  }
}

/** Both sides note themselves first and look afterwards: of two at once, at least one sees the other. */
async function sharedByLease(config: Config, ambient: Clock): Promise<GuardedStore> {
  const store = await openStore(config, 'existing')
  const holder = newHolder(ambient)
  const lease = heldLease(store, ambient, { name: `${OPEN}${holder}`, holder, seconds: OPEN_FOR })
  try {
    await lease.renew()
    if ((await store.leases(ambient.now())).every(({ name }) => name !== ALONE)) return kept(store, lease)
    await lease.giveBack()
    throw new CannotStart(RESEALING)
  } catch (thrown) {
    await store.close()
    throw thrown
  }
}

async function aloneByLease(config: Config, ambient: Clock): Promise<GuardedStore | null> {
  const store = await openStore(config, 'existing')
  const lease = heldLease(store, ambient, { name: ALONE, holder: newHolder(ambient), seconds: OPEN_FOR })
  try {
    await lease.renew()
    if (lease.isHeld() && (await isLeft(store, ambient))) return kept(store, lease)
    if (lease.isHeld()) await lease.giveBack()
    await store.close()
    return null
  } catch (thrown) {
    await store.close()
    throw thrown
  }
}

/** Whether nobody has the instance open, or nobody any more after a moment. */
async function isLeft(store: Store, ambient: Clock): Promise<boolean> {
  for (let waited = 0; ; waited += 100) {
    const open = (await store.leases(ambient.now())).some(({ name }) => name.startsWith(OPEN))
    if (!open || waited >= PATIENCE) return !open
    await setTimeout(100)
  }
}

/** Renews until it is released. A round that fails is made up for by the next: the lease outlasts several. */
function kept(store: Store, lease: HeldLease): GuardedStore {
  const renewing = repeat(
    RENEW_EVERY,
    () => lease.renew(),
    () => undefined,
  )
  return {
    store,
    async release() {
      await renewing.stop()
      // What cannot be given back runs out.
      await lease.giveBack().catch(() => undefined)
      await store.close()
    },
  }
}
