import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isCurrent, nextUpdate, type Publication, publicationOf } from '../../src/domain/publication.ts'
import { day } from './samples.ts'

const HOUR = 3_600
const NOW = day(1)
const newest: Publication = { number: NOW + 7, issuedAt: NOW, digest: 'a' }

describe('a revocation list that says the same', () => {
  test.each([0, 1, 6 * HOUR, 12 * HOUR - 1])('is given again unchanged %i seconds later', (later) => {
    expect(publicationOf(newest, 'a', NOW + later)).toBe(newest)
  })
  test.each([
    12 * HOUR,
    24 * HOUR,
    400 * 24 * HOUR,
  ])('has a new number and time %i seconds later', (later) => {
    const next = publicationOf(newest, 'a', NOW + later)
    expect(next).toEqual({ number: NOW + later, issuedAt: NOW + later, digest: 'a' })
  })
  test('is given out again before its next update, half a day before', () => {
    expect(nextUpdate(newest) - NOW).toBe(24 * HOUR)
  })
  test('dated ahead by a clock that was wrong is given out anew, with the right time and a higher number', () => {
    const ahead = { number: NOW + 400 * 24 * HOUR, issuedAt: NOW + 400 * 24 * HOUR, digest: 'a' }
    expect(isCurrent(ahead, NOW)).toBe(false)
    expect(publicationOf(ahead, 'a', NOW)).toEqual({ number: ahead.number + 1, issuedAt: NOW, digest: 'a' })
  })
})

describe('a revocation list that says something new', () => {
  test('has at least the time as its number, so that an older database never gives one that was given before', () => {
    expect(publicationOf(null, 'b', NOW)).toEqual({ number: NOW, issuedAt: NOW, digest: 'b' })
    const restored: Publication = { number: 12, issuedAt: NOW - 40 * 24 * HOUR, digest: 'a' }
    expect(publicationOf(restored, 'b', NOW).number).toBe(NOW)
  })
  test('of the same second is one later in number and in time', () => {
    expect(publicationOf(newest, 'b', NOW)).toEqual({ number: NOW + 8, issuedAt: NOW + 1, digest: 'b' })
  })
  test('after 2106 rises by one, since a number has 32 bits', () => {
    expect(publicationOf({ ...newest, number: 5 }, 'b', 2 ** 32).number).toBe(6)
  })
  test('whatever the clock does, never has a number that was given before, nor the time of the list before it', () => {
    const moment = fc.tuple(fc.integer({ min: NOW - 10, max: NOW + 10 }), fc.constantFrom('a', 'b', 'c'))
    fc.assert(
      fc.property(fc.array(moment, { maxLength: 40 }), (moments) => {
        let before: Publication | null = null
        for (const [now, digest] of moments) {
          const next: Publication = publicationOf(before, digest, now)
          if (before !== null && next !== before) {
            expect(next.number).toBeGreaterThan(before.number)
            expect(next.issuedAt).toBeGreaterThan(before.issuedAt)
          }
          expect(next.digest).toBe(digest)
          before = next
        }
      }),
    )
  })
})
