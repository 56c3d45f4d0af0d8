import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { asText, VECTOR_FILES } from '../../scripts/vectors/files.ts'
import { vectors } from './kit.ts'

describe('in every vector file the bad outnumber the good', () => {
  test.each([
    ['base64url', ['good'], ['bad']],
    ['crockford', ['groups', 'folded'], ['refused']],
    ['license-code', ['good'], ['bad']],
    ['key-certificate', ['good'], ['bad']],
    ['license-text', ['good'], ['bad']],
    ['root-manifest', ['good'], ['bad']],
    ['statement', ['good'], ['bad']],
    ['revocations', ['good'], ['bad']],
    ['license-file', ['good'], ['bad']],
  ])('%s', (name, good, bad) => {
    const file = vectors<Record<string, unknown[]>>(name)
    const count = (members: string[]) => members.reduce((sum, member) => sum + file[member]!.length, 0)
    expect(count(bad)).toBeGreaterThan(count(good))
  })

  test('verdicts', () => {
    const { cases } = vectors<{ cases: { name: string; expect: { valid: boolean } }[] }>('verdicts')
    const good = cases.filter((one) => one.expect.valid).length
    expect(cases.length - good).toBeGreaterThan(good)
  })

  test('verdicts-since, where an object that is not listened to is a bad one', () => {
    const { cases } = vectors<{ cases: { expect: { valid: boolean; warnings: string[] } }[] }>(
      'verdicts-since',
    )
    const good = cases.filter(({ expect: { valid, warnings } }) => valid && warnings.length === 0).length
    expect(cases.length - good).toBeGreaterThan(good)
  })
})

test('every vector file is what scripts/make-vectors.ts writes', () => {
  const folder = new URL('../vectors/', import.meta.url)
  for (const [name, content] of Object.entries(VECTOR_FILES)) {
    expect(readFileSync(new URL(`${name}.json`, folder), 'utf8') === asText(content), name).toBe(true)
  }
})
