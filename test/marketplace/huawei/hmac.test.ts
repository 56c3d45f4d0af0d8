import { describe, expect, test } from 'vitest'
import { nodeCrypto } from '../../../src/crypto/node.ts'
import { absence, sharedVectors } from './shared-vectors.ts'

interface Wycheproof {
  readonly testGroups: readonly {
    readonly tagSize: number
    readonly tests: readonly {
      tcId: number
      comment: string
      key: string
      msg: string
      tag: string
      result: string
    }[]
  }[]
}

const vectors = sharedVectors<Wycheproof>('hmac_sha256_wycheproof.json')
const full = (vectors?.testGroups ?? [])
  .filter((group) => group.tagSize === 256)
  .flatMap((group) => group.tests)
const hex = (text: string) => Buffer.from(text, 'hex')

describe.skipIf(vectors === null)(`the HMAC port${absence(vectors)}`, () => {
  test('has full-length vectors of both kinds', () => {
    expect(new Set(full.map(({ result }) => result))).toEqual(new Set(['valid', 'invalid']))
  })

  test.each(full)('gives Wycheproof $tcId its verdict ($result: $comment)', ({ key, msg, tag, result }) => {
    expect(nodeCrypto.equal(nodeCrypto.hmacSha256(hex(key), hex(msg)), hex(tag))).toBe(result === 'valid')
  })

  test('finds values of unequal length unequal instead of throwing', () => {
    expect(nodeCrypto.equal(hex('00'), hex('0000'))).toBe(false)
  })
})
