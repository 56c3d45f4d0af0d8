import { describe, expect, it } from 'vitest'
import { readTime } from '../../src/cli/time.ts'

describe('a TIME of the command line', () => {
  it.each([
    ['1970-01-01', 0],
    ['2026-03-01', 1_772_323_200],
    ['2024-02-29', 1_709_164_800],
    ['2000-02-29', 951_782_400],
    ['2026-03-01T00:00:00Z', 1_772_323_200],
    ['2026-03-01t00:00:01z', 1_772_323_201],
    ['2026-03-01T08:00:00+08:00', 1_772_323_200],
    ['2026-02-28T19:30:00-04:30', 1_772_323_200],
    ['2026-03-01T00:00:00.999Z', 1_772_323_200],
    ['2026-03-01T00:00:00-00:00', 1_772_323_200],
    ['1969-12-31T20:00:00-04:00', 0],
    ['9999-12-31T23:59:59Z', 253_402_300_799],
  ])('%s is read', (text, seconds) => expect(readTime(text)).toBe(seconds))

  it.each([
    ['nothing', ''],
    ['a word', 'tomorrow'],
    ['a number', '1772323200'],
    ['a day that the month has not', '2026-02-30'],
    ['February 29 outside a leap year', '2026-02-29'],
    ['February 29 in 2100', '2100-02-29'],
    ['month 0', '2026-00-10'],
    ['month 13', '2026-13-01'],
    ['day 0', '2026-01-00'],
    ['one digit for the month', '2026-3-01'],
    ['slashes', '2026/03/01'],
    ['a moment without a zone', '2026-03-01T00:00:00'],
    ['a moment without seconds', '2026-03-01T00:00Z'],
    ['a space in place of T', '2026-03-01 00:00:00Z'],
    ['hour 24', '2026-03-01T24:00:00Z'],
    ['minute 60', '2026-03-01T00:60:00Z'],
    ['a leap second', '2026-06-30T23:59:60Z'],
    ['an offset of 24 hours', '2026-03-01T00:00:00+24:00'],
    ['an offset of 60 minutes', '2026-03-01T00:00:00+08:60'],
    ['an offset without a colon', '2026-03-01T00:00:00+0800'],
    ['a fraction without digits', '2026-03-01T00:00:00.Z'],
    ['a time before 1970', '1969-12-31'],
    ['a time before 1970 by its offset', '1970-01-01T00:00:00+00:01'],
    ['a time after 9999 by its offset', '9999-12-31T23:59:59-00:01'],
    ['year 10000', '10000-01-01'],
    ['a space before it', ' 2026-03-01'],
    ['a line break after it', '2026-03-01\n'],
    ['full-width digits', '２０２６-03-01'],
  ])('%s is no time', (_, text) => expect(readTime(text)).toBeNull())
})
