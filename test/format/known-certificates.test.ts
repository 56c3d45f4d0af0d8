import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nodeCrypto } from '../../src/crypto/node.ts'
import { rememberingReader } from '../../src/format/known-endings.ts'
import { readObjects } from '../../src/format/license-text.ts'

const vectors = readFileSync(new URL('../vectors/license-text.json', import.meta.url), 'utf8')

const texts: readonly string[] = vectors.match(/LC1-[0-9A-Z-]+(?: LK1-[0-9A-Z-]+)+/g) ?? []

/** A reader with a memory, and how many objects it has hashed, which is what reading one costs. */
function counting() {
  const reader = rememberingReader()
  let hashed = 0
  const sha256 = (bytes: Uint8Array) => {
    hashed++
    return nodeCrypto.sha256(bytes)
  }
  const read = (text: string) => reader(text, sha256)
  const hashesOf = (text: string) => {
    hashed = 0
    read(text)
    return hashed
  }
  return { read, hashesOf }
}

test('there are texts with certificates to try', () => {
  expect(texts.length).toBeGreaterThan(3)
})

test('certificates met before are not read again, and the result is the same', () => {
  for (const text of texts) {
    const { read, hashesOf } = counting()
    const plain = readObjects(text, nodeCrypto.sha256)
    expect(read(text)).toEqual(plain)
    expect(read(text)).toEqual(plain)
    const certificates = typeof plain === 'string' ? 0 : plain[1].length
    if (certificates > 0) expect(hashesOf(text)).toBe(text.length * 3 <= 8_192 ? 1 : 1 + certificates)
  }
})

test('whatever stands before certificates met before is judged as without the memory', () => {
  const { read } = counting()
  for (const text of texts) read(text)
  const pieces = texts.flatMap((text) => [
    text,
    text.slice(0, text.indexOf(' ')),
    text.slice(text.indexOf('LK1-')),
  ])
  const part = fc.oneof(
    fc.constantFrom(...pieces),
    fc.constantFrom(...pieces).chain((piece) => fc.nat(piece.length).map((cut) => piece.slice(0, cut))),
    fc.constantFrom(' ', 'LK1-', 'LC1-', '\u200b', 'x', '-'),
  )
  fc.assert(
    fc.property(fc.array(part, { maxLength: 4 }), (parts) => {
      const text = parts.join('')
      expect(read(text)).toEqual(readObjects(text, nodeCrypto.sha256))
    }),
    { numRuns: 3_000 },
  )
})

test('a text over the size limit is refused although it ends as one before', () => {
  const { read } = counting()
  const text = texts[0]!
  read(text)
  expect(read(' '.repeat(8_192) + text)).toBe('malformed')
})
