import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { recurring } from '../../src/format/recurring.ts'

const TEXTS = ['{"name":"', '","name":', '"}', 'a.c', '$&', '\\']

describe('what recurs in texts', () => {
  const { short, long } = recurring(TEXTS)

  it('is one character each in the short text', () => {
    expect(short('{"name":"Li"}')).toBe('\u0002Li\u0004')
    expect(short('a.c abc')).toBe('\u0005 abc')
  })

  it('comes back as it was, whatever JSON it is in', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(long(short(text))).toBe(text)
      }),
    )
  })

  it('comes back as it was, in whatever order it stands', () => {
    const parts = fc.array(fc.oneof(fc.constantFrom(...TEXTS), fc.stringMatching(/^[ -~\u4e00-\u9fff]*$/)))
    fc.assert(
      fc.property(parts, (given) => {
        const text = given.join('')
        expect(long(short(text))).toBe(text)
      }),
    )
  })

  it('leaves a text alone that was never shortened', () => {
    for (const text of ['', '{}', 'Müller & Söhne', '{"elder":"名"}']) expect(long(text)).toBe(text)
  })

  it('may not be more than there are characters for', () => {
    expect(() => recurring(Array.from({ length: 31 }, (_, n) => `text ${n}`))).toThrow(RangeError)
  })
})
