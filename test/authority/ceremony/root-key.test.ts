import { describe, expect, it } from 'vitest'
import { openKey, sealKey } from '../../../src/authority/ceremony/root-key.ts'
import { nodeCrypto } from '../../../src/crypto/node.ts'
import { newKey, passphrases } from './kit.ts'

const KEY = newKey()
const PASSPHRASE = 'eight little words'
const sealed = sealKey(passphrases, nodeCrypto, PASSPHRASE, 'root', KEY)
const open = (text: string, passphrase = PASSPHRASE, purpose: 'root' | 'spare' = 'root') =>
  openKey(passphrases, nodeCrypto, passphrase, text, purpose)

describe('a root key in its sealed file', () => {
  it('opens under its passphrase and signs', async () => {
    const opened = await open(await sealed)
    if (!opened.ok) throw new Error(opened.no.reason)
    const { kid, publicKey, privateKey, signer } = opened.value
    expect(kid).toBe(KEY.kid)
    expect(Buffer.from(privateKey).equals(Buffer.from(KEY.privateKey))).toBe(true)
    const message = Buffer.from('to be signed')
    expect(nodeCrypto.verify(publicKey, message, signer.sign(message))).toBe(true)
  })

  it('is as good from paper', async () => {
    const typed = (await sealed)
      .toLowerCase()
      .replaceAll('0', 'o')
      .replaceAll('-', ' ')
      .replace(/^#.*\n/gm, '')
    expect((await open(typed)).ok).toBe(true)
  })

  it('holds neither the private key nor the passphrase', async () => {
    const text = await sealed
    expect(text).not.toContain(PASSPHRASE)
    for (const spelling of ['hex', 'base64', 'base64url', 'latin1'] as const)
      expect(text).not.toContain(Buffer.from(KEY.privateKey).toString(spelling))
  })

  it('does not open under another passphrase, and says which key it is', async () => {
    expect(await open(await sealed, 'eight other words')).toEqual({
      ok: false,
      no: { reason: 'wrong_passphrase', kid: KEY.kid },
    })
  })

  it('does not open as a spare, nor a spare as a root key', async () => {
    const spare = await sealKey(passphrases, nodeCrypto, PASSPHRASE, 'spare', KEY)
    const wrong = (purpose: string) => ({ ok: false, no: { reason: 'wrong_purpose', kid: KEY.kid, purpose } })
    expect(await open(await sealed, PASSPHRASE, 'spare')).toEqual(wrong('root'))
    expect(await open(spare, PASSPHRASE, 'root')).toEqual(wrong('spare'))
    expect((await open(spare, PASSPHRASE, 'spare')).ok).toBe(true)
  })

  it('names the line that is wrong', async () => {
    const broken = (await sealed).replace(
      /^(05 {2})(.)/m,
      (_, number, symbol) => `${number}${symbol === '7' ? '8' : '7'}`,
    )
    expect(await open(broken)).toEqual({ ok: false, no: { reason: 'unreadable', line: 5, why: 'mistyped' } })
  })

  it('does not sign for a public key that is not its own', async () => {
    const foreign = newKey().publicKey
    const text = await sealKey(passphrases, nodeCrypto, PASSPHRASE, 'root', { ...KEY, publicKey: foreign })
    expect(await open(text)).toMatchObject({ ok: false, no: { reason: 'not_a_pair' } })
  })

  it('is not made without a passphrase', async () => {
    await expect(sealKey(passphrases, nodeCrypto, '', 'root', KEY)).rejects.toThrow(RangeError)
  })
})
