import type { HuaweiCall, HuaweiCaller } from '../../../src/marketplace/huawei/caller.ts'

/** One call and what came back, as the marketplace would judge it. */
export interface Attempt {
  readonly call: HuaweiCall
  readonly status: number | null
  readonly body: string
  readonly resultCode: string | null
  readonly license: string | null
  readonly instanceId: string | null
  /** Why the marketplace counts this call as failed, or null. */
  readonly failure: string | null
}

/** The marketplace gives up after this long. */
const PATIENCE_MS = 5000

/** Sends a call and checks the answer: HTTP 200, JSON, `resultCode`, `resultMsg` and a true `Body-Sign`. */
export async function send(caller: HuaweiCaller, call: HuaweiCall): Promise<Attempt> {
  const { method, url, headers, body } = call
  try {
    const response = await fetch(url, { method, headers, body, signal: AbortSignal.timeout(PATIENCE_MS) })
    const text = await response.text()
    const members = readMembers(text)
    const { resultCode = null, license = null, instanceId = null } = members
    const failure = failureOf(caller, response, text, members)
    return { call, status: response.status, body: text, resultCode, license, instanceId, failure }
  } catch (thrown) {
    const failure = `no answer: ${thrown}`
    return { call, status: null, body: '', resultCode: null, license: null, instanceId: null, failure }
  }
}

type Members = Readonly<Record<string, string>>

function failureOf(caller: HuaweiCaller, response: Response, text: string, members: Members): string | null {
  if (response.status !== 200) return `HTTP status ${response.status}`
  if (!/^application\/json\b/.test(response.headers.get('content-type') ?? '')) return 'not application/json'
  if (!caller.bodySignHolds(text, response.headers.get('body-sign'))) return 'Body-Sign is not ours'
  if (members.resultCode === undefined || members.resultMsg === undefined)
    return 'no resultCode or no resultMsg'
  return members.resultCode === '000000' ? null : `resultCode ${members.resultCode}`
}

function readMembers(text: string): Members {
  try {
    return { ...JSON.parse(text) }
  } catch {
    return {}
  }
}
