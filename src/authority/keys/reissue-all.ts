import type { LicenseId } from '../../domain/ids.ts'
import type { License } from '../../domain/license.ts'
import type { Seconds } from '../../domain/time.ts'
import { type Authority, MOST_TRIES } from '../authority.ts'
import { inParallel } from '../in-parallel.ts'
import type { Actor } from '../ports.ts'
import { resolve, type Unresolved } from '../resolve.ts'

/** What became of the licenses of a key that nobody may trust any more. */
export interface ReissuedAll {
  readonly reissued: number
  /** Their paid time is over: no code can be issued for it, a renewal will bring one. */
  readonly ended: number
  readonly failed: number
  /** The first of those that failed, and why. */
  readonly failures: readonly Failure[]
}

export interface Failure {
  readonly id: LicenseId
  readonly why: Exclude<Unresolved['reason'], Passing> | 'contended'
}

/** No failure: it changed meanwhile, and whatever changes it next makes its code. */
type Passing = 'already_ended' | 'license_unknown' | 'license_frozen' | 'license_pending' | 'license_released'

/** Licenses worked on at once: they share durable writes, and a serving process gets its turn between two. */
const IN_FLIGHT = 32

/** Licenses of one read: a pass over a million is not begun for every few. */
const PAGE = 1_024

const MOST_FAILURES = 1_000

type Fate = 'reissued' | 'ended' | 'passed' | Failure['why']

/** Longer than a running server needs to see that a key was revoked (contract 4): it may sign until then. */
const SEEN_EVERYWHERE: Seconds = 3

export interface ReissueHost {
  /** How many licenses were looked at so far. */
  progress(done: number): void
  pause(seconds: Seconds): Promise<void>
}

/**
 * Signs every active license whose newest code is of `kid` again under the key that is active now, and looks once
 * more after every running server has seen the revocation. It can be interrupted anywhere and run again, also twice
 * at once: a license whose newest code is of another key is left alone, and the revision is the lock. One that cannot
 * be signed is counted and passed by. Throws on an outage.
 */
export async function reissueAll(
  authority: Authority,
  kid: string,
  by: Actor,
  host: ReissueHost,
): Promise<ReissuedAll> {
  const began = authority.ambient.now()
  const first = await pass(authority, kid, by, host.progress)
  const left = began + SEEN_EVERYWHERE - authority.ambient.now()
  if (left > 0) await host.pause(left)
  const second = await pass(authority, kid, by, () => undefined)
  return { ...second, reissued: first.reissued + second.reissued }
}

async function pass(
  authority: Authority,
  kid: string,
  by: Actor,
  progress: ReissueHost['progress'],
): Promise<ReissuedAll> {
  const tally = newTally()
  let after: LicenseId | null = null
  for (;;) {
    const page: readonly License[] = await authority.store.licensesOfKey(kid, after, PAGE)
    await inParallel(page, IN_FLIGHT, async (license) => {
      tally.add(license.id, await reissueOne(authority, kid, license, by))
      progress(tally.done())
    })
    if (page.length < PAGE) return tally.result()
    after = page.at(-1)!.id
  }
}

async function reissueOne(authority: Authority, kid: string, license: License, by: Actor): Promise<Fate> {
  let before: License | null = license
  for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
    const now = authority.ambient.now()
    const snapshot = await authority.configuration.current(now)
    const command = { type: 'reissue', leaked: false } as const
    const resolved = await resolve(authority, snapshot, before, [command], by, now)
    if (!resolved.ok) return fateOf(resolved.no)
    const { change } = resolved.value
    if (change === null || (await authority.store.commit({ change })) === 'committed') return 'reissued'
    // Somebody was first: perhaps with a code of another key, which is as good.
    before = await authority.store.byId(license.id)
    if ((await authority.store.newestCode(license.id))?.kid !== kid) return 'passed'
  }
  return 'contended'
}

function fateOf({ reason }: Unresolved): Fate {
  switch (reason) {
    case 'already_ended':
      return 'ended'
    case 'license_unknown':
    case 'license_frozen':
    case 'license_pending':
    case 'license_released':
      return 'passed'
    case 'no_key':
    case 'revisions_exhausted':
    case 'perpetual_trial':
      return reason
    default:
      return reason satisfies never
  }
}

function newTally() {
  let counts = { reissued: 0, ended: 0, passed: 0, failed: 0 }
  const failures: Failure[] = []
  return {
    add(id: LicenseId, fate: Fate): void {
      const kind = fate === 'reissued' || fate === 'ended' || fate === 'passed' ? fate : 'failed'
      counts = { ...counts, [kind]: counts[kind] + 1 }
      if (fate === 'reissued' || fate === 'ended' || fate === 'passed') return
      if (failures.length < MOST_FAILURES) failures.push({ id, why: fate })
    },
    done: () => counts.reissued + counts.ended + counts.passed + counts.failed,
    result(): ReissuedAll {
      const { reissued, ended, failed } = counts
      return { reissued, ended, failed, failures }
    },
  }
}
