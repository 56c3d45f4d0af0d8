import { SECONDS_PER_DAY, type Seconds } from './time.ts'

/** A length as a marketplace sells it. */
export interface Period {
  readonly unit: 'year' | 'month' | 'day'
  readonly count: number
}

const MONTHS = { year: 12, month: 1 } as const

/**
 * The end of a period that begins at `from`, by the calendar in UTC: a day that the last month does not have is its
 * last day.
 */
export function endOfPeriod(from: Seconds, { unit, count }: Period): Seconds {
  if (unit === 'day') return from + count * SECONDS_PER_DAY
  const start = new Date(from * 1000)
  const month = start.getUTCMonth() + count * MONTHS[unit]
  const last = new Date(Date.UTC(start.getUTCFullYear(), month + 1, 0)).getUTCDate()
  const day = Math.min(start.getUTCDate(), last)
  const midnight = Date.UTC(start.getUTCFullYear(), month, day) / 1000
  return midnight + (from - Math.floor(from / SECONDS_PER_DAY) * SECONDS_PER_DAY)
}
