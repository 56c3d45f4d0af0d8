import type { Freeze, Reinstate, Release, Renew, Shorten } from '../domain/commands.ts'
import type { OrderRef } from '../domain/ids.ts'
import type { Refusal } from '../domain/refusal.ts'
import type { PaidUntil, Seconds } from '../domain/time.ts'
import type { Application, Uncovered } from './applications.ts'
import type { KitSync } from './kit-entry.ts'
import type { LearntOrder, OrderCause } from './orders.ts'
import type { OpenApi, OutgoingDialect } from './outgoing/dialect.ts'

/**
 * A marketplace plug-in is two translations: a raw call into an intent, and what came of it back into bytes.
 * It sees no store, no clock and no license.
 */
export interface Marketplace {
  readonly kind: string
  /** Whether a channel may write its times in this zone. */
  acceptsTimeZone(text: string): boolean
  /** What it calls below the production address, as it follows that, with its slash. */
  readonly addresses: ReadonlySet<string>
  open(call: RawCall, channel: Channel, nowMs: number): Opened
  /**
   * The answer's body; fixed texts, so equal replies are equal bytes, but for what is encrypted for the caller: such an
   * answer is remembered. `to`: who called; without it nothing is encrypted, and nothing shown that a channel says.
   */
  answer(intent: Intent | null, reply: Reply, to?: Addressee): string
  /** The result code in a body that `answer` gave, for the log: the word that the marketplace's own pages use. */
  codeOf(body: string): string
  /** Headers for a body: the content type and the signature by the access key, if there is one. */
  headers(body: string, key: AccessKey | null): Readonly<Record<string, string>>
  /** How this server calls it. */
  readonly outgoing: OutgoingDialect
}

/** Whom an answer goes to, and what of ours may stand in it. */
export interface Addressee {
  /** The key the call was signed with. */
  readonly key: AccessKey
  readonly pages: Pages
  /** The public address of this server. */
  readonly issuer: string
  readonly random: (length: number) => Uint8Array
}

/** What arrived, before anything is believed. */
export interface RawCall {
  readonly method: 'GET' | 'POST'
  /** The query string as it stood in the request line, without `?`. */
  readonly query: string
  readonly contentType: string | null
  /** null when the body was over the size limit or did not arrive in time. */
  readonly body: Uint8Array | null
  /** Of a call below the production address alone. */
  readonly below?: Below
}

/** Where below the production address a call came, one of `Marketplace.addresses`, and its headers by lower-case names. */
export interface Below {
  readonly address: string
  readonly headers: Readonly<Record<string, string | undefined>>
}

/** A channel with its access keys opened; the newest key is the last. */
export interface Channel {
  readonly name: string
  readonly kind: string
  readonly timeZone: string
  readonly windows: { readonly timestamp: Seconds; readonly authToken: Seconds }
  readonly keys: readonly AccessKey[]
  /** Where the marketplace is called, and as whom; null: it is not. `unreadable`: what is sealed does not open. */
  readonly openApi: OpenApi | 'unreadable' | null
  readonly pages: Pages
}

/** Where the seller's software is reached, for marketplaces that show it to the buyer; null: none is told. */
export interface Pages {
  readonly frontEnd: string | null
  readonly admin: string | null
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
export type Intent =
  | Sale
  | Demand
  | Opening
  | Notice
  | InstanceQuery
  | Upgrade
  | ChangeCheck
  | UnknownScene
  | KitSync
  | Application

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
  /** Answered with the pages of the software beside the license text, as the buyer is shown them. */
  readonly shown?: 'as_instance'
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
  /** The order that asks for it, for the ledger; null where the call names none. */
  readonly order: CitedOrder | null
}

/** An order that a call names beside an instance. */
export interface CitedOrder {
  readonly ref: OrderRef
  readonly cause: OrderCause
  /** Its edition and seats are not in the call: the marketplace is asked. */
  readonly learn: boolean
}

/**
 * A purchase whose terms are not in the call: it is answered at once with the instance, and the marketplace is asked for
 * the rest.
 */
export interface Opening {
  readonly type: 'opening'
  readonly test: boolean
  readonly order: OrderRef
  /** Differs on every request; it names the instance of a test call. */
  readonly businessId: string
  /** Terms that the call brings all the same, in its older form. */
  readonly told: ToldOrder | null
}

export interface ToldOrder extends LearntOrder {
  /** As in `Sale`. */
  readonly customer: string | null
}

/** Some order of ours was paid. */
export interface Notice {
  readonly type: 'notice'
  readonly test: boolean
  readonly order: OrderRef
}

/** What the buyer is to be shown of instances. */
export interface InstanceQuery {
  readonly type: 'instance_query'
  readonly test: boolean
  readonly instances: readonly string[]
}

/** Another edition or other seats of the same instance. */
export interface Upgrade {
  readonly type: 'upgrade'
  readonly test: boolean
  readonly instance: string
  readonly order: OrderRef
  /** What was bought; null where the marketplace has to be asked. */
  readonly bought: Bought | null
}

export type Bought = Pick<Sale, 'marketplaceProduct' | 'sku' | 'quantity'>

/** Whether an instance could be changed to this; nothing is bought yet. */
export interface ChangeCheck extends Bought {
  readonly type: 'change_check'
  readonly test: boolean
  readonly instance: string
}

/** A change of an instance of a kind that no document names. */
export interface UnknownScene {
  readonly type: 'unknown_scene'
  readonly test: boolean
  readonly instance: string
  readonly order: OrderRef
  /** As sent, at most 64 characters. */
  readonly scene: string
}

/** What came of it. */
export type Reply =
  | { readonly type: 'sold'; readonly instance: string; readonly licenseText: string }
  | { readonly type: 'done' }
  | { readonly type: 'opened'; readonly instance: string }
  | { readonly type: 'instances'; readonly instances: readonly ShownInstance[] }
  /** It is taken down, and done when the terms of its instance are known. */
  | { readonly type: 'in_process' }
  | { readonly type: 'uncovered'; readonly why: Uncovered }
  | { readonly type: 'unknown_instance' }
  | { readonly type: 'refused'; readonly refusal: Refusal }
  | { readonly type: 'unavailable' }
  | { readonly type: 'unauthenticated' }
  | { readonly type: 'malformed' }

/** An instance as the buyer is shown it; `pages` and the text are null while its terms are not known. */
export interface ShownInstance {
  readonly instance: string
  readonly pages: Pages | null
  /** null where the license has no code that may be handed out. */
  readonly licenseText: string | null
}
