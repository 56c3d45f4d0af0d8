import type { Exchanged, ExchangeFailure } from '../../../authority/marketplace-check.ts'
import { readUtf8 } from '../../../format/bytes.ts'
import { readJson } from '../../../format/json.ts'
import { asMembers, type Members, member } from '../../../format/members.ts'

/** What the marketplace makes of an answer. */
export type Answer = {
  /** null when nothing was answered. */
  readonly status: number | null
  readonly headers: ReadonlyMap<string, string>
  readonly text: string
  readonly milliseconds: number
} & (
  | { readonly type: 'read'; readonly resultCode: string | null; readonly members: Members }
  /** It counts as failed before any code is looked at. */
  | { readonly type: 'unusable'; readonly why: string; readonly failure: ExchangeFailure | null }
)

const DEPTH = 16
const NONE: ReadonlyMap<string, string> = new Map()

/** Any status but 200 is a failed call, and only a JSON object can hold a result code (reference 3.1). */
export function readAnswer(exchanged: Exchanged): Answer {
  const { milliseconds } = exchanged
  if (exchanged.type === 'failed') {
    const { why: failure } = exchanged
    const nothing = { status: null, headers: NONE, text: '', milliseconds }
    return { ...nothing, type: 'unusable', why: FAILURES[failure], failure }
  }
  const { status, headers } = exchanged
  const text = readUtf8(exchanged.body)
  const answered = { status, headers, text: text ?? '', milliseconds }
  const unusable = (why: string): Answer => ({ ...answered, type: 'unusable', why, failure: null })
  if (status >= 300 && status < 400) return unusable(`a redirect, HTTP status ${status}: none is followed`)
  if (status !== 200) return unusable(`HTTP status ${status}: every other than 200 is a failed call`)
  if (text === null) return unusable('the answer is not UTF-8')
  const read = readJson(text, { maxDepth: DEPTH, duplicates: 'allow_equal' })
  const members = read.ok ? asMembers(read.value) : null
  if (members === null) return unusable('the answer is no JSON object')
  const code = member(members, 'resultCode')
  return { ...answered, type: 'read', resultCode: typeof code === 'string' ? code : null, members }
}

const FAILURES: Readonly<Record<ExchangeFailure, string>> = {
  no_connection: 'no connection',
  certificate: 'the certificate of the address is not trusted',
  timeout: 'no whole answer in the time that the marketplace waits',
  answer_too_large: 'the answer is over 64 KiB',
  cut_off: 'the connection ended before the answer did',
}
