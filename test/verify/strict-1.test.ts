import { createPublicKey, verify as cryptoVerify } from 'node:crypto'
import nacl from 'tweetnacl'
import { describe, expect, test } from 'vitest'
import { fromHex } from '../../src/format/bytes.ts'
import { isStrict1 } from '../../src/verify/strict-1.ts'
import { keyOf } from './kit.ts'

const L = 2n ** 252n + 27742317777372353535851937790883648493n
const P = 2n ** 255n - 19n

const key = keyOf('strict')
const message = Buffer.from('a license')
const good = key.sign(message)

function littleEndian(n: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, i) => Number((n >> BigInt(8 * i)) & 255n))
}

function numberIn(bytes: Uint8Array): bigint {
  return bytes.reduceRight((n, byte) => (n << 8n) | BigInt(byte), 0n)
}

function withS(s: bigint): Uint8Array {
  return Buffer.concat([good.subarray(0, 32), littleEndian(s)])
}

function withR(r: Uint8Array): Uint8Array {
  return Buffer.concat([r, good.subarray(32)])
}

/** Sets bit 255, the sign of x. */
function negative(y: Uint8Array): Uint8Array {
  return Uint8Array.from(y, (byte, i) => (i === 31 ? byte | 0x80 : byte))
}

/** The y of every point of small order, computed from the curve and not copied from the source. */
function smallOrderY(): readonly Uint8Array[] {
  const power = (base: bigint, exponent: bigint): bigint => {
    let result = 1n
    for (let b = base % P, e = exponent; e > 0n; e >>= 1n, b = (b * b) % P)
      if (e & 1n) result = (result * b) % P
    return result
  }
  const inverse = (n: bigint) => power(n, P - 2n)
  const mod = (n: bigint) => ((n % P) + P) % P
  const d = mod(-121665n * inverse(121666n))
  const i = power(2n, (P - 1n) / 4n)
  const root = (n: bigint): bigint | null => {
    const candidate = power(n, (P + 3n) / 8n)
    for (const r of [candidate, mod(candidate * i)]) if (mod(r * r) === mod(n)) return r
    return null
  }
  // Twice a point of order 8 is (x, 0), so x² = -y² there; in the curve's equation: d y⁴ + 2 y² - 1 = 0.
  const r = root(mod(1n + d))!
  const order8 = [mod((r - 1n) * inverse(d)), mod((-r - 1n) * inverse(d))].flatMap((square) => {
    const y = root(square)
    return y === null ? [] : [y, mod(-y)]
  })
  return [0n, 1n, P - 1n, ...order8].map(littleEndian)
}

describe('strict-1', () => {
  test('takes an ordinary key and signature', () => {
    expect(isStrict1(key.publicKey, good)).toBe(true)
  })

  test('refuses S + L, the second spelling that tweetnacl alone accepts', () => {
    const second = withS(numberIn(good.subarray(32)) + L)
    expect(nacl.sign.detached.verify(message, second, key.publicKey)).toBe(true)
    expect(isStrict1(key.publicKey, second)).toBe(false)
  })

  test.each([
    ['L - 1', L - 1n, true],
    ['0', 0n, true],
    ['L', L, false],
    ['L + 1', L + 1n, false],
    ['2^252', 2n ** 252n, true],
    ['2^253', 2n ** 253n, false],
    ['2^256 - 1', 2n ** 256n - 1n, false],
  ])('compares S with L: S = %s', (_, s, expected) => {
    expect(isStrict1(key.publicKey, withS(s))).toBe(expected)
  })

  test.each([
    ['p - 2', P - 2n, true],
    ['2', 2n, true],
    ['p', P, false],
    ['p + 1', P + 1n, false],
    ['p + 2, whose value is 2', P + 2n, false],
    ['2^255 - 1', 2n ** 255n - 1n, false],
  ])('compares y with p, in the key and in R, with either sign: y = %s', (_, y, expected) => {
    for (const point of [littleEndian(y), negative(littleEndian(y))]) {
      expect(isStrict1(point, good)).toBe(expected)
      expect(isStrict1(key.publicKey, withR(point))).toBe(expected)
    }
  })

  test('refuses every point of small order as key and as R, with either sign', () => {
    const all = smallOrderY()
    expect(all).toHaveLength(5)
    for (const y of all.flatMap((y) => [y, negative(y)])) {
      expect(isStrict1(y, good)).toBe(false)
      expect(isStrict1(key.publicKey, withR(y))).toBe(false)
    }
  })

  test.each([0, 1, 31, 33, 63, 64, 65, 96])('refuses a key of %i bytes', (length) => {
    expect(isStrict1(new Uint8Array(length).fill(5), good)).toBe(false)
  })

  test.each([0, 1, 32, 63, 65, 96, 128])('refuses a signature of %i bytes', (length) => {
    const signature = new Uint8Array(length)
    signature.set(good.subarray(0, length))
    expect(isStrict1(key.publicKey, signature)).toBe(false)
  })

  test.each([
    [undefined],
    [null],
    [7],
    ['text'],
    [{}],
    [[...good]],
    [good.buffer],
    [new Uint16Array(32)],
  ])('refuses what is no byte array: %s', (thing) => {
    expect(isStrict1(thing, good)).toBe(false)
    expect(isStrict1(key.publicKey, thing)).toBe(false)
  })

  test('says nothing about the equation: another message passes it and fails the library', () => {
    const spki = Buffer.concat([fromHex('302a300506032b6570032100')!, key.publicKey])
    const prepared = createPublicKey({ key: spki, format: 'der', type: 'spki' })
    expect(isStrict1(key.publicKey, good)).toBe(true)
    expect(cryptoVerify(null, Buffer.from('another'), prepared, good)).toBe(false)
  })
})
