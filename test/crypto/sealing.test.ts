import { randomBytes } from 'node:crypto'
import { CompactEncrypt, compactDecrypt } from 'jose'
import { describe, expect, it } from 'vitest'
import { createSealing, jweOf, SealBroken } from '../../src/crypto/sealing.ts'
import { utf8 } from '../../src/format/bytes.ts'

const MASTER_KEY = Uint8Array.from({ length: 32 }, (_, n) => n)

const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length))

const sealing = createSealing(MASTER_KEY, random)

const SECRET = utf8('访问密钥 access-key')

const byJose = (purpose: string, header: object = {}) =>
  new CompactEncrypt(SECRET)
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', purpose, ...header })
    .encrypt(MASTER_KEY)

describe('a sealed secret', () => {
  it.each(['signing-key:0a1b2c3d', 'customer:客户"\\', ''])('opens as what it was: %s', (purpose) => {
    expect(sealing.open(purpose, sealing.seal(purpose, SECRET))).toEqual(SECRET)
  })

  it.each([0, 1, 15, 16, 17, 100_000])('of %i bytes comes back whole', (length) => {
    const secret = random(length)
    expect(sealing.open('p', sealing.seal('p', secret))).toEqual(secret)
  })

  it('is a JWE without its header: with it, jose opens it', async () => {
    const jwe = jweOf('p"', sealing.seal('p"', SECRET))!
    const { plaintext, protectedHeader } = await compactDecrypt(jwe, MASTER_KEY)
    expect(new Uint8Array(plaintext)).toEqual(SECRET)
    expect(protectedHeader).toEqual({ alg: 'dir', enc: 'A256GCM', purpose: 'p"' })
  })

  it('may be sealed by jose', async () => {
    expect(sealing.open('signing-key:0a1b2c3d', await byJose('signing-key:0a1b2c3d'))).toEqual(SECRET)
  })

  it('is another text every time, by the randomness it is given', () => {
    const texts = Array.from({ length: 100 }, () => sealing.seal('p', SECRET))
    expect(new Set(texts).size).toBe(100)
    const fixed = createSealing(MASTER_KEY, (length) => new Uint8Array(length).fill(9))
    expect(fixed.seal('p', SECRET)).toBe(fixed.seal('p', SECRET))
    expect(fixed.seal('p', SECRET).slice(0, 17)).toBe('.CQkJCQkJCQkJCQkJ')
  })

  it('does not show what is in it', () => {
    expect(sealing.seal('p', SECRET)).not.toContain(Buffer.from(SECRET).toString('base64url'))
  })
})

describe.each([
  ['without its header', (text: string) => text],
  ['as a whole JWE', (text: string, purpose = 'p') => jweOf(purpose, text)!],
])('a seal %s', (_, form) => {
  const sealed = form(sealing.seal('p', SECRET))

  const refused =
    (text: string, purpose = 'p') =>
    () =>
      sealing.open(purpose, text)

  it.each(['q', '', 'P', 'p ', 'p","x":"'])('is broken for another purpose: %j', (purpose) => {
    expect(refused(sealed, purpose)).toThrow(SealBroken)
  })

  it('is broken under another master key', () => {
    const other = createSealing(
      MASTER_KEY.map((byte) => byte ^ 1),
      random,
    )
    expect(() => other.open('p', sealed)).toThrow(SealBroken)
  })

  it('is broken by any change of any character', () => {
    for (let at = 0; at < sealed.length; at++) {
      const changed = sealed[at] === 'A' ? 'B' : 'A'
      expect(refused(sealed.slice(0, at) + changed + sealed.slice(at + 1))).toThrow(SealBroken)
    }
  })

  it('is broken by a part that is missing, cut, doubled or padded', () => {
    const jwe = jweOf('p', sealed)!
    const parts = jwe.split('.')
    const texts = [
      '',
      '.',
      '....',
      parts.slice(0, 4).join('.'),
      `${sealed}.`,
      `${sealed}AAAA`,
      `${sealed}=`,
      ` ${sealed}`,
      sealed.slice(0, -1),
      sealed.slice(0, 30),
      `.${sealed}`,
      `.${parts.slice(2).join('.')}`,
      jwe.replace('..', '.AAAA.'),
      [...parts.slice(0, 4), parts[4]!.slice(0, 16)].join('.'),
      [...parts.slice(0, 2), `${parts[2]}AAAA`, ...parts.slice(3)].join('.'),
    ]
    for (const text of texts) expect(refused(text)).toThrow(SealBroken)
  })

  it('tells no word about what is in it', () => {
    expect(refused(sealed, 'q')).toThrow(/^What is sealed as q does not open: /)
  })
})

describe('a whole JWE is broken', () => {
  const jwe = (purpose: string) => jweOf(purpose, sealing.seal(purpose, SECRET))!

  it('for another purpose, also when the header is exchanged', () => {
    const [, ...rest] = jwe('p').split('.')
    const [header] = jwe('q').split('.')
    expect(() => sealing.open('q', [header, ...rest].join('.'))).toThrow(SealBroken)
  })

  it('by a header that says anything else, though the key is right', async () => {
    const { purpose: _purpose, ...bare } = { alg: 'dir', enc: 'A256GCM', purpose: 'p' } as const
    const without = await new CompactEncrypt(SECRET).setProtectedHeader(bare).encrypt(MASTER_KEY)
    const texts = [
      await byJose('p', { kid: 'x' }),
      await byJose('p', { zip: 'DEF' }).catch(() => ''),
      without,
    ]
    for (const text of texts) expect(() => sealing.open('p', text)).toThrow(SealBroken)
  })
})

describe('a master key', () => {
  it.each([0, 16, 31, 33, 64])('has 32 bytes, not %i', (length) => {
    expect(() => createSealing(new Uint8Array(length), random)).toThrow(RangeError)
  })
})
