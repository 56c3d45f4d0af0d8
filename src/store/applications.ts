import type { ApplicationRefusal, Applications, LicenseApplication } from '../authority/applications.ts'
import type { ApplicationRow } from './application-rows.ts'
import type { Step } from './engine.ts'
import { columns, type Given, type Queries } from './queries.ts'

const APPLICATION = [
  'license_id',
  'event_id',
  'device',
  'effective_at',
  'expires_at',
  'at',
  'state',
  'why',
  'code_digest',
  'upload',
] as const

type Key = Pick<ApplicationRow, 'license_id' | 'event_id' | 'device'>
type Place = Key & Pick<ApplicationRow, 'at'>

const FIRST: Place = { at: -1, license_id: '', event_id: '', device: '' }

export function applications(queries: Queries): Applications {
  const { byKey, byLicense, waiting } = reads(queries)
  return {
    async application(key) {
      const row = await byKey.first(keyOf(key))
      return row === undefined ? null : applicationOf(row)
    },
    applicationsOf: async (license) => (await byLicense.all({ license })).map(applicationOf),
    waitingApplications: async (after, limit) =>
      (await waiting.all({ ...(after === null ? FIRST : { ...keyOf(after), at: after.at }), limit })).map(
        applicationOf,
      ),
  }
}

function reads(queries: Queries) {
  const byKey = queries.read((db, given: Given<Key>) =>
    db
      .selectFrom('applications')
      .select(APPLICATION)
      .where('license_id', '=', given('license_id'))
      .where('event_id', '=', given('event_id'))
      .where('device', '=', given('device')),
  )
  const byLicense = queries.read((db, given: Given<{ license: string }>) =>
    db
      .selectFrom('applications')
      .select(APPLICATION)
      .where('license_id', '=', given('license'))
      .orderBy('at')
      .orderBy('event_id')
      .orderBy('device'),
  )
  const waiting = queries.read((db, given: Given<Place & { limit: number }>) =>
    db
      .selectFrom('applications')
      .select(APPLICATION)
      .where('state', '=', 'waiting')
      .where((eb) =>
        eb(
          eb.refTuple('at', 'license_id', 'event_id', 'device'),
          '>',
          eb.tuple(given('at'), given('license_id'), given('event_id'), given('device')),
        ),
      )
      .orderBy('at')
      .orderBy('license_id')
      .orderBy('event_id')
      .orderBy('device')
      .limit(given('limit')),
  )
  return { byKey, byLicense, waiting }
}

/** One statement whatever is there; what was made stays. */
export function noteApplication(queries: Queries): (application: LicenseApplication) => Step {
  const upsert = queries.write((db, given: Given<ApplicationRow>) =>
    db
      .insertInto('applications')
      .values(columns(given, APPLICATION))
      .onConflict((conflict) =>
        conflict
          .columns(['license_id', 'event_id', 'device'])
          .doUpdateSet((eb) => ({
            effective_at: eb.ref('excluded.effective_at'),
            expires_at: eb.ref('excluded.expires_at'),
            state: eb.ref('excluded.state'),
            why: eb.ref('excluded.why'),
            code_digest: eb.ref('excluded.code_digest'),
            upload: eb.ref('excluded.upload'),
          }))
          .where('applications.state', '<>', 'made'),
      ),
  )
  return (application) => upsert(rowOf(application))
}

const keyOf = ({
  license,
  event,
  device,
}: Pick<LicenseApplication, 'license' | 'event' | 'device'>): Key => ({
  license_id: license,
  event_id: event,
  device: device ?? '',
})

function rowOf(application: LicenseApplication): ApplicationRow {
  const { effectiveAt, expiresAt, at, state } = application
  return {
    ...keyOf(application),
    effective_at: effectiveAt,
    expires_at: expiresAt,
    at,
    state,
    why: state === 'refused' ? application.why : null,
    code_digest: state === 'made' ? application.code : null,
    upload: state === 'made' ? application.upload : null,
  }
}

/** The CHECKs of the schema hold: states are ours, and what was made is there in full or not at all. */
function applicationOf(row: ApplicationRow): LicenseApplication {
  const applied = {
    license: row.license_id,
    event: row.event_id,
    device: row.device === '' ? null : row.device,
    effectiveAt: row.effective_at,
    expiresAt: row.expires_at,
    at: row.at,
  }
  const state = row.state as LicenseApplication['state']
  switch (state) {
    case 'waiting':
      return { ...applied, state }
    case 'made':
      return { ...applied, state, code: row.code_digest!, upload: row.upload! }
    case 'refused':
      return { ...applied, state, why: row.why as ApplicationRefusal }
    default:
      throw new Error(`an application is in the unknown state ${state satisfies never}`)
  }
}
