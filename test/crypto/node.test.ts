import { createHash, createPublicKey, verify } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { nodeCrypto } from '../../src/crypto/node.ts'
import { encodeBase64url } from '../../src/format/base64url.ts'
import { fromHex, toHex, utf8 } from '../../src/format/bytes.ts'
import { testWithVectors } from '../verify/shared-vectors.ts'

const hex = (text: string): Uint8Array => fromHex(text)!

/** RFC 8032 7.1, test 2. */
const RFC_8032 = {
  privateKey: hex('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb'),
  publicKey: hex('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c'),
  message: hex('72'),
  signature:
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da' +
    '085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
}

describe('signing', () => {
  const { privateKey, publicKey, message, signature } = RFC_8032

  it('gives the signature of RFC 8032', () => {
    expect(toHex(nodeCrypto.signer(privateKey, publicKey).sign(message))).toBe(signature)
  })

  it('is refused for a private key that does not belong to the public one', () => {
    const other = nodeCrypto.newKeyPair()
    expect(() => nodeCrypto.signer(privateKey, other.publicKey)).toThrow(/does not belong/)
    expect(() => nodeCrypto.signer(other.privateKey, publicKey)).toThrow(/does not belong/)
    expect(() => nodeCrypto.signer(privateKey, publicKey.subarray(1))).toThrow(/does not belong/)
  })

  it.each([0, 31, 33, 64])('is refused for a private key of %i bytes', (length) => {
    expect(() => nodeCrypto.signer(new Uint8Array(length), publicKey)).toThrow(RangeError)
  })

  it('tells nothing of the private key when it is refused', () => {
    const other = nodeCrypto.newKeyPair().publicKey
    try {
      nodeCrypto.signer(privateKey, other)
      expect.unreachable()
    } catch (thrown) {
      const said = String((thrown as Error).stack)
      expect(said).not.toContain(toHex(privateKey))
      expect(said).not.toContain(encodeBase64url(privateKey))
    }
  })
})

describe('a new key pair', () => {
  it('signs what others verify', () => {
    const { privateKey, publicKey } = nodeCrypto.newKeyPair()
    const message = utf8('许可')
    const signature = nodeCrypto.signer(privateKey, publicKey).sign(message)
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: encodeBase64url(publicKey) }
    expect(verify(null, message, createPublicKey({ key: jwk, format: 'jwk' }), signature)).toBe(true)
  })

  it('is another every time, 32 bytes each, in memory of its own', () => {
    const pairs = Array.from({ length: 20 }, () => nodeCrypto.newKeyPair())
    expect(new Set(pairs.map(({ privateKey }) => toHex(privateKey))).size).toBe(20)
    for (const { privateKey, publicKey } of pairs) {
      expect([privateKey.length, publicKey.length]).toEqual([32, 32])
      expect(privateKey.buffer.byteLength).toBe(32)
    }
  })
})

describe('verifying', () => {
  it('accepts the signature of RFC 8032 and nothing beside it', () => {
    const { publicKey, message } = RFC_8032
    const signature = hex(RFC_8032.signature)
    expect(nodeCrypto.verify(publicKey, message, signature)).toBe(true)
    expect(nodeCrypto.verify(publicKey, utf8('s'), signature)).toBe(false)
    for (const at of [0, 31, 32, 63]) {
      const altered = Uint8Array.from(signature)
      altered[at]! ^= 1
      expect(nodeCrypto.verify(publicKey, message, altered)).toBe(false)
    }
  })

  it('refuses the small-order key under which everything verifies', () => {
    const identity = hex(`01${'00'.repeat(31)}`)
    const signature = hex(`01${'00'.repeat(63)}`)
    expect(nodeCrypto.verify(identity, utf8('anything'), signature)).toBe(false)
  })

  it('answers no, and throws nothing, for input of any length', () => {
    for (const length of [0, 1, 31, 33, 63, 65, 4_096]) {
      const odd = new Uint8Array(length).fill(7)
      expect(nodeCrypto.verify(odd, odd, hex(RFC_8032.signature))).toBe(false)
      expect(nodeCrypto.verify(RFC_8032.publicKey, odd, odd)).toBe(false)
    }
  })

  testWithVectors<readonly { pk: string; msg: string; sig: string; ok: boolean }[]>(
    'ed25519_expected_strict.json',
    'follows strict-1',
    (vectors) => {
      const wrong = vectors.filter(
        ({ pk, msg, sig, ok }) => nodeCrypto.verify(hex(pk), hex(msg), hex(sig)) !== ok,
      )
      expect(vectors.length).toBeGreaterThan(1_000)
      expect(wrong).toEqual([])
    },
  )
})

describe('hashing and comparing', () => {
  it('gives the SHA-256 of FIPS 180-2', () => {
    const expected = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
    expect(toHex(nodeCrypto.sha256(utf8('abc')))).toBe(expected)
    const long = new Uint8Array(100_000).fill(1)
    expect(toHex(nodeCrypto.sha256(long))).toBe(createHash('sha256').update(long).digest('hex'))
  })

  it('gives a digest that the next one leaves alone', () => {
    const first = nodeCrypto.sha256(utf8('abc'))
    const kept = toHex(first)
    for (let n = 0; n < 1_000; n++) nodeCrypto.sha256(utf8(String(n)))
    expect(toHex(first)).toBe(kept)
  })

  it('finds equal bytes equal, and others not, of whatever length', () => {
    const a = Uint8Array.of(1, 2, 3)
    expect(nodeCrypto.equal(a, Uint8Array.of(1, 2, 3))).toBe(true)
    expect(nodeCrypto.equal(a, Uint8Array.of(1, 2, 4))).toBe(false)
    expect(nodeCrypto.equal(a, Uint8Array.of(1, 2))).toBe(false)
    expect(nodeCrypto.equal(a, new Uint8Array())).toBe(false)
    expect(nodeCrypto.equal(new Uint8Array(), new Uint8Array())).toBe(true)
  })

  testWithVectors<MacVectors>(
    'hmac_sha256_wycheproof.json',
    'agrees with Wycheproof on HMAC',
    ({ testGroups }) => {
      for (const { tagSize, tests } of testGroups) {
        for (const { key, msg, tag, result, tcId } of tests) {
          const mac = nodeCrypto.hmacSha256(hex(key), hex(msg)).subarray(0, tagSize / 8)
          expect([tcId, nodeCrypto.equal(mac, hex(tag))]).toEqual([tcId, result === 'valid'])
        }
      }
    },
  )
})

interface MacVectors {
  readonly testGroups: readonly {
    readonly tagSize: number
    readonly tests: readonly {
      readonly tcId: number
      readonly key: string
      readonly msg: string
      readonly tag: string
      readonly result: string
    }[]
  }[]
}
