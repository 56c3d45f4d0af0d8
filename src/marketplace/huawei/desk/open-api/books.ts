import type { Json } from '../../../../format/json.ts'

/** What the marketplace knows, as far as its open APIs speak of it. */
export interface Books {
  /** The `orderInfo` of an order (reference 11.3). */
  order(id: string): object | null
  /** Whether somebody applied for a license under this event. */
  expects(event: string): boolean
  /** A license came, by its event. */
  uploaded(event: string, text: string): void
  /** The code, now activated; or why not. */
  activate(code: string): MarketCode | CodeError
  code(code: string): MarketCode | CodeError
  /** How many records of usage came. */
  usage(records: number): void
}

/** A License 2.0 code (reference 4.6). */
export interface MarketCode {
  readonly status: 'ALIVE' | 'EXPIRED' | 'RELEASED'
  /** `yyyyMMddHHmmss`; null: none. */
  readonly expireTime: string | null
  readonly productId: string
  readonly orderId: string
  readonly amount: number | null
  /** `yyyyMMddHHmmss`; null: it is not activated yet. */
  readonly activateTime: string | null
}

/** Error codes of the documents' table (reference 4.6). */
export type CodeError = keyof typeof CODE_ERRORS

export const CODE_ERRORS = {
  92020003: 'illegal state',
  92020005: 'license code notexist',
  92020011: 'license code has been not activated.',
} as const

/** What an open API answers: a status and JSON. */
export interface Answered {
  readonly status: number
  readonly json: Json | object
}

export const success = (code: string, more: object = {}): Answered => ({
  status: 200,
  json: { error_code: code, error_msg: 'success', ...more },
})

export const failed = (status: number, code: string, text: string): Answered => ({
  status,
  json: { error_code: code, error_msg: text },
})
