import { type Json, readJson } from '../../../format/json.ts'
import type { HuaweiCall, HuaweiCaller } from '../caller.ts'

/** What came back over the line. */
export type Heard =
  | {
      readonly type: 'answer'
      readonly status: number
      readonly contentType: string | null
      readonly bodySign: string | null
      readonly body: string
      readonly tookMs: number
    }
  /** No whole answer in time, or no connection. */
  | { readonly type: 'silence'; readonly why: string; readonly tookMs: number }

/** One call and what came back, as the marketplace would judge it. */
export interface Attempt {
  readonly call: HuaweiCall
  readonly status: number | null
  readonly body: string
  readonly members: AnswerMembers
  readonly resultCode: string | null
  readonly license: string | null
  readonly instanceId: string | null
  readonly tookMs: number
  /** Why the marketplace counts this call as failed, or null. */
  readonly failure: string | null
}

export type AnswerMembers = { readonly [member: string]: Json }

/** What an activity asks of an answer beyond what all of them must have. */
export interface Expectation {
  /** What is not there and should be; null when nothing lacks. */
  readonly lacks?: (members: AnswerMembers) => string | null
  /** Whether "opened later" (`000004`) is as good as success (reference 3.8). */
  readonly later?: boolean
}

/** The marketplace gives up after this long (reference 3.1). */
export const PATIENCE_MS = 5_000

/**
 * The marketplace's judgement of an answer (reference 3.1, 3.5): in time, HTTP 200, JSON, signed by the access key,
 * `resultCode` and `resultMsg`, a success, and all that the activity must bring.
 */
export function judge(
  caller: Pick<HuaweiCaller, 'bodySignHolds'>,
  call: HuaweiCall,
  heard: Heard,
  expected: Expectation = {},
): Attempt {
  const { tookMs } = heard
  if (heard.type === 'silence') {
    const failure = `no answer: ${heard.why}`
    return { call, status: null, body: '', ...NOTHING_SAID, tookMs, failure }
  }
  const { status, body } = heard
  const members = membersIn(body)
  const failure =
    failureOfForm(caller, heard, members) ??
    failureOfCode(members, expected.later === true) ??
    expected.lacks?.(members) ??
    null
  return {
    ...{ call, status, body, members, tookMs, failure },
    resultCode: textIn(members, 'resultCode'),
    license: textIn(members, 'license'),
    instanceId: textIn(members, 'instanceId'),
  }
}

const NOTHING_SAID = { members: {}, resultCode: null, license: null, instanceId: null }

function failureOfForm(
  caller: Pick<HuaweiCaller, 'bodySignHolds'>,
  { status, contentType, bodySign, body, tookMs }: Heard & { type: 'answer' },
  members: AnswerMembers,
): string | null {
  if (tookMs > PATIENCE_MS) return `answered after ${tookMs} ms; the marketplace waits ${PATIENCE_MS}`
  if (status !== 200) return `HTTP status ${status}`
  if (!/^application\/json\b/.test(contentType ?? '')) return 'not application/json'
  // Who does not take our key for the channel's says so, and cannot sign with it.
  if (!caller.bodySignHolds(body, bodySign))
    return ['Body-Sign is not ours', failureOfCode(members, true)].filter((part) => part !== null).join('; ')
  if (members.resultCode === undefined || members.resultMsg === undefined)
    return 'no resultCode or no resultMsg'
  return null
}

function failureOfCode({ resultCode }: AnswerMembers, later: boolean): string | null {
  if (resultCode === undefined || resultCode === '000000' || (later && resultCode === '000004')) return null
  return `resultCode ${resultCode}`
}

function membersIn(body: string): AnswerMembers {
  const read = readJson(body, { maxDepth: 16, duplicates: 'allow_equal' })
  const isObject = read.ok && typeof read.value === 'object' && !Array.isArray(read.value)
  return isObject ? ((read.value ?? {}) as AnswerMembers) : {}
}

/** A member that is a text and not empty. */
export function textIn(members: AnswerMembers, name: string): string | null {
  const value = members[name]
  return typeof value === 'string' && value !== '' ? value : null
}
