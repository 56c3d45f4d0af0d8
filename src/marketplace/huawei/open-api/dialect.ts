import type { OutgoingDialect } from '../../../authority/outgoing/dialect.ts'
import type { Zone } from '../date.ts'
import type { HuaweiCrypto } from '../signature.ts'
import { readAnswer } from './answers.ts'
import { originsOf } from './hosts.ts'
import { headersOf, requestOf } from './requests.ts'

/** The open APIs of Huawei Cloud Marketplace (reference 11). */
export function openApiDialect(crypto: HuaweiCrypto, zoneOf: (name: string) => Zone | null): OutgoingDialect {
  return {
    originsOf,
    // The first of the console's mock orders (reference 11.3).
    harmless: { type: 'query_order', order: 'MOCKPERIODYEARNEW', line: null },
    signsByAccessKey: (call) => requestOf(crypto, call, '').signedBy === 'access_key',
    requests(call, { openApi, accessKey, nowMs, nonce }) {
      const { site, credentials } = openApi
      const request = requestOf(crypto, call, nonce)
      const signing = { credentials, accessKey: accessKey?.secret ?? new Uint8Array(), nowMs, nonce }
      return (originsOf(site) ?? []).map((origin) => ({
        method: request.method,
        url: origin + request.path,
        headers: headersOf(crypto, request, origin, signing),
        body: request.body,
      }))
    },
    outcome(call, status, body, timeZone) {
      const zone = zoneOf(timeZone)
      return zone === null
        ? { type: 'unreachable', why: 'unknown_time_zone' }
        : readAnswer(call, status, body, zone)
    },
  }
}
