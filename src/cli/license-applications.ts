import type { LicenseApplication } from '../authority/applications.ts'
import type { Authority } from '../authority/authority.ts'
import type { CallState } from '../authority/outgoing/calls.ts'
import { rfc3339 } from '../authority/view.ts'
import type { License } from '../domain/license.ts'
import { NOTHING, table } from './table.ts'

/** What a marketplace applied for, and where it got to. */
export interface ApplicationDocument {
  readonly event: string
  /** The first ten bytes of the device's digest; null where the text is for any. */
  readonly device: string | null
  readonly at: string
  readonly effective: string
  readonly expires: string | null
  readonly state: LicenseApplication['state']
  /** Why it was refused. */
  readonly why: string | null
  /** Of the code that was made; its end is null when it has none. */
  readonly code: { readonly revision: number; readonly worksUntil: string | null } | null
  /** The call that brings the text to the marketplace (`licet outgoing list`). */
  readonly upload: { readonly id: string; readonly state: CallState } | null
}

/** The applications of a license, the oldest first, and how many devices hold a place now. */
export async function applicationsOf(
  { store, ambient }: Pick<Authority, 'store' | 'ambient'>,
  { id }: License,
): Promise<{ readonly applications: readonly ApplicationDocument[]; readonly devices: number }> {
  const applications: ApplicationDocument[] = []
  for (const application of await store.applicationsOf(id))
    applications.push(await documentOf(store, application))
  const { others, isHeld } = await store.places(id, null, ambient.now())
  return { applications, devices: others + Number(isHeld) }
}

async function documentOf(
  store: Authority['store'],
  application: LicenseApplication,
): Promise<ApplicationDocument> {
  const { license, event, device, at, effectiveAt, expiresAt, state } = application
  const code = state === 'made' ? await store.deviceCode(license, application.code) : null
  const upload = state === 'made' ? await store.outgoingCall(application.upload) : null
  return {
    event,
    device,
    at: rfc3339(at),
    effective: rfc3339(effectiveAt),
    expires: expiresAt === null ? null : rfc3339(expiresAt),
    state,
    why: state === 'refused' ? application.why : null,
    code: code && {
      revision: code.revision,
      worksUntil: code.worksUntil === null ? null : rfc3339(code.worksUntil),
    },
    upload: upload && { id: upload.id, state: upload.state },
  }
}

/** Empty where nothing was applied for. */
export function applicationsText(applications: readonly ApplicationDocument[]): string {
  if (applications.length === 0) return ''
  const rows = applications.map(({ event, device, at, state, why, code, upload }) => {
    const end = code === null ? NOTHING : (code.worksUntil ?? 'perpetual')
    return [
      event,
      device ?? 'any',
      at,
      why === null ? state : `${state} (${why})`,
      end,
      upload?.state ?? NOTHING,
    ]
  })
  return table(['EVENT', 'DEVICE', 'AT', 'STATE', 'WORKS UNTIL', 'UPLOAD'], rows)
}
