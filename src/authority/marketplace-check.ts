import type { Ambient } from './host.ts'

/**
 * Plays a marketplace's interface debugging against a production address, of whatever program: only test calls, so that
 * nothing changes there.
 */
export interface MarketplaceCheck {
  /** The marketplace's families of interfaces, in the order they are played. */
  readonly families: readonly CheckFamily[]
  /** Never throws for what the far side does. */
  run(order: CheckOrder): Promise<CheckReport>
}

export interface CheckFamily {
  readonly name: string
  readonly title: Title
}

export interface CheckOrder {
  /** The production address, without a query. */
  readonly address: string
  readonly accessKeys: CheckKeys
  /** Names of families. */
  readonly families: readonly string[]
  readonly exchange: Exchange
  readonly ambient: Pick<Ambient, 'nowMs' | 'random'>
}

/** A marketplace may bind a key of its own to each class of interface. */
export interface CheckKeys {
  readonly base: string
  readonly kit: string
}

export type CheckReport =
  /** No call was answered: there is no server, or it cannot prove who it is, or it takes calls and says nothing. */
  | { readonly type: 'unreachable'; readonly why: ExchangeFailure }
  | {
      readonly type: 'checked'
      readonly scenes: readonly SceneReport[]
      /** What most failures have in common, a sentence each. */
      readonly hints: readonly string[]
    }

export interface SceneReport {
  /** A name of a family, or `address` for what no family has for itself. */
  readonly family: string
  /** A word for programs, one of a kind within the family. */
  readonly scene: string
  readonly title: Title
  readonly result: SceneResult
  /** Result codes of which each would pass; empty where no code decides. */
  readonly expected: readonly string[]
  readonly calls: readonly CallReport[]
  /** What is wrong, a sentence each; empty when all is well. */
  readonly findings: readonly string[]
  /** Why it matters, and what the marketplace does when it fails. */
  readonly why: string
  readonly otherwise: string
}

/** `advice`: it passes, but look at it. `unplayed`: there was no answer to judge it by. */
export type SceneResult = 'pass' | 'advice' | 'fail' | 'unplayed'

export interface Title {
  readonly en: string
  /** As the marketplace's own console has it. */
  readonly zh: string
}

/** One call without its secrets: neither keys nor signatures. */
export interface CallReport {
  readonly sent: string
  /** null when nothing was answered. */
  readonly status: number | null
  readonly resultCode: string | null
  /** The answer, shortened. */
  readonly got: string
  readonly milliseconds: number
}

/** Sends one request as it is: no redirect is followed, certificates are verified, an answer is bounded in bytes and time. */
export type Exchange = (request: ExchangeRequest) => Promise<Exchanged>

export interface ExchangeRequest {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
}

export type Exchanged =
  | {
      readonly type: 'answered'
      readonly status: number
      /** Names in lower case. */
      readonly headers: ReadonlyMap<string, string>
      readonly body: Uint8Array
      readonly milliseconds: number
    }
  | { readonly type: 'failed'; readonly why: ExchangeFailure; readonly milliseconds: number }

export type ExchangeFailure =
  | 'no_connection'
  | 'certificate'
  /** No whole answer in the time that the marketplace waits. */
  | 'timeout'
  | 'answer_too_large'
  | 'cut_off'
