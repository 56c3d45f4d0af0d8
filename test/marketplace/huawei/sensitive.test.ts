import { describe, expect, test } from 'vitest'
import { legacyCrypto } from '../../../src/crypto/legacy.ts'
import { toHex, utf8 } from '../../../src/format/bytes.ts'
import {
  decryptSensitive,
  type EncryptType,
  encryptSensitive,
  sha1Prng,
} from '../../../src/marketplace/huawei/sensitive.ts'
import { absence, sharedVectors } from './shared-vectors.ts'

interface FieldVector {
  readonly key: string
  readonly encryptType: EncryptType
  readonly derivedAesKeyHex: string
  readonly iv: string
  readonly plaintext: string
  readonly ciphertext: string
}

const vectors = sharedVectors<{
  readonly aes_sensitive_fields_v1: readonly FieldVector[]
  readonly sha1prng_bulk: readonly { readonly seedHex: string; readonly first32Hex: string }[]
}>('huawei.json')

const KEY = utf8('test-access-key-0001')

describe.skipIf(vectors === null)(`published sensitive fields${absence(vectors)}`, () => {
  test.each(
    vectors?.aes_sensitive_fields_v1 ?? [],
  )('$ciphertext is opened as the reference opens it', (vector) => {
    const { key, encryptType, plaintext, ciphertext, derivedAesKeyHex } = vector
    expect(toHex(sha1Prng(legacyCrypto, utf8(key), derivedAesKeyHex.length / 2))).toBe(derivedAesKeyHex)
    expect(decryptSensitive(legacyCrypto, encryptType, utf8(key), ciphertext)).toBe(plaintext)
  })

  test.each(
    vectors?.aes_sensitive_fields_v1 ?? [],
  )('$ciphertext is closed as the reference closes it', (vector) => {
    const { key, encryptType, iv, plaintext, ciphertext } = vector
    // The characters of the vector are picked by the remainder of a byte; these bytes pick the given ones.
    const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
    const random = () => Uint8Array.from(iv, (character) => digits.indexOf(character))
    expect(encryptSensitive(legacyCrypto, encryptType, utf8(key), plaintext, random)).toBe(ciphertext)
  })

  test('every published key stream is met', () => {
    const streams = vectors!.sha1prng_bulk
    const made = streams.map(({ seedHex }) => toHex(sha1Prng(legacyCrypto, Buffer.from(seedHex, 'hex'), 32)))
    expect(made).toEqual(streams.map(({ first32Hex }) => first32Hex))
    expect(streams.length).toBeGreaterThan(20)
  })
})

describe('a sensitive field', () => {
  const closed = encryptSensitive(legacyCrypto, '1', KEY, '张三 13800138000', (n) =>
    new Uint8Array(n).fill(7),
  )

  test('comes back as it was, Chinese included', () => {
    expect(decryptSensitive(legacyCrypto, '1', KEY, closed)).toBe('张三 13800138000')
  })

  test.each([
    ['empty', ''],
    ['cut', closed.slice(0, -4)],
    ['of an initialisation vector alone', closed.slice(0, 16)],
    ['with another character in it', `${closed.slice(0, 20)}!${closed.slice(21)}`],
    ['with more behind it', `${closed}A`],
  ])('that is %s is refused', (_, text) => {
    expect(decryptSensitive(legacyCrypto, '1', KEY, text)).toBeNull()
  })

  test('does not open with another length of key', () => {
    expect(decryptSensitive(legacyCrypto, '2', KEY, closed)).toBeNull()
  })
})
