import { describe, expect, test } from 'vitest'
import { account, grant } from '../../src/domain/grant.ts'
import { standing } from '../../src/domain/standing.ts'
import { day, frozen, ID, issued, issuedWith, licenseOf, met, released, START, TERMS } from './samples.ts'

const active = licenseOf(issued)
const perpetual = licenseOf(issuedWith({ paidUntil: null }))
const LIFE = 86_400

describe('the standing', () => {
  test.each([
    [START, 'active'],
    [day(100) - 1, 'active'],
    [day(100), 'grace'],
    [day(103) - 1, 'grace'],
    [day(103), 'expired'],
    [day(9_999), 'expired'],
  ])('of an active license at %i is %s', (now, expected) => {
    expect(standing(active, now)).toBe(expected)
  })
  test('of a license without grace goes from active to expired', () => {
    const graceless = licenseOf(issuedWith({ graceDays: 0 }))
    expect(standing(graceless, day(100) - 1)).toBe('active')
    expect(standing(graceless, day(100))).toBe('expired')
  })
  test('of a perpetual license is active for ever', () => {
    expect(standing(perpetual, day(99_999))).toBe('active')
  })
  test.each([START, day(500)])('of a stopped license is its status whatever the clock says (%i)', (now) => {
    expect(standing(licenseOf(met), now)).toBe('not_yet_valid')
    expect(standing(licenseOf(issued, frozen('expired')), now)).toBe('frozen')
    expect(standing(licenseOf(issued, released), now)).toBe('released')
  })
})

describe('the code that is due', () => {
  test('says the terms and the revision of an active license', () => {
    expect(grant(active, START)).toEqual({ license: ID, revision: 1, terms: TERMS })
    expect(grant(perpetual, day(9_999))).toMatchObject({ terms: { paidUntil: null } })
  })
  test('is due until the last paid second and not in grace', () => {
    expect(grant(active, day(100) - 1)).not.toBeNull()
    expect(grant(active, day(100))).toBeNull()
    expect(grant(active, day(103))).toBeNull()
  })
  test.each([
    ['pending', licenseOf(met)],
    ['frozen', licenseOf(issued, frozen('operator'))],
    ['released', licenseOf(issued, released)],
    ['released while pending', licenseOf(met, released)],
  ])('is none for a license that is %s', (_status, license) => {
    expect(grant(license, START)).toBeNull()
  })
})

describe('the account that a statement gives', () => {
  test('of an active license permits for the statement life', () => {
    expect(account(active, START, LIFE)).toEqual({
      license: ID,
      revision: 1,
      status: 'active',
      terms: TERMS,
      worksUntil: day(103),
      expires: START + LIFE,
    })
  })
  test.each([
    ['shortly before the paid end', day(100) - 1, day(101) - 1],
    ['shortly before the grace runs out', day(103) - 60, day(103)],
    ['when the grace has run out', day(103), day(104)],
  ])('%s expires no later than what it permits', (_when, now, expires) => {
    expect(account(active, now, LIFE)).toMatchObject({ expires })
  })
  test('of a perpetual license is capped by nothing', () => {
    expect(account(perpetual, day(500), LIFE)).toMatchObject({ worksUntil: null, expires: day(501) })
  })
  test.each([
    ['frozen', licenseOf(issued, frozen('violation'))],
    ['released', licenseOf(issued, released)],
  ])('of a %s license says so, for the full statement life', (status, license) => {
    expect(account(license, day(103) - 60, LIFE)).toMatchObject({
      status,
      revision: 2,
      expires: day(104) - 60,
    })
  })
  test('of a license whose terms were never known is none', () => {
    expect(account(licenseOf(met), START, LIFE)).toBeNull()
    expect(account(licenseOf(met, released), START, LIFE)).toBeNull()
  })
})
