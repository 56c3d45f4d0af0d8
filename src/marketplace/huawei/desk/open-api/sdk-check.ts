import type { Crypto } from '../../../../authority/host.ts'
import { fromHex, toHex, utf8 } from '../../../../format/bytes.ts'

/** A request as it came over the wire. */
export interface Arrived {
  readonly method: string
  /** The request target, as in the request line. */
  readonly target: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

export type CheckCrypto = Pick<Crypto, 'sha256' | 'hmacSha256' | 'equal'>

/** How far a date may be from the marketplace's clock; the gateway's documents say fifteen minutes. */
const SKEW_MS = 15 * 60_000

/**
 * Checks SDK-HMAC-SHA256 as its document describes it (reference 11.2), from what came over the wire alone, and not with
 * the code that signs. Answers with null when the signature is right, else with what is wrong.
 */
export function sdkFault(
  crypto: CheckCrypto,
  { method, target, headers, body }: Arrived,
  { accessKeyId, secret }: { readonly accessKeyId: string; readonly secret: string },
  nowMs: number,
): string | null {
  const [scheme, ...rest] = (headers.authorization ?? '').split(' ')
  if (scheme !== 'SDK-HMAC-SHA256') return 'no SDK-HMAC-SHA256'
  const parts = partsOf(rest.join(' '))
  if (parts.get('Access') !== accessKeyId) return 'another access key'
  const date = headers['x-sdk-date'] ?? ''
  if (!(Math.abs(nowMs - sdkDateMs(date)) <= SKEW_MS)) return 'an old date'
  const names = (parts.get('SignedHeaders') ?? '').split(';')
  if (!['host', 'x-sdk-date'].every((name) => names.includes(name))) return 'host or date is not signed'
  if (names.join() !== [...names].sort().join()) return 'headers out of order'
  const sha256 = (bytes: Uint8Array) => toHex(crypto.sha256(bytes))
  const canonical = [
    method,
    canonicalUri(target),
    canonicalQuery(target),
    names.map((name) => `${name}:${(headers[name] ?? '').trim()}\n`).join(''),
    names.join(';'),
    sha256(body),
  ].join('\n')
  const text = `SDK-HMAC-SHA256\n${date}\n${sha256(utf8(canonical))}`
  const expected = crypto.hmacSha256(utf8(secret), utf8(text))
  const given = fromHex(parts.get('Signature') ?? '')
  return given?.length === expected.length && crypto.equal(given, expected) ? null : 'a wrong signature'
}

const partsOf = (text: string): ReadonlyMap<string, string> =>
  new Map(text.split(',').map((part) => part.trim().split('=') as [string, string]))

function sdkDateMs(date: string): number {
  const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date)?.map(Number) ?? []
  return y === undefined ? Number.NaN : Date.UTC(y, mo! - 1, d, h, mi, s)
}

function canonicalUri(target: string): string {
  const segments = target.split('?', 1)[0]!.split('/')
  if (segments.at(-1) !== '') segments.push('')
  return segments.map((segment) => rfc3986(unescaped(segment))).join('/')
}

function canonicalQuery(target: string): string {
  const [, query = ''] = target.split('?')
  return query
    .split('&')
    .filter((piece) => piece !== '')
    .map((piece) => piece.split('=').map((part) => rfc3986(unescaped(part))))
    .sort(([a = ''], [b = '']) => (a < b ? -1 : 1))
    .map(([name, value = '']) => `${name}=${value}`)
    .join('&')
}

/** As it stands, where its escapes are none. */
function unescaped(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Every byte but the unreserved ones. */
const rfc3986 = (text: string): string =>
  [...utf8(text)]
    .map((byte) => {
      const character = String.fromCharCode(byte)
      return /[A-Za-z0-9\-._~]/.test(character)
        ? character
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
    })
    .join('')
