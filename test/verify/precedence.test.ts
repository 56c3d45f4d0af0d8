import { describe, expect, test } from 'vitest'
import { encodeBase64url } from '../../src/format/base64url.ts'
import { bindDevice } from '../../src/format/license-code.ts'
import type { RevocationEntry } from '../../src/format/revocations.ts'
import type { Statement } from '../../src/format/statement.ts'
import { verifyMet } from './everything.ts'
import { DAY, ISSUED, PAID_UNTIL, sha256 } from './kit.ts'
import {
  CERTIFICATES,
  GRACE_END,
  judge,
  LICENSE_ID,
  listText,
  NOW,
  outcome,
  ROOT_TEXT,
  statementText,
} from './since-kit.ts'

const entry = (min: number, why: RevocationEntry[2], id = LICENSE_ID): RevocationEntry => [id, min, why]

type Said = Partial<Statement> | null
type Listed = readonly [entries: readonly RevocationEntry[], iat?: number] | null

const weighed = (statement: Said, list: Listed, options = {}, code = {}) =>
  outcome(
    {
      ...(statement && { statement: statementText(statement) }),
      ...(list && { list: listText(list[0], list[1] === undefined ? {} : { iat: list[1] }) }),
      ...options,
    },
    code,
  )

describe('Code, statement and list', () => {
  test.each<[string, Said, Listed, unknown[]]>([
    ['a list without the license', null, [[entry(9, 'frozen', 'ffffffffffffffff')]], ['active', 'code']],
    ['a list of a lower revision', null, [[entry(6, 'frozen')]], ['active', 'code']],
    [
      'a list of the same revision, which refuses only those below',
      null,
      [[entry(7, 'superseded')]],
      ['active', 'code'],
    ],
    ['a list of a higher revision: frozen', null, [[entry(8, 'frozen')]], ['frozen', 'list']],
    ['a list of a higher revision: superseded', null, [[entry(8, 'superseded')]], ['superseded', 'list']],
    ['a list that released it, at whatever revision', null, [[entry(0, 'released')]], ['released', 'list']],
    [
      'the strongest of several entries',
      null,
      [[entry(8, 'superseded'), entry(9, 'frozen')]],
      ['frozen', 'list'],
    ],
    [
      'released among several entries',
      null,
      [[entry(1, 'released'), entry(9, 'frozen')]],
      ['released', 'list'],
    ],

    ['a statement of a lower revision: frozen', { rev: 6, status: 'frozen' }, null, ['active', 'code']],
    [
      'a statement of a lower revision: released',
      { rev: 6, status: 'released' },
      null,
      ['released', 'statement'],
    ],
    [
      'a statement of the same revision, later: frozen',
      { rev: 7, status: 'frozen' },
      null,
      ['frozen', 'statement'],
    ],
    [
      'a statement of the same revision, earlier: frozen',
      { rev: 7, status: 'frozen', iat: ISSUED - 1 },
      null,
      ['active', 'code'],
    ],
    [
      'a statement of the same revision and second: frozen',
      { rev: 7, status: 'frozen', iat: ISSUED },
      null,
      ['frozen', 'statement'],
    ],
    ['a statement of the same revision: active', { rev: 7 }, null, ['active', 'statement']],
    ['a statement of a higher revision: active', { rev: 8 }, null, ['active', 'statement']],
    ['a statement of a higher revision: frozen', { rev: 8, status: 'frozen' }, null, ['frozen', 'statement']],
    [
      'a statement of a higher revision: pending',
      { rev: 8, status: 'pending' },
      null,
      ['not_yet_valid', 'statement'],
    ],

    ['a statement newer than the list', { rev: 9 }, [[entry(8, 'frozen')]], ['active', 'statement']],
    ['a statement older than the list', { rev: 8 }, [[entry(9, 'frozen')]], ['frozen', 'list']],
    [
      'a statement as new as the list, later',
      { rev: 8 },
      [[entry(8, 'frozen')], NOW - 1],
      ['active', 'statement'],
    ],
    [
      'a statement as new as the list, earlier',
      { rev: 8 },
      [[entry(8, 'frozen')], NOW + 1],
      ['frozen', 'list'],
    ],
    [
      'a statement as new as the list, at once: the refusal',
      { rev: 8 },
      [[entry(8, 'frozen')]],
      ['frozen', 'list'],
    ],
    [
      'a statement of any revision against released',
      { rev: 65_535 },
      [[entry(0, 'released')]],
      ['released', 'list'],
    ],
    [
      'a list of any revision against released',
      { rev: 0, status: 'released' },
      [[entry(9, 'frozen')]],
      ['released', 'statement'],
    ],
  ])('%s', (_, statement, list, expected) => {
    expect(weighed(statement, list)).toEqual(expected)
  })

  test('a code reinstated above the list works', () => {
    expect(weighed(null, [[entry(8, 'frozen')]], {}, { revision: 9 })).toEqual(['active', 'code'])
  })
})

describe('A statement of a higher revision', () => {
  test('extends a license whose code has ended', () => {
    const at = { now: GRACE_END }
    expect(weighed({ iat: GRACE_END, exp: GRACE_END + DAY }, null, at)).toEqual(['active', 'statement'])
    expect(weighed(null, null, { ...at, list: listText() })).toEqual(['expired', 'code'])
  })

  test('gives its terms: end, edition, features, seats', () => {
    expect(judge({ statement: statementText() }).license).toMatchObject({
      product: 1001,
      edition: 'flagship',
      features: ['render'],
      seats: 60,
      revision: 8,
      paidUntil: PAID_UNTIL + 365 * DAY,
      worksUntil: GRACE_END + 365 * DAY,
      issuedAt: ISSUED,
    })
  })

  test('permits until its exp; then the older code is superseded all the same', () => {
    expect(weighed({}, null, { now: NOW + DAY - 1 })).toEqual(['active', 'statement'])
    expect(weighed({}, null, { now: NOW + DAY })).toEqual(['superseded', 'statement'])
  })

  test('is in grace and ends by its own ends', () => {
    const ends = { paid_until: NOW + 10, works_until: NOW + 20 }
    expect(weighed(ends, null, { now: NOW + 9 })).toEqual(['active', 'statement'])
    expect(weighed(ends, null, { now: NOW + 10 })).toEqual(['grace', 'statement'])
    expect(weighed(ends, null, { now: NOW + 20 })).toEqual(['expired', 'statement'])
    expect(weighed(ends, null, { now: NOW + 2 * DAY })).toEqual(['expired', 'statement'])
  })

  test('frozen binds after its exp', () => {
    expect(weighed({ status: 'frozen' }, null, { now: NOW + 100 * DAY })).toEqual(['frozen', 'statement'])
  })

  test('permits nothing when it knows a newer root, and still forbids', () => {
    expect(weighed({ root: 2 }, null)).toEqual(['superseded', 'statement'])
    expect(weighed({ root: 2, status: 'frozen' }, null)).toEqual(['frozen', 'statement'])
    expect(judge({ statement: statementText({ root: 2 }) }).warnings).toEqual(['manifests_behind'])
  })

  test('permits nothing on a device it was not made for', () => {
    const device = encodeBase64url(bindDevice('device-42', sha256)!)
    expect(weighed({ device }, null, { device: 'device-42' })).toEqual(['active', 'statement'])
    expect(weighed({ device }, null, { device: 'device-43' })).toEqual(['superseded', 'statement'])
    expect(weighed({ device }, null)).toEqual(['superseded', 'statement'])
    expect(judge({ statement: statementText({ device }) }).warnings).toEqual(['statement_wrong_device'])
  })

  test('never widens a device binding', () => {
    const binding = bindDevice('device-42', sha256)!.subarray(0, 10)
    const device = encodeBase64url(bindDevice('device-43', sha256)!)
    for (const over of [{}, { device }]) {
      const verdict = judge({ statement: statementText(over), device: 'device-43' }, { binding })
      expect(verdict.reason).toBe('wrong_device')
    }
  })
})

describe('A statement of the same revision', () => {
  test('cuts the code short where it says an earlier end, also after its exp', () => {
    const shorter = { rev: 7, paid_until: NOW + 2 * DAY, works_until: NOW + 3 * DAY }
    expect(weighed(shorter, null, { now: NOW + 2 * DAY - 1 })).toEqual(['active', 'statement'])
    expect(weighed(shorter, null, { now: NOW + 2 * DAY })).toEqual(['grace', 'statement'])
    expect(weighed(shorter, null, { now: NOW + 3 * DAY })).toEqual(['expired', 'statement'])
  })

  test('leaves the code its own end after its exp', () => {
    expect(weighed({ rev: 7 }, null, { now: GRACE_END - 1 })).toEqual(['grace', 'statement'])
    expect(weighed({ rev: 7 }, null, { now: GRACE_END })).toEqual(['expired', 'statement'])
    const perpetual = { rev: 7, paid_until: null, works_until: null }
    expect(weighed(perpetual, null, { now: GRACE_END })).toEqual(['expired', 'statement'])
  })
})

test('A statement without a verified code is no license', () => {
  const statement = statementText()
  for (const text of [statement, '', 'LC1', statement.replaceAll('.', ' ')]) {
    expect(judgeText(text, statement)).toMatchObject({ valid: false })
  }
})

function judgeText(text: string, statement: string) {
  return verifyMet(text, ROOT_TEXT, { now: NOW, certificates: CERTIFICATES, statement })
}
