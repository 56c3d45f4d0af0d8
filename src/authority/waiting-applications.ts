import type { ApplicationRefusal, LicenseApplication } from './applications.ts'
import { serve } from './apply-for-license.ts'
import { type Authority, MOST_TRIES } from './authority.ts'
import type { Alert, Batch } from './ports.ts'
import { instanceSubject } from './turns.ts'

/** Applications read in one go, so that callbacks get their turn between two. */
const BATCH = 200

/**
 * Makes the codes of the applications that waited for the terms of their license, where these are known by now; returns
 * how many are settled. One that cannot be served was answered as being in process: support is told.
 */
export async function settleApplications(authority: Authority): Promise<number> {
  let settled = 0
  let after: LicenseApplication | null = null
  for (;;) {
    const page: readonly LicenseApplication[] = await authority.store.waitingApplications(after, BATCH)
    for (const application of page) if (await settleOne(authority, application)) settled++
    const last = page.at(-1)
    if (last === undefined || page.length < BATCH) return settled
    after = last
  }
}

async function settleOne(
  authority: Authority,
  { license: id, ...key }: LicenseApplication,
): Promise<boolean> {
  const license = await authority.store.byId(id)
  const { channel = null, instance = null } = license?.origin ?? {}
  if (license === null || license.status === 'pending' || channel === null || instance === null) return false
  return authority.turns.take(instanceSubject(channel, instance), async () => {
    for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
      const batch = await batchFor(authority, channel, { license: id, ...key })
      if (batch === null) return false
      if ((await authority.store.commit(batch)) === 'committed') return true
    }
    return false
  })
}

/** null: nothing to do yet, or any more. */
async function batchFor(
  authority: Authority,
  channel: string,
  { license: id, event, device }: Pick<LicenseApplication, 'license' | 'event' | 'device'>,
): Promise<Batch | null> {
  const { store, configuration, ambient } = authority
  const applied = await store.application({ license: id, event, device })
  const license = await store.byId(id)
  if (applied?.state !== 'waiting' || license === null || license.status === 'pending') return null
  const snapshot = await configuration.current(ambient.now())
  const made = await serve(authority, snapshot, channel, license, applied)
  if (made.ok) return made.value
  // What is frozen may be reinstated, and a key may be certified.
  if (made.no === 'license_frozen' || made.no === 'no_key') return null
  authority.log.warn('application_refused', { license: id, event, why: made.no })
  return {
    application: { ...applied, state: 'refused', why: made.no },
    alerts: [alertOf(authority, channel, applied, made.no)],
  }
}

function alertOf(
  { ambient }: Authority,
  channel: string,
  { license, event, device }: LicenseApplication,
  why: ApplicationRefusal,
): Alert {
  const key = ['refused_application', license, event, device ?? ''].join(':')
  return { kind: 'refused_application', key, at: ambient.now(), detail: { channel, license, event, why } }
}
