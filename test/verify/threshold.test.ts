import { describe, expect, test } from 'vitest'
import { verifySync } from '../../src/verify/node.ts'
import { certificateText, codeText, ISSUED, keyOf, manifestOf, manifestText, type TestKey } from './kit.ts'

const [A, B, C, D] = ['a', 'b', 'c', 'd'].map(keyOf) as [TestKey, TestKey, TestKey, TestKey]

const two = manifestText(manifestOf({ threshold: 2, keys: [A, B, C] }), [A, B])

const reason = (trust: string | readonly string[], ...certificates: readonly string[]) =>
  verifySync([codeText(), ...certificates].join(' '), trust, { now: ISSUED }).reason

describe('Under a root of two of three', () => {
  test('two certificates by two root keys certify a key', () => {
    expect(reason(two, certificateText({}, A), certificateText({}, B))).toBe(null)
    expect(reason(two, certificateText({}, C), certificateText({}, A))).toBe(null)
    expect(reason(two, ...[A, B, C].map((root) => certificateText({}, root)))).toBe(null)
  })

  test('one certificate is not enough, nor the same one twice', () => {
    expect(reason(two, certificateText({}, A))).toBe('unknown_key')
    expect(reason(two, certificateText({}, A), certificateText({}, A))).toBe('unknown_key')
  })

  test('a second one by a key outside the root does not count', () => {
    expect(reason(two, certificateText({}, A), certificateText({}, D))).toBe('unknown_key')
    expect(reason(two, certificateText({}, A), certificateText({}, { ...D, kid: B.kid }))).toBe('unknown_key')
    expect(reason(two, certificateText({}, A), certificateText({}, { ...A, kid: B.kid }))).toBe('unknown_key')
  })

  test.each([
    ['serial', { serial: 2 }],
    ['usage', { usages: 3 }],
    ['window from', { from: 1 }],
    ['window to', { to: 2 ** 32 - 1 }],
    ['product', { product: 1001 }],
    ['longest term', { maxTermMonths: 240 }],
  ])('two that differ in the %s do not add up', (_, over) => {
    expect(reason(two, certificateText({}, A), certificateText(over, B))).toBe('unknown_key')
  })

  test('they may come by different ways', () => {
    const options = { now: ISSUED, certificates: [certificateText({}, B)] }
    expect(verifySync(`${codeText()} ${certificateText({}, A)}`, two, options).valid).toBe(true)
  })

  test('a revoked root key does not count, in whichever manifest it stood', () => {
    const revoked = [{ kid: B.kid, publicKey: B.publicKey, at: ISSUED, reason: 'lost' }]
    const next = manifestText(manifestOf({ version: 2, threshold: 2, keys: [A, C, D], revoked }), [A, C])
    const pair = (x: TestKey, y: TestKey) => [certificateText({}, x), certificateText({}, y)]
    expect(reason([two, next], ...pair(A, B))).toBe('unknown_key')
    expect(reason([two, next], ...pair(A, C))).toBe(null)
    expect(reason([two, next], ...pair(A, D))).toBe(null)
  })
})

describe('Along a chain of manifests', () => {
  const first = manifestText(manifestOf({ threshold: 2, keys: [A, B] }), [A, B])
  const second = manifestText(manifestOf({ version: 2, threshold: 2, keys: [C, D] }), [A, B, C, D])

  test('the keys of any one manifest certify', () => {
    expect(reason([first, second], certificateText({}, A), certificateText({}, B))).toBe(null)
    expect(reason([first, second], certificateText({}, C), certificateText({}, D))).toBe(null)
  })

  test('keys of different manifests do not add up', () => {
    expect(reason([first, second], certificateText({}, A), certificateText({}, C))).toBe('unknown_key')
  })

  test('what an older root certified is unknown to one who pinned the newer one', () => {
    expect(reason(second, certificateText({}, A), certificateText({}, B))).toBe('unknown_key')
  })

  test('a threshold that was lowered counts under its own manifest', () => {
    const lower = manifestText(manifestOf({ version: 2, keys: [A, C] }), [A, B])
    expect(reason(first, certificateText({}, A))).toBe('unknown_key')
    expect(reason([first, lower], certificateText({}, A))).toBe(null)
    expect(reason([first, lower], certificateText({}, B))).toBe('unknown_key')
  })
})

describe('Software pinned on the first day', () => {
  test('accepts a license after 10 rotations of the root and 50 of the signing key', () => {
    const rootOf = (version: number) => keyOf(`rotating root ${version}`)
    const manifestAt = (version: number) =>
      manifestText(
        manifestOf({ version, keys: [rootOf(version)] }),
        version === 1 ? [rootOf(1)] : [rootOf(version - 1), rootOf(version)],
      )
    const chain = Array.from({ length: 11 }, (_, i) => manifestAt(i + 1))
    for (let i = 0; i <= 50; i++) {
      const signer = keyOf(`rotating signer ${i}`)
      const root = rootOf(1 + Math.floor(i / 5))
      const text = `${codeText({}, signer)} ${certificateText({ publicKey: signer.publicKey, serial: i }, root)}`
      expect(verifySync(text, chain, { now: ISSUED }).valid).toBe(true)
    }
  })
})
