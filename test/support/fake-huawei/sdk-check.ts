import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

/** A request as it came over the wire. */
export interface Arrived {
  readonly method: string
  /** The request target, as in the request line. */
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

const sha256 = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex')

/**
 * Checks SDK-HMAC-SHA256 as its document describes it (reference 11.2), from what came over the wire alone. Answers with
 * null when the signature is right, else with what is wrong.
 */
export function sdkFault(
  { method, target, headers, body }: Arrived,
  { accessKeyId, secret }: { readonly accessKeyId: string; readonly secret: string },
  nowMs: number,
): string | null {
  const [scheme, ...rest] = (headers.authorization ?? '').split(' ')
  if (scheme !== 'SDK-HMAC-SHA256') return 'no SDK-HMAC-SHA256'
  const parts = new Map(
    rest
      .join(' ')
      .split(',')
      .map((part) => part.trim().split('=') as [string, string]),
  )
  if (parts.get('Access') !== accessKeyId) return 'another access key'
  const date = headers['x-sdk-date'] ?? ''
  const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date)?.map(Number) ?? []
  const at = y === undefined ? Number.NaN : Date.UTC(y, mo! - 1, d, h, mi, s)
  if (!(Math.abs(nowMs - at) <= 15 * 60_000)) return 'an old date'
  const names = (parts.get('SignedHeaders') ?? '').split(';')
  if (!['host', 'x-sdk-date'].every((name) => names.includes(name))) return 'host or date is not signed'
  if (names.join() !== [...names].sort().join()) return 'headers out of order'
  const canonical = [
    method,
    canonicalUri(target),
    canonicalQuery(target),
    names.map((name) => `${name}:${(headers[name] ?? '').trim()}\n`).join(''),
    names.join(';'),
    sha256(body),
  ].join('\n')
  const expected = createHmac('sha256', secret)
    .update(`SDK-HMAC-SHA256\n${date}\n${sha256(canonical)}`)
    .digest()
  const given = Buffer.from(parts.get('Signature') ?? '', 'hex')
  return given.length === 32 && timingSafeEqual(given, expected) ? null : 'a wrong signature'
}

function canonicalUri(target: string): string {
  const segments = target.split('?', 1)[0]!.split('/')
  if (segments.at(-1) !== '') segments.push('')
  return segments.map((segment) => rfc3986(decodeURIComponent(segment))).join('/')
}

function canonicalQuery(target: string): string {
  const [, query = ''] = target.split('?')
  return query
    .split('&')
    .filter((piece) => piece !== '')
    .map((piece) => piece.split('=').map((part) => rfc3986(decodeURIComponent(part))))
    .sort(([a = ''], [b = '']) => (a < b ? -1 : 1))
    .map(([name, value = '']) => `${name}=${value}`)
    .join('&')
}

/** Every byte but the unreserved ones. */
const rfc3986 = (text: string): string =>
  [...Buffer.from(text)]
    .map((byte) => {
      const character = String.fromCharCode(byte)
      return /[A-Za-z0-9\-._~]/.test(character)
        ? character
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
    })
    .join('')
