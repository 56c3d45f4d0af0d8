import { describe, expect, test } from 'vitest'
import { readCompact, writeCompact } from '../../src/format/jws.ts'
import { STATEMENT_CHARACTERS } from '../../src/format/limits.ts'
import { readStatement, type Statement, writeStatement } from '../../src/format/statement.ts'
import { signWithSeed, vectors } from './kit.ts'

const { keys, good, bad } = vectors<{
  keys: { kid: string; seed_hex: string }[]
  good: { name: string; claims: Statement; jwt: string }[]
  bad: { why: string; jwt: string }[]
}>('statement')

const read = (jwt: string): Statement | null => {
  const compact = readCompact(jwt, 'license-statement+jwt', STATEMENT_CHARACTERS)
  return compact === null ? null : readStatement(compact.body)
}

describe('a statement', () => {
  test.each(good)('is read: $name', ({ claims, jwt }) => {
    expect(read(jwt)).toEqual(claims)
  })

  test.each(bad)('is malformed: $why', ({ jwt }) => {
    expect(read(jwt)).toBeNull()
  })

  test('is written and signed byte for byte, its claims in the order of the contract', () => {
    const { kid, seed_hex } = keys[0]!
    const written = good.filter(({ name }) => !name.startsWith('an unknown claim'))
    expect(written.length).toBeGreaterThan(8)
    for (const { claims, jwt } of written) {
      const scrambled = Object.fromEntries(Object.entries(claims).reverse()) as unknown as Statement
      const signed = Buffer.from(jwt.slice(0, jwt.lastIndexOf('.')))
      const signature = signWithSeed(seed_hex, signed)
      expect(writeCompact(kid, 'license-statement+jwt', writeStatement(scrambled), signature)).toBe(jwt)
    }
  })

  test.each([[[0xff]], [[]], [[0xef, 0xbb, 0xbf, 0x7b, 0x7d]]])('is not made of the bytes %j', (values) => {
    expect(readStatement(Uint8Array.from(values))).toBeNull()
  })
})
