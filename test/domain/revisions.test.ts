import { describe, expect, test } from 'vitest'
import type { Command } from '../../src/domain/commands.ts'
import { decide } from '../../src/domain/decide.ts'
import { type License, MAX_REVISION } from '../../src/domain/license.ts'
import { day, FLAGSHIP, frozen, issued, licenseOf, met, TERMS } from './samples.ts'

const at = (revision: number, license: License): License => ({ ...license, revision })
const active = licenseOf(issued)
const expired = licenseOf(issued, frozen('expired'))
const pending = licenseOf(met)

const changes: readonly [License, Command][] = [
  [pending, { type: 'activate', terms: TERMS }],
  [active, { type: 'renew', order: 'r1', paidUntil: day(200) }],
  [active, { type: 'shorten', order: 's1', paidUntil: day(50) }],
  [active, { type: 'change', order: 'c1', entitlement: FLAGSHIP }],
  [active, { type: 'freeze', cause: 'operator' }],
  [expired, { type: 'reinstate' }],
  [active, { type: 'release' }],
  [active, { type: 'reissue', leaked: false }],
]

describe('revision 65535 is the last', () => {
  test.each(changes)('on a license of status $status a further $type is refused', (license, command) => {
    const refusal = { reason: 'revisions_exhausted', revision: MAX_REVISION }
    expect(decide(at(MAX_REVISION, license), command, day(2))).toEqual({ ok: false, no: refusal })
  })
  test.each(changes)('on a license of status $status it is still reached by $type', (license, command) => {
    expect(decide(at(MAX_REVISION - 1, license), command, day(2))).toMatchObject({ ok: true, value: [{}] })
  })
  test('a renewal that would reinstate too is refused whole when only one revision is left', () => {
    const renew: Command = { type: 'renew', order: 'r1', paidUntil: day(200) }
    const refusal = { reason: 'revisions_exhausted', revision: MAX_REVISION - 1 }
    expect(decide(at(MAX_REVISION - 1, expired), renew, day(2))).toEqual({ ok: false, no: refusal })
    expect(decide(at(MAX_REVISION - 2, expired), renew, day(2))).toMatchObject({ ok: true, value: [{}, {}] })
  })
  test('what changes nothing is still a success', () => {
    expect(decide(at(MAX_REVISION, active), { type: 'reinstate' }, day(2))).toEqual({ ok: true, value: [] })
  })
  test('another reason to refuse comes first', () => {
    const reissue: Command = { type: 'reissue', leaked: true }
    expect(decide(at(MAX_REVISION, expired), reissue, day(2))).toEqual({
      ok: false,
      no: { reason: 'license_frozen' },
    })
  })
})
