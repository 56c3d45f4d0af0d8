import { createHash, randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { sha256 } from '../../src/verify/sha256.ts'

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const expected = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

test('gives the examples of FIPS 180-4', () => {
  expect(hex(sha256(new Uint8Array(0)))).toBe(
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  )
  expect(hex(sha256(Buffer.from('abc')))).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  )
  expect(hex(sha256(Buffer.from('abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq')))).toBe(
    '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
  )
})

test('equals the host on every length up to five blocks', () => {
  for (let length = 0; length <= 320; length++) {
    const bytes = randomBytes(length)
    expect(hex(sha256(bytes))).toBe(expected(bytes))
  }
})

test('equals the host on random inputs, large ones and parts of buffers too', () => {
  for (let i = 0; i < 300; i++) {
    const whole = randomBytes(1 + ((i * 977) % 8000))
    const part = whole.subarray(i % whole.length)
    expect(hex(sha256(part))).toBe(expected(part))
  }
  const million = new Uint8Array(1_000_000).fill(0x61)
  expect(hex(sha256(million))).toBe('cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0')
})

test('leaves its input as it was', () => {
  const bytes = Uint8Array.from({ length: 100 }, (_, i) => i)
  sha256(bytes)
  expect([...bytes]).toEqual(Array.from({ length: 100 }, (_, i) => i))
})
