import { afterEach, describe, expect, test, vi } from 'vitest'
import { engine, verify } from '../../src/verify/web.ts'
import { ISSUED, keyOf, licenseText, manifestText } from './kit.ts'

const fresh = keyOf('met on a host without Ed25519')
const message = new Uint8Array(3)
const signature = fresh.sign(message)

afterEach(() => {
  vi.unstubAllGlobals()
})

describe.each<[string, unknown]>([
  ['has no Ed25519', { subtle: { importKey: () => Promise.reject(new Error('NotSupportedError')) } }],
  ['has no WebCrypto at all, as on a page without TLS', {}],
  ['knows no crypto', undefined],
])('On a host that %s, the WebCrypto entry', (host, crypto) => {
  test('says so instead of blaming the license', async () => {
    vi.stubGlobal('crypto', crypto)
    await expect(engine.verify(keyOf(`${host} key`).publicKey, message, signature)).rejects.toThrow(
      'licet/verify/fallback',
    )
    await expect(verify(licenseText(), manifestText(), { now: ISSUED })).rejects.toThrow(
      'licet/verify/fallback',
    )
  })

  test('still answers what needs no signature', async () => {
    vi.stubGlobal('crypto', crypto)
    expect(await engine.verify(new Uint8Array(32), message, signature)).toBe(false)
    expect((await verify('LC1-', '{}', { now: ISSUED })).reason).toBe('malformed')
  })
})
