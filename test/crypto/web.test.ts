import { afterEach, describe, expect, it, vi } from 'vitest'
import { nodeCrypto } from '../../src/crypto/node.ts'
import { webCrypto } from '../../src/crypto/web.ts'
import { fromHex, toHex, utf8 } from '../../src/format/bytes.ts'

const hex = (text: string): Uint8Array => fromHex(text)!

/** RFC 8032 7.1, test 2. */
const publicKey = hex('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c')
const privateKey = () => hex('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb')
const SIGNATURE =
  '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da' +
  '085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00'

afterEach(() => vi.restoreAllMocks())

describe('a key that is kept in WebCrypto', () => {
  it('gives the signature of RFC 8032, every time', async () => {
    const signer = webCrypto.keptSigner(privateKey(), publicKey)
    for (let time = 0; time < 3; time++) expect(toHex(await signer.sign(hex('72')))).toBe(SIGNATURE)
  })

  it('gives it also to several at once who ask first', async () => {
    const signer = webCrypto.keptSigner(privateKey(), publicKey)
    const signatures = await Promise.all(Array.from({ length: 5 }, () => signer.sign(hex('72'))))
    expect(new Set(signatures.map(toHex))).toEqual(new Set([SIGNATURE]))
  })

  it('cannot be exported, and is imported once', async () => {
    const importKey = vi.spyOn(crypto.subtle, 'importKey')
    const signer = webCrypto.keptSigner(privateKey(), publicKey)
    await signer.sign(utf8('one'))
    await signer.sign(utf8('two'))
    expect(importKey).toHaveBeenCalledTimes(1)
    const key = (await importKey.mock.results[0]!.value) as CryptoKey
    expect(key.extractable).toBe(false)
    expect(key.usages).toEqual(['sign'])
    await expect(crypto.subtle.exportKey('pkcs8', key)).rejects.toThrow()
  })

  it('leaves nothing in the bytes it was made from', async () => {
    const importKey = vi.spyOn(crypto.subtle, 'importKey')
    const bytes = privateKey()
    const signer = webCrypto.keptSigner(bytes, publicKey)
    expect(bytes).toEqual(new Uint8Array(32))
    await signer.sign(utf8('one'))
    const der = importKey.mock.calls[0]![1] as Uint8Array
    expect(der.every((byte) => byte === 0)).toBe(true)
  })

  it('is refused at once when it does not belong to the public one', () => {
    const other = nodeCrypto.newKeyPair()
    expect(() => webCrypto.keptSigner(privateKey(), other.publicKey)).toThrow(/does not belong/)
    expect(() => webCrypto.keptSigner(new Uint8Array(31), publicKey)).toThrow(RangeError)
  })
})
