import type { HuaweiCall } from '../caller.ts'

/** Calls spoilt after they were signed. */

/** Another order and another instance than those that were signed; `mark` is in the names of this run alone. */
export function altered(call: HuaweiCall, mark: string): HuaweiCall {
  const other = mark.replace(/./g, (digit) => NEXT[digit] ?? digit)
  const change = (text: string) => text.replaceAll(mark, other)
  return { ...call, url: change(call.url), body: call.body === null ? null : change(call.body) }
}

const DIGITS = '0123456789abcdef'

const NEXT: Readonly<Record<string, string>> = Object.fromEntries(
  [...DIGITS].map((digit, at) => [digit, DIGITS[(at + 1) % DIGITS.length]!]),
)

export function unsigned({ url, headers, ...call }: HuaweiCall): HuaweiCall {
  const { 'x-sign': _sign, authToken: _token, ...rest } = headers
  return { ...call, url: withQuery(url, (name) => !SIGNATURES.has(name)), headers: rest }
}

/** As some examples of the documents have it. */
export const withCharset = (call: HuaweiCall): HuaweiCall => ({
  ...call,
  headers: { ...call.headers, 'Content-Type': 'application/json;charset=utf8' },
})

export function inLowerCase({ url, headers, ...call }: HuaweiCall): HuaweiCall {
  const sign = headers['x-sign']
  return {
    ...call,
    url: url.replace(/(?<=[?&]signature=)[0-9A-F]+/, (digits) => digits.toLowerCase()),
    headers: { ...headers, ...(sign !== undefined && { 'x-sign': sign.toLowerCase() }) },
  }
}

const SIGNATURES: ReadonlySet<string> = new Set(['authToken', 'signature'])

function withQuery(url: string, keeps: (name: string) => boolean): string {
  const [address, query = ''] = url.split('?')
  const kept = query.split('&').filter((piece) => piece !== '' && keeps(piece.split('=', 1)[0]!))
  return kept.length === 0 ? address! : `${address}?${kept.join('&')}`
}
