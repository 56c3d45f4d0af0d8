import { expect, test } from 'vitest'
import { EXPLANATIONS } from '../../src/cli/reasons.ts'
import { REASONS } from '../../src/verify/verdict.ts'
import { page } from '../support/documented.ts'

/** The names in the first column of the table that support reads when a customer calls. */
function reasonsInTheTable(): readonly string[] {
  const [, section = ''] = page('docs/operations.md').split('\n## A customer calls')
  const rows = section.split(/\n## /)[0]!.matchAll(/^\| (`[^|]+) \|/gm)
  return [...rows].flatMap(([, cell = '']) => [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name!))
}

test('The table for the customer who calls has every reason once, and nothing else', () => {
  expect([...reasonsInTheTable()].sort()).toEqual([...REASONS].sort())
})

test('licet verify explains every reason, and nothing else', () => {
  expect(Object.keys(EXPLANATIONS).sort()).toEqual([...REASONS].sort())
})
