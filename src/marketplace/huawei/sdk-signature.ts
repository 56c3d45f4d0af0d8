import type { Credentials } from '../../authority/outgoing/dialect.ts'
import { fromHex, toHex, utf8 } from '../../format/bytes.ts'
import type { HuaweiCrypto } from './signature.ts'

export interface UnsignedRequest {
  readonly method: 'GET' | 'POST'
  readonly url: string
  /** All of them are signed; `x-sdk-date` must be one (`yyyyMMdd'T'HHmmss'Z'`), `host` is taken from the address. */
  readonly headers: Readonly<Record<string, string>>
  /** Exactly the bytes that are sent. */
  readonly body: Uint8Array
}

const ALGORITHM = 'SDK-HMAC-SHA256'

/** The `Authorization` header of a request to an open API (reference 11.2). No key is derived from the secret. */
export function authorization(
  crypto: Pick<HuaweiCrypto, 'sha256' | 'hmacSha256'>,
  { accessKeyId, secret }: Credentials,
  request: UnsignedRequest,
): string {
  const headers = signedHeaders(request)
  const date = headers.find(([name]) => name === 'x-sdk-date')?.[1]
  if (date === undefined) throw new TypeError('a request to an open API has an x-sdk-date')
  const names = headers.map(([name]) => name).join(';')
  const hash = (bytes: Uint8Array) => toHex(crypto.sha256(bytes))
  const canonical = canonicalRequest(request, headers, names, hash(request.body))
  const text = [ALGORITHM, date, hash(utf8(canonical))].join('\n')
  const signature = toHex(crypto.hmacSha256(utf8(secret), utf8(text)))
  return `${ALGORITHM} Access=${accessKeyId}, SignedHeaders=${names}, Signature=${signature}`
}

type Header = readonly [name: string, value: string]

function signedHeaders({ url, headers }: UnsignedRequest): readonly Header[] {
  const all = { host: new URL(url).host, ...headers }
  return Object.entries(all)
    .map(([name, value]): Header => [name.toLowerCase(), value.trim()])
    .sort(([a], [b]) => (a < b ? -1 : 1))
}

function canonicalRequest(
  { method, url }: UnsignedRequest,
  headers: readonly Header[],
  names: string,
  bodyHash: string,
): string {
  const { pathname, searchParams } = new URL(url)
  const path = pathname.split('/').map((segment) => encode(decodeURIComponent(segment)))
  const uri = path.at(-1) === '' ? path.join('/') : `${path.join('/')}/`
  const query = [...searchParams]
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([a, x], [b, y]) => (a === b ? (x < y ? -1 : 1) : a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
  const lines = headers.map(([name, value]) => `${name}:${value}\n`).join('')
  return [method, uri, query, lines, names, bodyHash].join('\n')
}

/** RFC 3986 2.3: everything but letters, digits and `-._~`; `encodeURIComponent` leaves five more as they are. */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )

/** An `X-Sdk-Date` (reference 3.13). */
export const sdkDate = (iso: string): string => `${iso.slice(0, 19).replace(/[-:]/g, '')}Z`

const READ = /^SDK-HMAC-SHA256 Access=([^,\s]+), ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/

/** What an `Authorization` header says, for whoever has to check one; null when it is of another form. */
export function readAuthorization(header: string): {
  readonly accessKeyId: string
  readonly names: readonly string[]
  readonly signature: Uint8Array
} | null {
  const read = READ.exec(header)
  if (read === null) return null
  return { accessKeyId: read[1]!, names: read[2]!.split(';'), signature: fromHex(read[3]!)! }
}
