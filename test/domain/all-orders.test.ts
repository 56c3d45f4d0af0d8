import { expect, test } from 'vitest'
import type { Command } from '../../src/domain/commands.ts'
import type { License } from '../../src/domain/license.ts'
import { step } from '../../src/domain/step.ts'
import { brokenInvariant } from './invariants.ts'
import { day, FLAGSHIP, ID, ORIGIN, TERMS } from './samples.ts'

const ALPHABET: Readonly<Record<string, Command>> = {
  issue: { type: 'issue', id: ID, origin: ORIGIN, terms: { ...TERMS, trial: true } },
  renew: { type: 'renew', order: 'r1', paidUntil: day(200) },
  'renew formally': { type: 'renew', order: 'r2', paidUntil: day(300), formal: true },
  freeze: { type: 'freeze', cause: 'expiry_call' },
  reinstate: { type: 'reinstate' },
  change: { type: 'change', order: 'c1', entitlement: FLAGSHIP },
  release: { type: 'release' },
}
const LETTERS = Object.entries(ALPHABET)
const REFUSED_BEFORE_A_SALE = 'license_unknown'

/**
 * Walks the tree of all sequences: each node is one sequence, checked by its last step, because its
 * beginning was checked on the way. Refused steps change nothing and are walked through like the others.
 */
function walk(license: License | null, length: number, path: readonly string[], found: Found): void {
  for (const [name, command] of LETTERS) {
    const here = [...path, name]
    const now = day(here.length * 40)
    const stepped = step(license, command, now)
    const next = stepped.ok ? stepped.value.license : license
    const broken = stepped.ok
      ? brokenInvariant({ before: license, command, now, ...stepped.value })
      : wrongRefusal(license, stepped.no.reason)
    found.sequences += 1
    if (broken !== null) found.broken.push(`${here.join(', ')}: ${broken}`)
    if (here.length < length) walk(next, length, here, found)
  }
}

interface Found {
  sequences: number
  broken: string[]
}

function wrongRefusal(license: License | null, reason: string): string | null {
  const expected =
    license === null ? REFUSED_BEFORE_A_SALE : license.status === 'released' ? 'license_released' : null
  return reason === expected ? null : `refused as ${reason}`
}

test('every sequence of up to seven of issue, two renewals, freeze, reinstate, change and release, repeats included, holds the invariants', {
  timeout: 60_000,
}, () => {
  const found: Found = { sequences: 0, broken: [] }
  walk(null, 7, [], found)
  expect(found.broken.slice(0, 10)).toEqual([])
  expect(found.sequences).toBe(7 + 7 ** 2 + 7 ** 3 + 7 ** 4 + 7 ** 5 + 7 ** 6 + 7 ** 7)
})
