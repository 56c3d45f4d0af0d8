import { describe, expect, test } from 'vitest'
import { listingOf } from '../../src/domain/codes-out.ts'
import { decide } from '../../src/domain/decide.ts'
import { type License, MAX_REVISION } from '../../src/domain/license.ts'
import { standing } from '../../src/domain/standing.ts'
import { evolveAll, step } from '../../src/domain/step.ts'
import { ACTIVE, day, EXPIRED, FROZEN, frozen, issued, licenseOf, PENDING, RELEASED } from './samples.ts'

const RESTORE = { type: 'restore' } as const
const raisedBy = (license: License): number => restored(license).revision - license.revision

function restored(license: License): License {
  const stepped = step(license, RESTORE, day(2))
  if (!stepped.ok) throw new Error(stepped.no.reason)
  return stepped.value.license
}

describe('a restore', () => {
  test.each([
    ['pending', PENDING],
    ['active', ACTIVE],
    ['frozen', FROZEN],
    ['expired', EXPIRED],
  ])('raises the revision of a license that is %s by a thousand, and nothing else of it', (_, history) => {
    const before = licenseOf(...history)
    expect(restored(before)).toEqual({ ...before, revision: before.revision + 1_000 })
  })
  test('leaves a released license as it is: it could not have changed any more', () => {
    expect(decide(licenseOf(...RELEASED), RESTORE, day(2))).toEqual({ ok: true, value: [] })
  })
  test('of no license is refused', () => {
    expect(decide(null, RESTORE, day(2))).toEqual({ ok: false, no: { reason: 'license_unknown' } })
  })
  test('hands out no code: what holds until when is as before', () => {
    const shortened = licenseOf(issued, { type: 'shortened', order: null, paidUntil: day(1), at: day(1) })
    expect(restored(shortened).codes).toEqual(shortened.codes)
  })
  test('lifts the list entry of a frozen license above every code of the time that was lost', () => {
    const entry = listingOf(restored(licenseOf(issued, frozen('operator'))))
    expect(entry).toMatchObject({ minRevision: 1_002, why: 'frozen' })
  })
  test('shuts no code out of a license that was reinstated', () => {
    const active = licenseOf(issued, frozen('operator'), { type: 'reinstated', at: day(2) })
    expect(listingOf(restored(active))).toBeNull()
    expect(standing(restored(active), day(3))).toBe('active')
  })
  test('is followed by changes that raise the revision by one again', () => {
    const after = evolveAll(restored(licenseOf(issued)), [frozen('operator')])
    expect(after).toMatchObject({ status: 'frozen', revision: 1_002 })
  })
})

describe('near revision 65535 a restore', () => {
  const at = (revision: number): License => ({ ...licenseOf(issued), revision })

  test.each([
    [MAX_REVISION - 2_000, 1_000],
    [MAX_REVISION - 1_999, 999],
    [MAX_REVISION - 10, 5],
    [MAX_REVISION - 2, 1],
  ])('takes at most half of what is left: from %d it raises by %d', (revision, raised) => {
    expect(raisedBy(at(revision))).toBe(raised)
  })
  test.each([MAX_REVISION - 1, MAX_REVISION])('has nothing to take at %d, and says so', (revision) => {
    const refusal = { reason: 'revisions_exhausted', revision }
    expect(decide(at(revision), RESTORE, day(2))).toEqual({ ok: false, no: refusal })
  })
})
