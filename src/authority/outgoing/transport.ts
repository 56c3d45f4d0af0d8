/** One HTTP request of ours. */
export interface OutgoingRequest {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** What came back of it. Nothing of what failed says an address, a header or a text of the far side. */
export type Sent =
  | { readonly type: 'answered'; readonly status: number; readonly body: Uint8Array }
  | { readonly type: 'failed'; readonly why: TransportFailure }

export type TransportFailure =
  | 'no_connection'
  /** The far side could not prove who it is, or this process was told not to look. */
  | 'certificate'
  | 'timeout'
  /** None is followed: what is sent is for one address alone. */
  | 'redirect'
  /** Over 64 KiB; the rest is not read. */
  | 'answer_too_large'
  | 'cut_off'
  /** This process is about to end. */
  | 'stopping'

export interface Transport {
  /** Never throws for what the far side does. */
  send(request: OutgoingRequest, stopping?: AbortSignal): Promise<Sent>
}
