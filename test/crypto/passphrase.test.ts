import { randomBytes, scryptSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createPassphraseSealing, SCRYPT_COST } from '../../src/crypto/passphrase.ts'

const QUICK = { logN: 4, r: 8, p: 1 }
const sealing = createPassphraseSealing((length) => randomBytes(length), QUICK)
const SECRET = randomBytes(32)
const ABOUT = Buffer.from('root key 5f3a9c21')

describe('what is sealed under a passphrase', () => {
  it('opens under the same passphrase, beside the same words', async () => {
    const sealed = await sealing.seal('eight little words', SECRET, ABOUT)
    expect(sealed).toMatchObject({ cost: QUICK })
    expect([sealed.salt.length, sealed.iv.length, sealed.text.length]).toEqual([16, 12, 48])
    expect(Buffer.from((await sealing.open('eight little words', sealed, ABOUT))!).equals(SECRET)).toBe(true)
  })

  it('opens when the keyboard composes letters otherwise', async () => {
    const sealed = await sealing.seal('caf\u00e9 au lait', SECRET, ABOUT)
    expect(await sealing.open('cafe\u0301 au lait', sealed, ABOUT)).not.toBeNull()
  })

  it('is new each time', async () => {
    const [a, b] = [
      await sealing.seal('the same', SECRET, ABOUT),
      await sealing.seal('the same', SECRET, ABOUT),
    ]
    expect(a.salt).not.toEqual(b.salt)
    expect(a.iv).not.toEqual(b.iv)
    expect(a.text).not.toEqual(b.text)
  })

  it('never opens otherwise', async () => {
    const sealed = await sealing.seal('eight little words', SECRET, ABOUT)
    const flipped = (bytes: Uint8Array, at: number) => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte))
    expect(await sealing.open('eight little word', sealed, ABOUT)).toBeNull()
    expect(await sealing.open('Eight little words', sealed, ABOUT)).toBeNull()
    expect(await sealing.open('', sealed, ABOUT)).toBeNull()
    expect(await sealing.open('eight little words', sealed, Buffer.from('spare'))).toBeNull()
    for (let at = 0; at < 48; at++)
      expect(
        await sealing.open('eight little words', { ...sealed, text: flipped(sealed.text, at) }, ABOUT),
      ).toBeNull()
    for (const changed of [
      { salt: flipped(sealed.salt, 0) },
      { iv: flipped(sealed.iv, 0) },
      { cost: { ...QUICK, logN: 5 } },
      { text: sealed.text.subarray(0, 15) },
      { text: new Uint8Array() },
    ])
      expect(await sealing.open('eight little words', { ...sealed, ...changed }, ABOUT)).toBeNull()
  })

  it('is not opened at a price that a made-up file asks for', async () => {
    const sealed = await sealing.seal('eight little words', SECRET, ABOUT)
    const began = performance.now()
    for (const cost of [
      { logN: 30, r: 255, p: 255 },
      { logN: 20, r: 8, p: 200 },
      { logN: 10, r: 255, p: 255 },
    ])
      expect(await sealing.open('eight little words', { ...sealed, cost }, ABOUT)).toBeNull()
    expect(performance.now() - began).toBeLessThan(1_000)
  })

  it('needs a passphrase', async () => {
    await expect(sealing.seal('', SECRET, ABOUT)).rejects.toThrow(RangeError)
  })
})

describe('the work factor', () => {
  it('is the one that is written, and costs 128 MiB', async () => {
    expect(SCRYPT_COST).toEqual({ logN: 17, r: 8, p: 1 })
    const usual = createPassphraseSealing((length) => randomBytes(length))
    const sealed = await usual.seal('eight little words', SECRET, ABOUT)
    expect(sealed.cost).toEqual(SCRYPT_COST)
    expect(await usual.open('eight little words', sealed, ABOUT)).not.toBeNull()
    expect(await usual.open('another', sealed, ABOUT)).toBeNull()
    // Less memory than scrypt of this cost needs is refused by the library: it is really spent.
    expect(() =>
      scryptSync('eight little words', sealed.salt, 32, { N: 2 ** 17, r: 8, p: 1, maxmem: 2 ** 27 - 1 }),
    ).toThrow()
  })
})
