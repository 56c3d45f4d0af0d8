import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { VerifyOptions } from '../../src/verify/options.ts'
import { ENTRIES, ENTRY_NAMES } from './engines.ts'

interface VerdictVectors {
  readonly manifests: readonly object[]
  readonly cases: readonly VerdictCase[]
}

interface VerdictCase {
  readonly name: string
  readonly text: string
  readonly manifests?: readonly object[]
  readonly now: number
  readonly product?: number
  readonly fingerprint?: string
  readonly buildTime?: number
  readonly expect: {
    readonly valid: boolean
    readonly standing: string | null
    readonly reason: string | null
  }
}

const file = new URL('../vectors/verdicts.json', import.meta.url)
const { manifests, cases } = JSON.parse(readFileSync(file, 'utf8')) as VerdictVectors

function optionsOf({ now, product, fingerprint, buildTime }: VerdictCase): VerifyOptions {
  return {
    now,
    ...(product === undefined ? {} : { product }),
    ...(fingerprint === undefined ? {} : { device: { fingerprint } }),
    ...(buildTime === undefined ? {} : { buildTime }),
  }
}

const validity = ({ valid, standing, reason }: VerdictCase['expect']) => ({ valid, standing, reason })

describe.each(ENTRY_NAMES)('The verdict through %s', (name) => {
  const entry = ENTRIES[name]

  test.each(cases)('$name', async (vector) => {
    const question = [vector.text, vector.manifests ?? manifests, optionsOf(vector)] as const
    const verdict = await entry.verify(...question)
    expect(validity(verdict)).toEqual(vector.expect)
    if ('verifySync' in entry) expect(entry.verifySync(...question)).toEqual(verdict)
  })
})
