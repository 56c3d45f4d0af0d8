import type { Credentials } from '../../../authority/outgoing/dialect.ts'
import type { OutgoingCall, SoftwareUsage, UsageRecord } from '../../../authority/outgoing/port.ts'
import type { Seconds } from '../../../domain/time.ts'
import { encodeBase64url } from '../../../format/base64url.ts'
import { concat, toHex, utf8 } from '../../../format/bytes.ts'
import { authorization, sdkDate } from '../sdk-signature.ts'
import type { HuaweiCrypto } from '../signature.ts'

/** A call as it goes out, but for the host. */
export interface OpenApiRequest {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly contentType: string
  readonly body: Uint8Array
  /** How it is signed: by AK and SK, or by the access key of the base interfaces (reference 11.4). */
  readonly signedBy: 'credentials' | 'access_key'
}

const API = '/api/mkp-openapi-public/global'

/** A license text longer than this goes up as a file (reference 6.8). */
export const MOST_CHARACTERS = 1024

/** The bytes of a call (reference 4.6, 6.8, 11). `boundary` parts what is uploaded and occurs in no license text. */
export function requestOf(
  crypto: Pick<HuaweiCrypto, 'sha256'>,
  call: OutgoingCall,
  boundary: string,
): OpenApiRequest {
  switch (call.type) {
    case 'query_order':
      return get(`${API}/v1/order/query?${queryOf({ orderId: call.order, orderLineId: call.line })}`)
    case 'activate_code':
      return post(`${API}/v1/license/activate`, { license: call.code, ...delivered(call.at) })
    case 'activate_codes':
      return post(`${API}/v2/license/activate`, { license_list: call.codes, ...delivered(call.at) })
    case 'query_code':
      return post(`${API}/v1/license/heartbeat`, { license: call.code })
    case 'upload_license':
      return upload(crypto, call.event, call.text, boundary)
    case 'report_software_usage':
      return post(`${API}/v2/license/software-usage-info`, { usage_info: call.usages.map(softwareUsage) })
    case 'push_usage':
      return {
        ...post(`${API}/v1/isv/usage-data`, { usage_records: call.records.map(usageRecord) }),
        signedBy: 'access_key',
      }
    default:
      return call satisfies never
  }
}

const delivered = (at: Seconds | null) => (at === null ? {} : { real_effect_time: digitsOf(at) })

const JSON_TYPE = 'application/json'

const get = (path: string): OpenApiRequest => ({
  method: 'GET',
  path,
  contentType: JSON_TYPE,
  body: new Uint8Array(),
  signedBy: 'credentials',
})

const post = (path: string, body: object): OpenApiRequest => ({
  method: 'POST',
  path,
  contentType: JSON_TYPE,
  body: utf8(JSON.stringify(body)),
  signedBy: 'credentials',
})

const queryOf = (fields: Readonly<Record<string, string | null>>): string =>
  Object.entries(fields)
    .filter((field): field is [string, string] => field[1] !== null)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&')

function softwareUsage({ code, clients }: SoftwareUsage): object {
  const items = typeof clients === 'number' ? [{ active_num: clients }] : clients.map((id) => ({ id }))
  // The capital I is the document's.
  return { license: code, software_usage_Info: items }
}

/** Members in the order of their names: it is what is signed, and how deep the marketplace sorts is not said. */
function usageRecord(record: UsageRecord): object {
  return {
    begin_time: sdkTime(record.from),
    end_time: sdkTime(record.to),
    instance_id: record.instance,
    metering_sn: record.serial,
    record_time: sdkTime(record.recordedAt),
    ...(record.relatedPackage !== null && { relate_pkg_instance: record.relatedPackage }),
    usage_value: record.value,
  }
}

/** multipart/form-data (RFC 7578) with the parts of reference 6.8. */
function upload(
  crypto: Pick<HuaweiCrypto, 'sha256'>,
  event: string,
  text: string,
  boundary: string,
): OpenApiRequest {
  const file = text.length > MOST_CHARACTERS ? utf8(text) : null
  const about =
    file === null
      ? { type: 'CHARACTERS', characters: text }
      : { type: 'FILE', file_name: FILE_NAME, sha256: toHex(crypto.sha256(file)) }
  const parts = [
    part(boundary, 'name="isvUpdateFileReq"', JSON_TYPE, utf8(JSON.stringify(about))),
    ...(file === null
      ? []
      : [part(boundary, `name="file"; filename="${FILE_NAME}"`, 'application/octet-stream', file)]),
    utf8(`--${boundary}--\r\n`),
  ]
  return {
    method: 'POST',
    path: `${API}/v1/market-event/${encodeURIComponent(event)}/file`,
    contentType: `multipart/form-data; boundary=${boundary}`,
    body: concat(...parts),
    signedBy: 'credentials',
  }
}

const FILE_NAME = 'license.lic'

const part = (boundary: string, disposition: string, type: string, content: Uint8Array): Uint8Array =>
  concat(
    utf8(`--${boundary}\r\nContent-Disposition: form-data; ${disposition}\r\nContent-Type: ${type}\r\n\r\n`),
    content,
    utf8('\r\n'),
  )

const isoOf = (seconds: number): string => new Date(seconds * 1000).toISOString()
const sdkTime = (seconds: number): string => sdkDate(isoOf(seconds))
/** `yyyyMMddHHmmss`, UTC. */
const digitsOf = (seconds: number): string => isoOf(seconds).replace(/\D/g, '').slice(0, 14)

/** What signs a request: everything the headers need. */
export interface Signing {
  readonly credentials: Credentials
  /** Of the base interfaces. */
  readonly accessKey: Uint8Array
  readonly nowMs: number
  /** At most 64 characters, never used before. */
  readonly nonce: string
}

/** The headers of a request to this origin. */
export function headersOf(
  crypto: HuaweiCrypto,
  request: OpenApiRequest,
  origin: string,
  { credentials, accessKey, nowMs, nonce }: Signing,
): Readonly<Record<string, string>> {
  const { method, path, contentType, body } = request
  if (request.signedBy === 'access_key') {
    const ts = String(nowMs)
    const signed = concat(utf8(`ts=${ts}&nonce=${nonce}&body=`), body)
    const signature = base64(crypto.hmacSha256(accessKey, signed))
    return { 'Content-Type': contentType, signature, ts, nonce }
  }
  const headers = { 'Content-Type': contentType, 'X-Sdk-Date': sdkDate(new Date(nowMs).toISOString()) }
  const signed = { method, url: origin + path, headers, body }
  return { ...headers, Authorization: authorization(crypto, credentials, signed) }
}

function base64(bytes: Uint8Array): string {
  const text = encodeBase64url(bytes).replaceAll('-', '+').replaceAll('_', '/')
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=')
}
