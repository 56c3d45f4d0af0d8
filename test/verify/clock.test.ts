import { describe, expect, test } from 'vitest'
import { DAY, ISSUED, PAID_UNTIL } from './kit.ts'
import { GRACE_END, judge, listText, NOW, program, statementText } from './since-kit.ts'

const HOUR = 3600
const YEAR = 365 * DAY
const OK = 'active'
const NO_END = { paid_until: null, works_until: null }
const BACK = 'clock_rolled_back'

/** A program whose floor is at NOW: it accepted a statement of that second. */
function atFloor() {
  const software = program()
  expect(software.outcome({ statement: statementText({ rev: 7 }) })).toBe(OK)
  return software
}

describe('A simulated clock', () => {
  test('set back a day is tolerated, and told', () => {
    const software = atFloor()
    expect(software.verify({ now: NOW - DAY })).toMatchObject({ valid: true, warnings: ['clock_behind'] })
    expect(software.verify({ now: NOW })).not.toHaveProperty('warnings')
  })

  test('is rolled back beyond 48 hours below the floor, not before', () => {
    expect(atFloor().outcome({ now: NOW - 48 * HOUR })).toBe(OK)
    expect(atFloor().outcome({ now: NOW - 48 * HOUR - 1 })).toBe(BACK)
  })

  test('set back years is rolled back, and right again when it is set right', () => {
    const software = atFloor()
    expect(software.outcome({ now: NOW - 5 * YEAR })).toBe(BACK)
    expect(software.outcome({ now: 0 })).toBe(BACK)
    expect(software.outcome({ now: NOW })).toBe(OK)
  })

  test('set back to use a license that ended is rolled back', () => {
    const software = program()
    expect(
      software.outcome({ now: GRACE_END + 30 * DAY, list: listText([], { iat: GRACE_END + 30 * DAY }) }),
    ).toBe('expired')
    expect(software.outcome({ now: NOW })).toBe(BACK)
    expect(program().outcome({ now: NOW })).toBe(OK)
  })

  test('ahead ten years and back does not lock an honest user out', () => {
    const software = program()
    expect(software.outcome({ now: NOW }, { paidUntil: null })).toBe(OK)
    expect(
      software.outcome(
        { now: NOW + 10 * YEAR, statement: statementText({ rev: 7, ...NO_END }) },
        { paidUntil: null },
      ),
    ).toBe(OK)
    expect(software.outcome({ now: NOW }, { paidUntil: null })).toBe(OK)
  })

  test('is stored at most a day above the newest signed time', () => {
    const software = program()
    software.verify({ now: NOW + 10 * YEAR }, { paidUntil: null })
    expect(software.outcome({ now: ISSUED + DAY - 48 * HOUR })).toBe(OK)
    expect(software.outcome({ now: ISSUED + DAY - 48 * HOUR - 1 })).toBe(BACK)
  })

  test('through daylight saving and a leap second changes nothing', () => {
    const software = atFloor()
    for (const step of [HOUR, 0, -1, 1, -HOUR, 0]) {
      expect(software.outcome({ now: NOW + 100 + step })).toBe(OK)
    }
  })

  test('of a machine that slept for months goes on where it is', () => {
    const software = atFloor()
    expect(software.outcome({ now: NOW + 200 * DAY })).toBe(OK)
    expect(software.outcome({ now: PAID_UNTIL - 1 })).toBe(OK)
    expect(software.outcome({ now: GRACE_END })).toBe('expired')
  })

  test('an object is judged against the floor from before it', () => {
    const software = program()
    expect(software.outcome({ now: NOW - DAY + 1, statement: statementText({ rev: 7 }) })).toBe(OK)
    expect(software.outcome({ now: ISSUED - 48 * HOUR }, {})).toBe(BACK)
    expect(program().outcome({ now: ISSUED - 48 * HOUR }, {})).toBe(OK)
  })

  test.each([Number.NaN, Infinity, -Infinity, '5' as never])('%s is no clock', (now) => {
    const software = atFloor()
    const before = software.state()
    expect(software.outcome({ now })).toBe(BACK)
    expect(software.state()).toBe(before)
  })
})

describe('The way out of a roll-back', () => {
  const AHEAD = NOW + 10 * YEAR
  /** The server and the machine were both ten years ahead once: the floor is there now. */
  function lockedOut() {
    const software = program()
    software.verify(
      { now: AHEAD, statement: statementText({ rev: 7, iat: AHEAD, exp: AHEAD + DAY }) },
      { paidUntil: null },
    )
    expect(software.outcome({ now: NOW }, { paidUntil: null })).toBe(BACK)
    return software
  }

  test('is a statement with the nonce that was sent, and the floor is right again', () => {
    const software = lockedOut()
    const statement = statementText({ rev: 7, nonce: 'n1', ...NO_END })
    expect(software.outcome({ statement, nonce: 'n1' }, { paidUntil: null })).toBe(OK)
    expect(software.outcome({ now: NOW }, { paidUntil: null })).toBe(OK)
    expect(software.outcome({ now: NOW - 3 * DAY }, { paidUntil: null })).toBe(BACK)
  })

  test.each<[string, object, unknown]>([
    ['without a nonce', {}, undefined],
    ['with another nonce', { nonce: 'n1' }, 'n2'],
    ['with a nonce nobody asked for', { nonce: 'n1' }, undefined],
    ['without the nonce that was asked for', {}, 'n1'],
    ['with a nonce that is no text', { nonce: '1' }, 1],
  ])('is no statement far below the floor %s', (_, over, nonce) => {
    const statement = statementText({ rev: 7, ...over })
    expect(lockedOut().outcome({ statement, nonce: nonce as string }, { paidUntil: null })).toBe(BACK)
  })

  test('is a statement not more than 48 hours below the floor: its date is the time', () => {
    const stale = { now: NOW - YEAR }
    const dated = (iat: number) => ({ ...stale, statement: statementText({ rev: 7, iat, exp: iat + DAY }) })
    expect(atFloor().outcome(dated(NOW - 48 * HOUR))).toBe(OK)
    expect(atFloor().outcome(dated(NOW + HOUR))).toBe(OK)
    expect(atFloor().outcome(dated(NOW - 48 * HOUR - 1))).toBe(BACK)
    const late = { paid_until: NOW - HOUR, works_until: NOW - HOUR }
    expect(atFloor().outcome({ ...stale, statement: statementText({ ...late, rev: 8, iat: NOW }) })).toBe(
      'expired',
    )
  })

  test('is a fresh statement months above the floor, on a machine whose clock has died', () => {
    const iat = NOW + 200 * DAY
    const statement = statementText({ rev: 7, iat, exp: iat + DAY, nonce: 'n1' })
    expect(atFloor().outcome({ now: 0, statement, nonce: 'n1' })).toBe(OK)
    expect(atFloor().verify({ now: 0, statement })).toMatchObject({
      reason: BACK,
      warnings: ['statement_not_yet_valid'],
    })
  })

  test('opens also below the build time', () => {
    const statement = statementText({ rev: 7, nonce: 'n1' })
    const built = { buildTime: NOW + 10 * DAY }
    expect(judge(built).reason).toBe(BACK)
    expect(judge({ ...built, statement }).reason).toBe(BACK)
    expect(judge({ ...built, statement, nonce: 'n1' }).valid).toBe(true)
  })

  test('does not let a statement from the future in where no floor knows better', () => {
    const statement = statementText({ iat: NOW + 25 * HOUR, nonce: 'n1', status: 'frozen' })
    expect(judge({ statement, nonce: 'n1' })).toMatchObject({
      valid: true,
      warnings: ['statement_not_yet_valid'],
    })
  })

  test('does not hide what a statement forbids', () => {
    expect(lockedOut().outcome({ statement: statementText({ status: 'frozen' }) })).toBe('frozen')
  })
})

describe('Dated ahead of the clock', () => {
  test('by 24 hours a statement and a list are heard, by a second more they are not', () => {
    for (const [ahead, heard] of [
      [24 * HOUR, true],
      [24 * HOUR + 1, false],
    ] as const) {
      const iat = NOW + ahead
      const statement = judge({ statement: statementText({ status: 'frozen', iat, exp: iat + DAY }) })
      const list = judge({ list: listText([['1ef6fc706daff69a', 8, 'frozen']], { iat }) })
      expect([statement.reason, list.reason]).toEqual(heard ? ['frozen', 'frozen'] : [null, null])
      expect(statement.warnings).toEqual(heard ? undefined : ['statement_not_yet_valid'])
      expect(list.warnings).toEqual(heard ? undefined : ['list_not_yet_valid'])
    }
  })

  test('a code leaves no trace, neither its time nor its revision', () => {
    const software = program()
    const early = { now: ISSUED - 3 * DAY }
    expect(software.outcome(early, { revision: 9 })).toBe('not_yet_valid')
    expect(software.outcome(early, { issuedAt: ISSUED - DAY })).toBe(OK)
  })
})
