import { describe, expect } from 'vitest'
import { fromHex } from '../../src/format/bytes.ts'
import { ENTRIES, ENTRY_NAMES } from './engines.ts'
import { testWithVectors } from './shared-vectors.ts'

interface StrictVector {
  readonly set: string
  readonly id: number | string
  readonly pk: string
  readonly msg: string
  readonly sig: string
  readonly ok: boolean
}

interface SpeccheckCase {
  readonly message: string
  readonly pub_key: string
  readonly signature: string
}

interface Wycheproof {
  readonly testGroups: readonly {
    readonly publicKey: { readonly pk: string }
    readonly tests: readonly {
      readonly tcId: number
      readonly msg: string
      readonly sig: string
      readonly result: string
    }[]
  }[]
}

const bytes = (hex: string): Uint8Array => fromHex(hex)!

describe.each(ENTRY_NAMES)('strict-1 before %s', (name) => {
  const { engine } = ENTRIES[name]

  testWithVectors<readonly StrictVector[]>(
    'ed25519_expected_strict.json',
    'gives the expected verdict on all 1,077 vectors',
    async (vectors) => {
      expect(vectors).toHaveLength(1077)
      const wrong: string[] = []
      for (const { set, id, pk, msg, sig, ok } of vectors) {
        if ((await engine.verify(bytes(pk), bytes(msg), bytes(sig))) !== ok) wrong.push(`${set} ${id}`)
      }
      expect(wrong).toEqual([])
    },
  )

  testWithVectors<readonly SpeccheckCase[]>(
    'ed25519_speccheck_cases.json',
    'accepts case 3 of the speccheck cases and no other',
    async (cases) => {
      const accepted: number[] = []
      for (const [i, { message, pub_key, signature }] of cases.entries()) {
        if (await engine.verify(bytes(pub_key), bytes(message), bytes(signature))) accepted.push(i)
      }
      expect(cases).toHaveLength(12)
      expect(accepted).toEqual([3])
    },
  )

  testWithVectors<Wycheproof>(
    'ed25519_wycheproof.json',
    'equals the result of every Wycheproof test',
    async (file) => {
      const wrong: number[] = []
      let count = 0
      for (const { publicKey, tests } of file.testGroups) {
        for (const { tcId, msg, sig, result } of tests) {
          count++
          const ok = await engine.verify(bytes(publicKey.pk), bytes(msg), bytes(sig))
          if (ok !== (result === 'valid')) wrong.push(tcId)
        }
      }
      expect(count).toBe(151)
      expect(wrong).toEqual([])
    },
  )
})
