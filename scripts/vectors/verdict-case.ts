import { DAY, FINGERPRINT, FLAG, GRACE_DAYS, lc1, lk1, NOW, PAID_UNTIL } from './base.ts'
import { keyOf } from './keys.ts'
import { binding } from './objects.ts'

/** Another signing key of the same seller. */
export const NEIGHBOUR = keyOf('neighbour')

export type Chain =
  | 'one_root'
  | 'two_of_three'
  | 'rotated'
  | 'version_skipped'
  | 'signer_revoked'
  | 'root_revoked'
  | 'one_of_three_revoked'

export interface Case {
  readonly name: string
  readonly text: string
  readonly now: number
  readonly chain?: Chain
  readonly product?: number
  readonly fingerprint?: string
  readonly buildTime?: number
  readonly expect: Expectation
}

export interface Expectation {
  readonly valid: boolean
  readonly standing: string | null
  readonly reason: string | null
}

/** These reasons describe the license itself, so its standing repeats them (contract 2). */
const STANDINGS = ['not_yet_valid', 'expired']

export const active: Expectation = { valid: true, standing: 'active', reason: null }
export const grace: Expectation = { valid: true, standing: 'grace', reason: null }

export const refused = (reason: string): Expectation => ({
  valid: false,
  standing: STANDINGS.includes(reason) ? reason : null,
  reason,
})

/** A case that is refused with `reason` in the middle of the paid year, unless `over` says otherwise. */
export const no = (reason: string, name: string, text: string, over: Partial<Case> = {}): Case => ({
  name,
  text,
  now: NOW,
  ...over,
  expect: refused(reason),
})

export const code = lc1()
export const key = lk1()
export const pair = `${code} ${key}`
/** Fields of a code for FINGERPRINT alone. */
export const bound = { flags: FLAG.bound, bind_hex: binding(FINGERPRINT) }
export const worksUntil = PAID_UNTIL + GRACE_DAYS * DAY
