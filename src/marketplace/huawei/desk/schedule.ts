/** How the marketplace tries again (reference 3.11): how often after the first call, and how far apart. */
export interface Schedule {
  readonly retries: number
  readonly pauseMs: number
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE

export const SCHEDULE = {
  /** License 1.0, SaaS 2.0 and SaaS 1.0 purchases: three hours, once an hour. */
  purchase: { retries: 3, pauseMs: HOUR },
  /** License 1.0 renewal and release, and all that no document has retries for: called once, then by hand. */
  once: { retries: 0, pauseMs: 0 },
  /** License 2.0: sixty times, once every two minutes. */
  code: { retries: 60, pauseMs: 2 * MINUTE },
  /** Online licenses: a purchase, a renewal and a status for two hours, once every two minutes. */
  instance: { retries: 60, pauseMs: 2 * MINUTE },
  /** SaaS upgrades and order notices: three hours; how often is not said. */
  order: { retries: 3, pauseMs: HOUR },
  /** SaaS 1.0 renewal, expiry and release: one hour; how often is not said. */
  hour: { retries: 1, pauseMs: HOUR },
} as const satisfies Record<string, Schedule>
