import type { Credentials } from '../../../../authority/outgoing/dialect.ts'
import { concat, readUtf8, utf8 } from '../../../../format/bytes.ts'
import { membersOf } from '../../open-api/members.ts'
import { type Answered, type Books, failed, success } from './books.ts'
import { jsonOf, licenses } from './licenses.ts'
import { type Arrived, type CheckCrypto, sdkFault } from './sdk-check.ts'
import { uploads } from './uploads.ts'

export interface Gate {
  readonly credentials: Credentials
  /** Of the base interfaces: it signs what usage is pushed. */
  readonly accessKey: string
}

/** The new one and the old one; only the new one is signed by the access key (reference 11.4). */
const USAGE = /^\/(api\/mkp-openapi-public\/global|rest\/marketplace)\/v1\/isv\/usage-data$/
const NEW_USAGE = /^\/api\/.*\/isv\/usage-data$/
const ORDER = /^\/api\/mkp-openapi-public\/global\/v1\/order\/query$/
const EVENT = /^\/api\/mkp-openapi-public\/global\/v1\/market-event\/((?:[\w.~-]|%[0-9A-F]{2})+)\/file$/
const LICENSE = /^\/api\/mkp-openapi-public\/global\/(v1|v2)\/license\/([a-z-]+)$/

/** What is wrong with the signature of a request, or null (reference 11.2, 11.4). */
export function signatureFault(
  crypto: CheckCrypto,
  arrived: Arrived,
  { credentials, accessKey }: Gate,
  nowMs: number,
): string | null {
  if (!NEW_USAGE.test(arrived.target)) return sdkFault(crypto, arrived, credentials, nowMs)
  const { signature = '', ts, nonce } = arrived.headers
  const signed = concat(utf8(`ts=${ts}&nonce=${nonce}&body=`), arrived.body)
  const expected = btoa(String.fromCharCode(...crypto.hmacSha256(utf8(accessKey), signed)))
  return expected === signature ? null : 'a wrong signature'
}

/** As a gateway does that says too much: what was sent comes back, and must not end in the seller's log. */
export const unauthorized = ({ headers, body }: Arrived, fault: string): Answered =>
  failed(
    401,
    'APIGW.0301',
    `Incorrect IAM authentication information: ${fault} ${headers.authorization} ${readUtf8(body)}`,
  )

/** The open APIs of the marketplace (reference 11.1): what they answer to a request whose signature is right. */
export async function serveOpenApi(crypto: CheckCrypto, books: Books, arrived: Arrived): Promise<Answered> {
  const { pathname, searchParams } = new URL(arrived.target, 'http://far.side')
  const event = EVENT.exec(pathname)?.[1]
  const [, version, name] = LICENSE.exec(pathname) ?? []
  const isGet = arrived.method === 'GET'
  if (ORDER.test(pathname)) {
    return isGet ? queried(books, searchParams.get('orderId')) : WRONG_METHOD
  }
  if (event !== undefined)
    return isGet ? WRONG_METHOD : uploads(crypto, books, decodeURIComponent(event), arrived)
  if (USAGE.test(pathname)) return isGet ? WRONG_METHOD : usage(books, arrived.body)
  const answered = version === undefined || isGet ? null : licenses(books, version, name ?? '', arrived.body)
  return answered ?? failed(404, 'APIGW.0101', 'The API does not exist or has not been published')
}

const WRONG_METHOD = failed(405, '95000002', 'Request method not supported')

function queried(books: Books, id: string | null): Answered {
  const orderInfo = books.order(id ?? '')
  const json =
    orderInfo === null
      ? { resultCode: '000002', resultMsg: 'no such order' }
      : { resultCode: '000000', resultMsg: 'success', orderInfo }
  return { status: 200, json }
}

function usage(books: Books, body: Uint8Array): Answered {
  const records = membersOf(jsonOf(body))?.usage_records
  if (!Array.isArray(records) || records.length === 0 || records.length > 1000)
    return failed(200, '94060999', 'Failed')
  books.usage(records.length)
  return success('MKT.0000')
}
