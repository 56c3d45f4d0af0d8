import type { Uncovered } from '../../authority/applications.ts'
import type { Intent, Reply, ShownInstance } from '../../authority/marketplace.ts'
import type { Refusal } from '../../domain/refusal.ts'
import type { Sold } from './answer-saas-1.ts'

/** Result codes of reference 3.8, each with its one fixed text. */
const RESULTS = {
  success: { resultCode: '000000', resultMsg: 'success.' },
  unauthenticated: { resultCode: '000001', resultMsg: 'authentication failed.' },
  malformed: { resultCode: '000002', resultMsg: 'request parameter is invalid.' },
  unknownInstance: { resultCode: '000003', resultMsg: 'instance does not exist.' },
  inProcess: { resultCode: '000004', resultMsg: 'request is in process.' },
  internal: { resultCode: '000005', resultMsg: 'internal error, try again later.' },
  noSeat: { resultCode: '000900', resultMsg: 'license quota of the order is used up.' },
  outsideTerm: { resultCode: '000901', resultMsg: 'apply within the valid dates of the order.' },
  noEnd: { resultCode: '000902', resultMsg: 'expireTime is required.' },
  noDevice: { resultCode: '000903', resultMsg: 'deviceFingerprint is required.' },
} as const

type Result = (typeof RESULTS)[keyof typeof RESULTS]

const UNCOVERED: Readonly<Record<Uncovered, Result>> = {
  no_seat: RESULTS.noSeat,
  outside_term: RESULTS.outsideTerm,
  no_end: RESULTS.noEnd,
  no_device: RESULTS.noDevice,
}

/** The whole answer: compact JSON, members in the order of the document's example (reference 5.1). */
export function answerBody(intent: Intent | null, reply: Reply, asInstance: (sold: Sold) => object): string {
  return JSON.stringify({ ...resultOf(intent, reply), ...membersOf(intent, reply, asInstance) })
}

function membersOf(intent: Intent | null, reply: Reply, asInstance: (sold: Sold) => object): object {
  switch (reply.type) {
    case 'sold':
      if (intent?.type === 'sale' && intent.shown === 'as_instance') return asInstance(reply)
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
    case 'in_process':
      return RESULTS.inProcess
    case 'uncovered':
      return UNCOVERED[reply.why]
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
