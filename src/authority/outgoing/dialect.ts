import type { AccessKey } from '../marketplace.ts'
import type { OutgoingCall, OutgoingOutcome } from './port.ts'
import type { OutgoingRequest } from './transport.ts'

/** How a marketplace is called: two translations, a call into requests, and an answer into what came of it. */
export interface OutgoingDialect {
  /** The addresses of a site in the order they are tried; null: no site of this name or address. */
  originsOf(site: string): readonly string[] | null
  /** Changes nothing at the marketplace, and is answered to nobody whose credentials are wrong. */
  readonly harmless: Extract<OutgoingCall, { readonly type: 'query_order' }>
  /** Whether a call is signed by an access key of the channel, and not by the credentials. */
  signsByAccessKey(call: OutgoingCall): boolean
  /** The same call as one request per address, each signed for it. */
  requests(call: OutgoingCall, signing: OutgoingSigning): readonly OutgoingRequest[]
  /** Never throws. `timeZone` is the channel's. */
  outcome(call: OutgoingCall, status: number, body: Uint8Array, timeZone: string): DialectOutcome
}

export type DialectOutcome =
  | OutgoingOutcome
  /**
   * Refused for a reason that no document explains: it may be of the call, or of the moment. `gateway`: by what stands
   * before the marketplace, and need not have looked at who asks.
   */
  | { readonly type: 'unexplained'; readonly code: string; readonly by: 'marketplace' | 'gateway' }

export interface OutgoingSigning {
  readonly openApi: OpenApi
  /** null for a call that the credentials sign. */
  readonly accessKey: AccessKey | null
  readonly nowMs: number
  /** 32 hex digits, never used before. */
  readonly nonce: string
}

/** Where and as whom a channel's marketplace is called. */
export interface OpenApi {
  readonly site: string
  readonly credentials: Credentials
}

/** Not the access keys of callbacks: another pair, of an account of the marketplace. */
export interface Credentials {
  readonly accessKeyId: string
  readonly secret: string
}
