import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { VerifyOptions } from '../../src/verify/options.ts'
import { ENTRIES, ENTRY_NAMES } from './engines.ts'

interface SinceVector {
  readonly name: string
  readonly text: string
  readonly now: number
  readonly product?: number
  readonly product_code?: string
  readonly fingerprint?: string
  readonly build_time?: number
  readonly certificates?: readonly string[]
  readonly manifests?: readonly object[]
  readonly statement?: string
  readonly list?: string
  readonly nonce?: string
  readonly expect: {
    readonly valid: boolean
    readonly standing: string | null
    readonly reason: string | null
    readonly decided_by: string | null
    readonly warnings: readonly string[]
  }
}

const file = new URL('../vectors/verdicts-since.json', import.meta.url)
const { root, cases } = JSON.parse(readFileSync(file, 'utf8')) as {
  readonly root: readonly object[]
  readonly cases: readonly SinceVector[]
}

function optionsOf({
  product,
  product_code: code,
  fingerprint,
  build_time: buildTime,
  ...rest
}: SinceVector): VerifyOptions {
  const { name: _, text: __, expect: ___, ...given } = rest
  return {
    ...given,
    ...(product !== undefined && { product: code === undefined ? product : { id: product, code } }),
    ...(fingerprint !== undefined && { device: fingerprint }),
    ...(buildTime !== undefined && { buildTime }),
  }
}

describe.each(ENTRY_NAMES)('With what was met since, through %s,', (name) => {
  const entry = ENTRIES[name]

  test.each(cases)('$name', async (vector) => {
    const question = [vector.text, root, optionsOf(vector)] as const
    const verdict = await entry.verify(...question)
    const { valid, standing, reason, decidedBy = null, warnings = [] } = verdict
    expect({ valid, standing, reason, decided_by: decidedBy, warnings: [...warnings].sort() }).toEqual({
      ...vector.expect,
      warnings: [...vector.expect.warnings].sort(),
    })
    if ('verifySync' in entry) expect(entry.verifySync(...question)).toEqual(verdict)
  })
})
