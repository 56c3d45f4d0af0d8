/** 16 lower-case hex digits, random, unique, never reused. */
export type LicenseId = string

/** The marketplace's name for what was bought. */
export interface InstanceRef {
  readonly channel: string
  readonly instance: string
}

/** One line of an order; `line` is empty where the marketplace sends none. */
export interface OrderRef {
  readonly id: string
  readonly line: string
}
