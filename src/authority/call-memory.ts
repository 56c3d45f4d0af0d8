import type { LicenseId, OrderRef } from '../domain/ids.ts'
import type { Seconds } from '../domain/time.ts'

export interface CallMemory {
  /** The mark with this signature, or with this nonce, of this access key. */
  mark(accessKey: string, signature: string, nonce: string | null): Promise<ReplayMark | null>
  /** All that may be known of a sale before it is worked on, read at one moment: on the way of every purchase. */
  recall(call: CallIdentity, sale: SaleIdentity): Promise<Recalled>
}

export type CallIdentity = Pick<ReplayMark, 'accessKey' | 'signature' | 'nonce'>

/** What an answer is remembered under. */
export type SaleIdentity = Pick<RememberedAnswer, 'channel' | 'order'>

export interface Recalled {
  /** As `CallMemory.mark`. */
  readonly mark: Pick<ReplayMark, 'request' | 'answer'> | null
  readonly answer: Pick<RememberedAnswer, 'fields' | 'body'> | null
  /** The license sold by this order line. */
  readonly license: LicenseId | null
  /** Some call waits, perhaps this one. */
  readonly parking: boolean
}

/** Left by every authentic call (contract 3.1), per access key. */
export interface ReplayMark {
  readonly accessKey: string
  readonly signature: string
  /** null where the protocol has none. */
  readonly nonce: string | null
  /** Digest of the raw request: the same request again gets the stored answer. */
  readonly request: string
  readonly answer: string
  readonly expires: Seconds
}

/** The first answer to a sale, given again for ever. An order line of a channel has one. */
export interface RememberedAnswer {
  readonly channel: string
  readonly order: OrderRef
  /** Digest of the fields that matter, to notice a re-send that differs. */
  readonly fields: string
  readonly body: string
  /** No other answer is like it but for its license: it is kept whole. */
  readonly alone?: boolean
}
