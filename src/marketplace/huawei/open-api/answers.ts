import type { DialectOutcome } from '../../../authority/outgoing/dialect.ts'
import type { OutgoingCall, OutgoingOutcome } from '../../../authority/outgoing/port.ts'
import { readUtf8 } from '../../../format/bytes.ts'
import { readJson } from '../../../format/json.ts'
import type { Zone } from '../date.ts'
import { readActivated, readQueried, refusalOf } from './codes.ts'
import { type Members, membersOf, textOf } from './members.ts'
import { readOrder } from './order.ts'

const MAX_DEPTH = 16

/**
 * What an answer of the marketplace says of a call (reference 4.6, 6.8, 11). Decided by the error code, not by the
 * HTTP status, which older answers spell otherwise; the status counts only where there is no code. `zone` is the
 * channel's. Never throws.
 */
export function readAnswer(call: OutgoingCall, status: number, body: Uint8Array, zone: Zone): DialectOutcome {
  const text = readUtf8(body)
  const json = text === null ? null : readJson(text, { maxDepth: MAX_DEPTH, duplicates: 'allow_equal' })
  const members = json?.ok ? membersOf(json.value) : null
  const code = members && codeOf(members)
  if (members === null || code === null) return withoutCode(status)
  if (SUCCESS.has(code))
    return contentOf(call, members, zone) ?? { type: 'unreachable', why: 'unknown_answer' }
  if (isUnauthorized(code, status)) return { type: 'unauthorized', code }
  const passes = isPassing(code, status)
  // No refusal of it is public, and nobody calls again about the order that is asked for.
  if (call.type === 'query_order' && !passes)
    return { type: 'unexplained', code, by: OF_THE_MARKETPLACE.test(code) ? 'marketplace' : 'gateway' }
  return refusalOf(call, code, passes)
}

const SUCCESS: ReadonlySet<string> = new Set(['92020000', '000000', 'CBC.0000', 'MKT.0000'])

/** The order query says `resultCode`, all others `error_code`. It is logged and shown, so it has the form of one. */
function codeOf(members: Members): string | null {
  const code = textOf(members.error_code) ?? textOf(members.resultCode)
  return code !== null && /^[\w.]{1,32}$/.test(code) ? code : null
}

function withoutCode(status: number): OutgoingOutcome {
  const why = `HTTP_${status}`
  return isForbidden(status) ? { type: 'unauthorized', code: why } : { type: 'unreachable', why }
}

const isForbidden = (status: number): boolean => status === 401 || status === 403

/** The gateway's word on signature, account and rights, and what an account may not do (reference 6.8, 11.4). */
const UNAUTHORIZED = /^(APIGW\.03\d\d|MKT\.015[01]|CBC\.0150|91380150)$/

/** Codes of the calls themselves, whatever HTTP status they come with. */
const OF_THE_CALL = /^(9202|9500|9138)\d{4}$/

/** All its codes in the documents are of these forms; its gateway, firewall and load balancer have names of their own. */
const OF_THE_MARKETPLACE = /^(\d+|(CBC|MKT)\.\w+)$/

const isUnauthorized = (code: string, status: number): boolean =>
  !PASSING.has(code) && (UNAUTHORIZED.test(code) || (isForbidden(status) && !OF_THE_CALL.test(code)))

/**
 * Codes that speak of the moment and not of the call (reference 4.6, 6.8): inner errors, a code the buyer has not
 * claimed yet, a gateway that is out of order or throttles.
 */
const PASSING: ReadonlySet<string> = new Set([
  '92020001',
  '92020004',
  '000004',
  '000005',
  'CBC.0999',
  '91381036',
  'APIGW.0201',
  'APIGW.0203',
  'APIGW.0308',
])

/** A server that is out of order says so by its status; of a code of the call itself the status says nothing. */
const isPassing = (code: string, status: number): boolean =>
  PASSING.has(code) || status === 429 || (status >= 500 && !OF_THE_CALL.test(code))

function contentOf(call: OutgoingCall, members: Members, zone: Zone): OutgoingOutcome | null {
  switch (call.type) {
    case 'query_order': {
      const order = readOrder(members.orderInfo, zone)
      return order && { type: 'order', order }
    }
    case 'activate_code': {
      const code = readActivated(members, zone)
      return code && { type: 'code', code }
    }
    case 'query_code': {
      const code = readQueried(members, call.code, zone)
      return code && { type: 'code', code }
    }
    case 'activate_codes':
    case 'upload_license':
    case 'report_software_usage':
    case 'push_usage':
      return { type: 'done' }
    default:
      return call satisfies never
  }
}
