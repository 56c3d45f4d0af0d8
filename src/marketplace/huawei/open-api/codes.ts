import type {
  CodeInfo,
  OutgoingCall,
  OutgoingOutcome,
  RefusalMeaning,
} from '../../../authority/outgoing/port.ts'
import { type Json, readJson } from '../../../format/json.ts'
import { readExpireTime, type Zone } from '../date.ts'
import { type Members, membersOf, textOf } from './members.ts'

const MAX_DEPTH = 16

const STATUSES: ReadonlyMap<string, CodeInfo['status']> = new Map([
  ['ALIVE', 'alive'],
  ['EXPIRED', 'expired'],
  ['RELEASED', 'released'],
])

const NOTHING = { paidUntil: null, order: null, marketplaceProduct: null, quantity: null } as const

/**
 * What 激活授权码 answers (reference 4.6): a JSON text within JSON. Its v2, and v1 where it leaves out `data`, say only
 * that the code lives. null: something else stands there.
 */
export function readActivated({ data }: Members, zone: Zone): CodeInfo | null {
  const info = membersOf(data)?.license_code_info
  if (data === undefined || data === null) return { status: 'alive', ...NOTHING }
  return typeof info === 'string' ? readCode(parsed(info), zone) : null
}

function parsed(text: string): Json | undefined {
  const json = readJson(text, { maxDepth: MAX_DEPTH, duplicates: 'allow_equal' })
  return json.ok ? json.value : undefined
}

/**
 * What 查询授权码 says of the code that was asked about. Where it names another one, as of a code spelled in other
 * letters, it knows nothing of this one: by what it says a license is made, changed, and released for ever.
 */
export function readQueried({ data }: Members, asked: string, zone: Zone): CodeInfo | null {
  const named = textOf(membersOf(data)?.license_code)
  return named === null || named === asked ? readCode(data, zone) : { status: 'unknown', ...NOTHING }
}

/** null for a status that no document names, and for an end that is no date. */
function readCode(json: Json | undefined, zone: Zone): CodeInfo | null {
  const members = membersOf(json)
  const status = STATUSES.get(textOf(members?.status) ?? '')
  if (members === null || status === undefined) return null
  const end = textOf(members.expire_time)
  const paidUntil = end === null ? null : readExpireTime(end, zone)
  if (end !== null && paidUntil === null) return null
  return {
    status,
    paidUntil,
    order: textOf(members.order_id),
    marketplaceProduct: textOf(members.product_id),
    quantity: textOf(members.amount),
  }
}

/** Why 激活授权码 refuses, by its error code (reference 4.6). A code of impossible form is one that does not exist. */
const MEANINGS: ReadonlyMap<string, RefusalMeaning> = new Map([
  ['92020003', 'already_active'],
  ['92020004', 'unclaimed'],
  ['92020002', 'unknown_code'],
  ['92020005', 'unknown_code'],
  ['92020020', 'unknown_code'],
  ['95000001', 'unknown_code'],
])

/** Refusals of 查询授权码 that are what was asked for: there is no such code, or nobody has activated it. */
const ANSWERED: ReadonlyMap<string, CodeInfo['status']> = new Map([
  ['92020005', 'unknown'],
  ['92020011', 'inactive'],
])

/** A refusal by its error code, in the light of what was called. */
export function refusalOf(call: OutgoingCall, code: string, retry: boolean): OutgoingOutcome {
  const status = call.type === 'query_code' ? ANSWERED.get(code) : undefined
  if (status !== undefined) return { type: 'code', code: { status, ...NOTHING } }
  const means = call.type === 'activate_code' ? MEANINGS.get(code) : undefined
  return { type: 'refused', code, retry, ...(means && { means }) }
}
