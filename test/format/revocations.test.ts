import { describe, expect, test } from 'vitest'
import { utf8 } from '../../src/format/bytes.ts'
import { readCompact, writeCompact } from '../../src/format/jws.ts'
import { LIST_CHARACTERS } from '../../src/format/limits.ts'
import {
  type RevocationEntry,
  type RevocationList,
  readRevocations,
  writeRevocations,
} from '../../src/format/revocations.ts'
import { signWithSeed, vectors } from './kit.ts'

const { keys, good, bad } = vectors<{
  keys: { kid: string; seed_hex: string }[]
  good: { name: string; claims: RevocationList; jwt: string }[]
  bad: { why: string; jwt: string }[]
}>('revocations')

const TYP = 'license-revocations+jwt'

const read = (jwt: string): RevocationList | null => {
  const compact = readCompact(jwt, TYP, LIST_CHARACTERS)
  return compact === null ? null : readRevocations(compact.body)
}

describe('a revocation list', () => {
  test.each(good)('is read: $name', ({ claims, jwt }) => {
    expect(read(jwt)).toEqual(claims)
  })

  test.each(bad)('is malformed: $why', ({ jwt }) => {
    expect(read(jwt)).toBeNull()
  })

  test('is written and signed byte for byte, its claims in the order of the contract', () => {
    const { kid, seed_hex } = keys[0]!
    const written = good.filter(({ name }) => !name.startsWith('an unknown claim'))
    expect(written.length).toBeGreaterThan(5)
    for (const { claims, jwt } of written) {
      const scrambled = Object.fromEntries(Object.entries(claims).reverse()) as unknown as RevocationList
      const signature = signWithSeed(seed_hex, Buffer.from(jwt.slice(0, jwt.lastIndexOf('.'))))
      expect(writeCompact(kid, TYP, writeRevocations(scrambled), signature)).toBe(jwt)
    }
  })

  test('of 100,000 entries is read', () => {
    const entries = Array.from(
      { length: 100_000 },
      (_, i): RevocationEntry => [i.toString(16).padStart(16, '0'), 8, 'frozen'],
    )
    const list = { ...good[0]!.claims, entries }
    expect(readRevocations(writeRevocations(list))?.entries.at(-1)).toEqual(entries.at(-1))
  })

  test('is refused over 4 MiB, before it is read', () => {
    const body = writeRevocations(good[0]!.claims)
    const padded = (length: number) => {
      const bytes = new Uint8Array(length).fill(0x20)
      bytes.set(body)
      return bytes
    }
    expect(readRevocations(padded(LIST_CHARACTERS))).not.toBeNull()
    expect(readRevocations(padded(LIST_CHARACTERS + 1))).toBeNull()
    expect(readRevocations(utf8('{"number":1}'))).toBeNull()
  })
})
