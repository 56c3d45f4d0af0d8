import type { Freeze, Reinstate, Release, Renew, Shorten } from '../domain/commands.ts'
import type { OrderRef } from '../domain/ids.ts'
import type { Refusal } from '../domain/refusal.ts'
import type { PaidUntil, Seconds } from '../domain/time.ts'

/**
 * A marketplace plug-in is two translations: a raw call into an intent, and what came of it back into bytes.
 * It sees no store, no clock and no license.
 */
export interface Marketplace {
  readonly kind: string
  /** Whether a channel may write its times in this zone. */
  acceptsTimeZone(text: string): boolean
  open(call: RawCall, channel: Channel, nowMs: number): Opened
  /** The answer's body; fixed texts, so equal replies are equal bytes. */
  answer(intent: Intent | null, reply: Reply): string
  /** The result code in a body that `answer` gave, for the log: the word that the marketplace's own pages use. */
  codeOf(body: string): string
  /** Headers for a body: the content type and the signature by the access key, if there is one. */
  headers(body: string, key: AccessKey | null): Readonly<Record<string, string>>
}

/** What arrived, before anything is believed. */
export interface RawCall {
  readonly method: 'GET' | 'POST'
  /** The query string as it stood in the request line, without `?`. */
  readonly query: string
  readonly contentType: string | null
  /** null when the body was over the size limit or did not arrive in time. */
  readonly body: Uint8Array | null
}

/** A channel with its access keys opened; the newest key is the last. */
export interface Channel {
  readonly name: string
  readonly kind: string
  readonly timeZone: string
  readonly windows: { readonly timestamp: Seconds; readonly authToken: Seconds }
  readonly keys: readonly AccessKey[]
}

export interface AccessKey {
  readonly id: string
  /** UTF-8 bytes of the key. */
  readonly secret: Uint8Array
}

export type Opened =
  /** Not authentic, or unreadable before that could be told: nothing is remembered of it. */
  | {
      readonly type: 'rejected'
      readonly reply: Reply & { type: 'unauthenticated' | 'malformed' }
      readonly why: string
    }
  | {
      readonly type: 'authentic'
      readonly key: AccessKey
      readonly mark: MarkIdentity
      /** For the log: the marketplace's own name of the activity, if it is a known one. */
      readonly activity: string | null
      /** null when authentic but malformed: it still leaves a replay mark. `why` names the field, for the log. */
      readonly intent: Intent | null
      readonly why: string | null
    }

export interface MarkIdentity {
  readonly signature: string
  readonly nonce: string | null
  readonly request: string
  readonly expires: Seconds
}

/** What the marketplace wants, in our words. */
export type Intent = Sale | Demand

/** A purchase, or the same purchase asked about again. */
export interface Sale {
  readonly type: 'sale'
  readonly test: boolean
  readonly order: OrderRef
  readonly marketplaceProduct: string
  readonly sku: string | null
  /** As sent; judged only where the offer says `"amount"`. */
  readonly quantity: string | null
  readonly paidUntil: PaidUntil
  readonly trial: boolean
  /** Personal data of the buyer as JSON, sealed before it is stored; null when none was sent. */
  readonly customer: string | null
}

/** A change of an instance the marketplace believes we know. */
export interface Demand {
  readonly type: 'demand'
  readonly test: boolean
  readonly instance: string
  readonly command: Renew | Shorten | Freeze | Reinstate | Release
  /** `park` it until the purchase arrives, or `meet` a code that the marketplace itself made. */
  readonly unknown: 'park' | 'meet'
}

/** What came of it. */
export type Reply =
  | { readonly type: 'sold'; readonly instance: string; readonly licenseText: string }
  | { readonly type: 'done' }
  | { readonly type: 'unknown_instance' }
  | { readonly type: 'refused'; readonly refusal: Refusal }
  | { readonly type: 'unavailable' }
  | { readonly type: 'unauthenticated' }
  | { readonly type: 'malformed' }
