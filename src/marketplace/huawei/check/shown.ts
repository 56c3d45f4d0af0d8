import type { CallReport } from '../../../authority/marketplace-check.ts'
import { asMembers } from '../../../format/members.ts'
import type { HuaweiCall } from '../caller.ts'
import type { Answer } from './answers.ts'

/** Characters of an answer that are shown, and of one value in it. */
const MOST_SHOWN = 400
const MOST_VALUE = 64

/** Values that are nobody's business, whatever program answers. */
const PRIVATE: ReadonlySet<string> = new Set(['license', 'userName', 'password', 'memo'])

/** A call and its answer for people: without keys, signatures, and what a license or a password is. */
export function shownCall(call: HuaweiCall, answer: Answer, secrets: readonly string[]): CallReport {
  const resultCode = answer.type === 'read' ? answer.resultCode : null
  return {
    sent: shownRequest(call),
    status: answer.status,
    resultCode: resultCode === null ? null : shortened(scrubbed(resultCode, secrets), MOST_VALUE),
    got: shownAnswer(answer, secrets),
    milliseconds: answer.milliseconds,
  }
}

const SIGNING: ReadonlySet<string> = new Set(['authToken', 'signature', 'timestamp', 'nonce'])

function shownRequest({ method, url, body }: HuaweiCall): string {
  const { pathname, searchParams } = new URL(url)
  const fields = [...searchParams].filter(([name]) => !SIGNING.has(name))
  const query = fields.map(([name, value]) => `${name}=${value}`).join('&')
  return `${method} ${pathname}${query === '' ? '' : `?${query}`}${body === null ? '' : ` ${body}`}`
}

function shownAnswer(answer: Answer, secrets: readonly string[]): string {
  const shown =
    answer.type === 'read'
      ? JSON.stringify(shownMembers(answer.members, (text) => scrubbed(text, secrets)))
      : scrubbed(answer.text, secrets)
  return shortened(shown, MOST_SHOWN)
}

/** Scrubbed before anything is cut: half a secret would not be known for one. */
function shownMembers(value: unknown, scrub: (text: string) => string, name = ''): unknown {
  if (typeof value === 'string')
    return PRIVATE.has(name) ? `(${value.length} characters)` : shortened(scrub(value), MOST_VALUE)
  if (Array.isArray(value)) return value.map((one) => shownMembers(one, scrub, name))
  const members = asMembers(value)
  if (members === null) return value
  const shown = Object.entries(members).map(([name, inner]) => [
    shortened(scrub(name), MOST_VALUE),
    shownMembers(inner, scrub, name),
  ])
  return Object.fromEntries(shown)
}

/** Longer than a word or an id, as a signature is: an answer may repeat it cut, or in a spelling of its own. */
const LONG = /[0-9A-Za-z+/=%_-]{40,}/g

const scrubbed = (text: string, secrets: readonly string[]): string =>
  secrets.reduce((rest, secret) => rest.replaceAll(secret, '…'), text).replace(LONG, '…')

const shortened = (text: string, most: number): string => {
  const characters = [...text.slice(0, 2 * most + 2)]
  return characters.length <= most
    ? text
    : `${characters.slice(0, most).join('')}… (${text.length} characters)`
}

/** What must not be shown of a call, in the spellings an answer may repeat it in. */
export function secretsOf({ url, headers }: HuaweiCall): readonly string[] {
  const { searchParams } = new URL(url)
  const signatures = [searchParams.get('authToken'), searchParams.get('signature')]
  const given = [...signatures, headers['x-sign'], headers.authToken].filter((one) => one != null)
  return given.flatMap((one) => [one, encodeURIComponent(one), one.toLowerCase()])
}
