import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nodeCrypto } from '../../src/crypto/node.ts'
import { type CertificateTexts, readLicenseText } from '../../src/format/license-text.ts'

const vectors = readFileSync(new URL('../vectors/license-text.json', import.meta.url), 'utf8')

const texts: readonly string[] = vectors.match(/LC1-[0-9A-Z-]+(?: LK1-[0-9A-Z-]+)+/g) ?? []

const memory = (): CertificateTexts & { readonly size: () => number } => {
  const known = new Map()
  return {
    get: (text) => known.get(text),
    set: (text, read) => void known.set(text, read),
    size: () => known.size,
  }
}

test('there are texts with certificates to try', () => {
  expect(texts.length).toBeGreaterThan(3)
})

test('certificates met before are not read again, and the result is the same', () => {
  for (const text of texts) {
    const known = memory()
    const plain = readLicenseText(text, nodeCrypto.sha256)
    expect(readLicenseText(text, nodeCrypto.sha256, known)).toEqual(plain)
    expect(readLicenseText(text, nodeCrypto.sha256, known)).toEqual(plain)
    expect(known.size()).toBe(plain.ok && text.length * 3 <= 8_192 ? 1 : 0)
  }
})

test('whatever stands before certificates met before is judged as without the memory', () => {
  const known = memory()
  for (const text of texts) readLicenseText(text, nodeCrypto.sha256, known)
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
      expect(readLicenseText(text, nodeCrypto.sha256, known)).toEqual(
        readLicenseText(text, nodeCrypto.sha256),
      )
    }),
    { numRuns: 3_000 },
  )
})

test('a text over the size limit is refused although it ends as one before', () => {
  const known = memory()
  const text = texts[0]!
  readLicenseText(text, nodeCrypto.sha256, known)
  expect(readLicenseText(' '.repeat(8_192) + text, nodeCrypto.sha256, known)).toEqual({
    ok: false,
    reason: 'malformed',
  })
})
