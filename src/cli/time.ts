import type { Seconds } from '../domain/time.ts'
import { LAST_SECOND } from '../format/limits.ts'

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/
const MOMENT = /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.\d+)?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/

/** How a TIME is written; for messages. */
export const TIME_FORMS =
  'a time is written 2027-01-31T12:00:00Z, 2027-01-31T20:00:00+08:00 or 2027-01-31 (00:00:00 UTC of that day)'

/**
 * A TIME of the command line (contract 4): RFC 3339, a fraction of a second dropped, or `YYYY-MM-DD`, which is
 * 00:00:00Z of that day. null for anything else, for a date that does not exist, a leap second, and a time
 * before 1970 or after 9999.
 */
export function readTime(text: string): Seconds | null {
  const day = DAY.exec(text)
  if (day) return secondsOf(day.slice(1).map(Number), 0)
  const moment = MOMENT.exec(text)
  if (!moment) return null
  const [, , , , , , , sign, hours, minutes] = moment
  const offset = offsetOf(sign, Number(hours ?? 0), Number(minutes ?? 0))
  return offset === null ? null : secondsOf(moment.slice(1, 7).map(Number), offset)
}

function offsetOf(sign: string | undefined, hours: number, minutes: number): Seconds | null {
  if (hours > 23 || minutes > 59) return null
  const seconds = (hours * 60 + minutes) * 60
  return sign === '-' ? -seconds : seconds
}

function secondsOf(parts: readonly number[], offset: Seconds): Seconds | null {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts
  if (year < 1969 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return null
  if (hour > 23 || minute > 59 || second > 59) return null
  const seconds = Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - offset
  return seconds >= 0 && seconds <= LAST_SECOND ? seconds : null
}

/** Day 0 of the next month is the last of this one. */
const daysIn = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate()
