import type { Title } from '../../../authority/marketplace-check.ts'
import type { HuaweiCall, HuaweiCaller, Members, Moment } from '../caller.ts'
import type { HuaweiKitCaller } from '../caller-kit.ts'
import type { Answer } from './answers.ts'

/** A family of interfaces: its debugging cases as data, and what its answers owe. */
export interface Family {
  readonly name: string
  readonly title: Title
  /** How its calls are signed and sent; `to` is what a case says of its address. */
  readonly call: (callers: Callers, fields: Members, moment: Moment, to: string) => HuaweiCall
  /**
   * `token`: by authToken (reference 3.4): answers must be signed (3.5), and no document limits the age of a call.
   * `nonce`: by signature, timestamp and nonce (3.3, 9.1): the age is limited, and signed answers are only wise (3.6).
   */
  readonly signedBy: 'token' | 'nonce'
  /** False where an activity is an address of its own. */
  readonly hasActivity: boolean
  /** A mandatory member of the first case, which is left out once. */
  readonly mandatory: string
  /** The first is also sent forged, stale and damaged. */
  readonly cases: readonly [Case, ...Case[]]
}

/** One of the console's debugging cases: `testFlag` is added by the family. */
export interface Case {
  /** A word for programs. */
  readonly scene: string
  readonly title: Title
  readonly fields: (props: Props, moment: Moment) => Members
  /** Below the production address, for families whose activities have addresses of their own. */
  readonly to?: string
  /** Result codes that pass; `000000` alone where none are named. */
  readonly passes?: readonly string[]
  /** What is wrong with the members of a successful answer beside code and message. */
  readonly judge?: (answer: Answer & { type: 'read' }, opens: Opens) => readonly string[]
  /** Why a server may go without it; then `000002` is advice and no failure. */
  readonly optional?: string
  readonly why: string
  readonly otherwise: string
}

/** Names made for one run: no order and no instance anywhere has them. */
export interface Props {
  /** In every other name here, and nowhere else. */
  readonly mark: string
  readonly order: string
  readonly line: string
  readonly instance: string
  readonly code: string
  readonly event: string
}

/** Both sides of the line for one access key of each class. */
export interface Callers {
  readonly base: HuaweiCaller
  readonly kit: HuaweiKitCaller
  readonly elderKit: HuaweiKitCaller
}

/** Decrypts a user name or password of an answer; null when the access key does not open it. */
export type Opens = (encryptType: '1' | '2', text: string) => string | null

/** What a scene needs to build its calls. */
export interface Stage {
  readonly callers: Callers
  /** With access keys that nobody has. */
  readonly strangers: Callers
  readonly props: Props
  readonly opens: Opens
  /** A moment never used before, so long ago. */
  moment(agoMs?: number): Moment
}

/** A scene ready to be played: its calls are sent in order, then judged together. */
export interface Scene {
  readonly family: string
  readonly scene: string
  readonly title: Title
  readonly expected: readonly string[]
  readonly why: string
  readonly otherwise: string
  readonly calls: (stage: Stage) => readonly HuaweiCall[]
  readonly judge: (answers: readonly Answer[], stage: Stage) => readonly Finding[]
}

export interface Finding {
  readonly weight: 'fail' | 'advice'
  readonly what: string
}

export const fails = (what: string): Finding => ({ weight: 'fail', what })

export const advises = (what: string): Finding => ({ weight: 'advice', what })

export const SUCCESS = '000000'
export const UNAUTHENTICATED = '000001'
export const MALFORMED = '000002'

/** Pass or not, by the result code of one answer. */
export function judgeCode(answer: Answer, expected: readonly string[]): readonly Finding[] {
  if (answer.type !== 'read') return [fails(answer.why)]
  const { resultCode } = answer
  if (resultCode !== null && expected.includes(resultCode)) return []
  return [fails(`answered ${resultCode ?? 'without a result code'}, expected ${expected.join(' or ')}`)]
}
