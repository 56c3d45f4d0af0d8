import { describe, expect, test } from 'vitest'
import type { Command } from '../../src/domain/commands.ts'
import type { License } from '../../src/domain/license.ts'
import { step } from '../../src/domain/step.ts'
import { day, issued, licenseOf, met } from './samples.ts'

const RENEWAL: Command = { type: 'renew', order: 'r1', paidUntil: day(200) }
const CANCELLATION: Command = { type: 'shorten', order: 'c1', paidUntil: day(100), cancels: 'r1' }

function licenseAfter(license: License, ...commands: readonly Command[]): License {
  return commands.reduce((before, command) => {
    const stepped = step(before, command, day(2))
    if (!stepped.ok) throw new Error(stepped.no.reason)
    return stepped.value.license
  }, license)
}

describe('a shortening that names the renewal it takes back', () => {
  test('keeps that renewal from ever applying, whichever came first', () => {
    const active = licenseAfter(licenseOf(issued), { type: 'shorten', order: 'c0', paidUntil: day(100) })
    for (const commands of [
      [RENEWAL, CANCELLATION],
      [CANCELLATION, RENEWAL],
      [CANCELLATION, RENEWAL, CANCELLATION, RENEWAL],
    ])
      expect(licenseAfter(active, ...commands)).toMatchObject({ terms: { paidUntil: day(100) } })
  })

  test('does so for a pending license, too', () => {
    expect(licenseAfter(licenseOf(met), CANCELLATION, RENEWAL)).toMatchObject({
      held: { shortenedTo: day(100) },
    })
    expect(licenseAfter(licenseOf(met), CANCELLATION, RENEWAL)).not.toHaveProperty('held.renewedTo')
  })

  test('leaves other renewals alone', () => {
    const license = licenseAfter(licenseOf(issued), RENEWAL, CANCELLATION, {
      ...RENEWAL,
      order: 'r2',
    } as Command)
    expect(license).toMatchObject({ terms: { paidUntil: day(200) } })
  })

  test('notes both, and neither applies again', () => {
    expect(licenseAfter(licenseOf(issued), CANCELLATION).orders).toEqual(expect.arrayContaining(['c1', 'r1']))
    const license = licenseAfter(licenseOf(issued), RENEWAL, CANCELLATION)
    expect(licenseAfter(license, RENEWAL, CANCELLATION)).toBe(license)
  })
})
