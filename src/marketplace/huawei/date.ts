import type { Seconds } from '../../domain/time.ts'

/** A place's rule: milliseconds of a wall clock, counted as if it were UTC, to Unix milliseconds. */
export type Zone = (wallMs: number) => number

const DIGITS = /^\d{14}(?:\d{3})?$/
const OFFSET = /^([+-])(0\d|1[0-4]):([0-5]\d)$/
// Engines take further spellings of an offset where a name belongs; one is enough.
const STARTS_LIKE_A_NAME = /^[A-Za-z]/
const DAY_MS = 86_400_000
const EPOCH_YEAR = 1970

/**
 * Unix seconds of `yyyyMMddHHmmss`, with or without three digits of milliseconds, which are dropped (reference
 * 3.13); null for another form and for a date or time of day that does not exist, years before 1970 included.
 */
export function readExpireTime(text: string, zone: Zone): Seconds | null {
  const wallMs = readWall(text)
  return wallMs === null ? null : Math.floor(zone(wallMs) / 1000)
}

/** Unix milliseconds of `yyyyMMddHHmmssSSS` in UTC, or null. */
export function readTimeStamp(text: string): number | null {
  return text.length === 17 ? readWall(text) : null
}

function readWall(text: string): number | null {
  if (!DIGITS.test(text)) return null
  const part = (from: number, to: number) => Number(text.slice(from, to))
  const [year, month, day] = [part(0, 4), part(4, 6), part(6, 8)]
  const [hour, minute, second, ms] = [part(8, 10), part(10, 12), part(12, 14), part(14, 17)]
  if (year < EPOCH_YEAR || hour > 23 || minute > 59 || second > 59) return null
  const midnight = Date.UTC(year, month - 1, day)
  // A day or month beyond its range would have rolled over into another month.
  if (new Date(midnight).getUTCMonth() !== month - 1) return null
  return midnight + ((hour * 60 + minute) * 60 + second) * 1000 + ms
}

/** An IANA name or `±HH:MM`; null when it is neither. */
export function readZone(text: string): Zone | null {
  if (text === 'UTC') return (wallMs) => wallMs
  const fixed = OFFSET.exec(text)
  if (fixed === null) return STARTS_LIKE_A_NAME.test(text) ? namedZone(text) : null
  const offset = (Number(fixed[2]) * 60 + Number(fixed[3])) * 60_000
  return (wallMs) => (fixed[1] === '+' ? wallMs - offset : wallMs + offset)
}

/**
 * Where a clock is set back, one wall time is two instants; where it is set forward, none, but the rule before
 * and the rule after give one each. Both times the later is taken: nobody is cut off early (contract 3.1).
 */
function namedZone(name: string): Zone | null {
  const offsetAt = readOffsets(name)
  if (offsetAt === null) return null
  return (wallMs) => {
    const before = wallMs - offsetAt(wallMs - DAY_MS)
    const after = wallMs - offsetAt(wallMs + DAY_MS)
    if (before === after) return before
    const actual = [before, after].filter((instant) => instant + offsetAt(instant) === wallMs)
    return Math.max(...(actual.length > 0 ? actual : [before, after]))
  }
}

/** Milliseconds by which a named zone is ahead of UTC at an instant; null for a name the engine does not know. */
function readOffsets(name: string): ((instantMs: number) => number) | null {
  let format: Intl.DateTimeFormat
  try {
    format = new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  } catch {
    return null
  }
  return (instantMs) => {
    const wall = Object.fromEntries(
      format.formatToParts(instantMs).map(({ type, value }) => [type, Number(value)]),
    )
    const { year, month, day, hour, minute, second } = wall as Record<string, number>
    return Date.UTC(year!, month! - 1, day!, hour!, minute!, second!) - Math.floor(instantMs / 1000) * 1000
  }
}
