import { expireTimeOf, type Moment } from '../caller.ts'

const YEAR_MS = 365 * 86_400_000

/** A year ahead, in the 14 digits of the tables. */
export const inAYear = ({ nowMs }: Moment): string => expireTimeOf(nowMs + YEAR_MS)

/** In the 17 digits of the examples (reference 3.13). */
export const inAYearLong = (moment: Moment): string => `${inAYear(moment)}256`

/** As `getLicenseAsync` writes a time (reference 6.7). */
export const spokenTime = (ms: number): string =>
  `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} z`

export const spokenInAYear = ({ nowMs }: Moment): string => spokenTime(nowMs + YEAR_MS)
