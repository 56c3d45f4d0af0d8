import { expect, test } from 'vitest'
import { endOfPeriod, type Period } from '../../src/domain/period.ts'

const at = (text: string): number => Date.parse(text) / 1000

test.each<[string, Period, string]>([
  ['2026-11-21T12:34:56Z', { unit: 'month', count: 1 }, '2026-12-21T12:34:56Z'],
  ['2026-11-21T12:34:56Z', { unit: 'month', count: 14 }, '2028-01-21T12:34:56Z'],
  ['2026-11-21T12:34:56Z', { unit: 'year', count: 2 }, '2028-11-21T12:34:56Z'],
  ['2026-11-21T12:34:56Z', { unit: 'day', count: 15 }, '2026-12-06T12:34:56Z'],
  ['2027-01-31T23:59:59Z', { unit: 'month', count: 1 }, '2027-02-28T23:59:59Z'],
  ['2028-01-31T00:00:00Z', { unit: 'month', count: 1 }, '2028-02-29T00:00:00Z'],
  ['2028-02-29T00:00:00Z', { unit: 'year', count: 1 }, '2029-02-28T00:00:00Z'],
  ['2027-12-31T00:00:00Z', { unit: 'month', count: 2 }, '2028-02-29T00:00:00Z'],
])('from %s %j lasts until %s', (from, period, end) => {
  expect(endOfPeriod(at(from), period)).toBe(at(end))
})
