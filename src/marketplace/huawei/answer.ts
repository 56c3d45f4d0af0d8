import type { Intent, Reply, ShownInstance } from '../../authority/marketplace.ts'
import type { Refusal } from '../../domain/refusal.ts'

/** Result codes of reference 3.8 that License 1.0 and 2.0 share, each with its one fixed text. */
const RESULTS = {
  success: { resultCode: '000000', resultMsg: 'success.' },
  unauthenticated: { resultCode: '000001', resultMsg: 'authentication failed.' },
  malformed: { resultCode: '000002', resultMsg: 'request parameter is invalid.' },
  unknownInstance: { resultCode: '000003', resultMsg: 'instance does not exist.' },
  internal: { resultCode: '000005', resultMsg: 'internal error, try again later.' },
} as const

type Result = (typeof RESULTS)[keyof typeof RESULTS]

/** The whole answer: compact JSON, members in the order of the document's example (reference 5.1). */
export function answerBody(intent: Intent | null, reply: Reply): string {
  return JSON.stringify({ ...resultOf(intent, reply), ...membersOf(reply) })
}

function membersOf(reply: Reply): object {
  switch (reply.type) {
    case 'sold':
      return { license: reply.licenseText, instanceId: reply.instance }
    case 'opened':
      return { instanceId: reply.instance }
    case 'instances':
      return { info: reply.instances.map(instanceInfo) }
    default:
      return {}
  }
}

/** Without `appInfo` while nothing is known of it: the instance exists all the same (reference 7.3). */
function instanceInfo({ instance: instanceId, pages, licenseText: memo }: ShownInstance): object {
  const { frontEnd: frontEndUrl = null, admin: adminUrl = null } = pages ?? {}
  const known = Object.entries({ frontEndUrl, adminUrl, memo }).filter(([, value]) => value !== null)
  return known.length === 0 ? { instanceId } : { instanceId, appInfo: Object.fromEntries(known) }
}

/** `resultCode` stands first in every answer: what is read here was written above, now or when it was first given. */
export const codeOfAnswer = (body: string): string => body.slice(CODE_AT, CODE_AT + CODE_LENGTH)

const CODE_AT = '{"resultCode":"'.length
const CODE_LENGTH = 6

function resultOf(intent: Intent | null, reply: Reply): Result {
  switch (reply.type) {
    case 'sold':
    case 'opened':
    case 'instances':
    case 'done':
      return RESULTS.success
    case 'unauthenticated':
      return RESULTS.unauthenticated
    case 'malformed':
      return RESULTS.malformed
    case 'unknown_instance':
      return RESULTS.unknownInstance
    case 'unavailable':
      return RESULTS.internal
    case 'refused':
      return refused(intent, reply.refusal)
    default:
      return reply satisfies never
  }
}

/** Released is gone as far as the marketplace is concerned; terms nobody can sell are the caller's error. */
function refused(intent: Intent | null, refusal: Refusal): Result {
  switch (refusal.reason) {
    case 'license_unknown':
    case 'license_released':
      return RESULTS.unknownInstance
    case 'already_ended':
    case 'perpetual_trial':
      return intent?.type === 'sale' ? RESULTS.malformed : RESULTS.internal
    case 'license_frozen':
    case 'license_pending':
    case 'revisions_exhausted':
      return RESULTS.internal
    default:
      return refusal satisfies never
  }
}
