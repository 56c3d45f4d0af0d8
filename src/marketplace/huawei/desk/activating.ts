import type { Named } from './family.ts'
import { refuse } from './happenings.ts'
import type { Office } from './office.ts'

const TRIES = 10
const PAUSE_MS = 1_000

/**
 * The buyer enters a License 2.0 code in the software, which asks its server (`POST /v1/activate`); not a call of the
 * marketplace, but nothing of the code begins before it.
 */
export async function activate(office: Office, resource: Named): Promise<void> {
  if (resource.family !== 'license-2')
    return refuse(office, `#${resource.number} has no code of the marketplace.`)
  const { line, origin, tell } = office
  const call = {
    method: 'POST',
    url: `${origin}/v1/activate`,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ marketplaceCode: resource.id }),
  } as const
  for (let tries = 1; ; tries++) {
    const heard = await line.send(call)
    const said = heard.type === 'silence' ? heard.why : `HTTP ${heard.status}, ${shortened(heard.body)}`
    const isPassing = heard.type === 'silence' || heard.status === 503
    if (!isPassing || tries === TRIES)
      return tell({ type: 'note', text: `the software enters ${resource.id}: ${said}` })
    await line.rest(PAUSE_MS)
  }
}

const shortened = (text: string): string => (text.length > 160 ? `${text.slice(0, 160)}…` : text)
