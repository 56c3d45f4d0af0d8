import { createLocalJWKSet, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addKey, addSpare } from '../../src/authority/keys/add.ts'
import { certifyKeys } from '../../src/authority/keys/certify.ts'
import { createApp } from '../../src/http/app.ts'
import { verify } from '../../src/verify/node.ts'
import { type Desk, openDesk, withStore } from '../authority/desk.ts'
import { NOON, openTestInstance } from '../support/instance.ts'
import { OPTIONS } from './server.ts'

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.close())

const get = (path: string, authority = desk.authority) => createApp(authority, OPTIONS).request(path)

describe('GET /v1/keys', () => {
  test('has the manifests, the certificates and the key set, and nothing else', async () => {
    const response = await get('/v1/keys')
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/json')
    const keys = await response.json()
    expect(Object.keys(keys)).toEqual(['roots', 'certificates', 'jwks'])
    expect(keys.roots).toEqual([
      {
        payload: expect.stringMatching(/^[\w-]+$/),
        signatures: [
          { protected: expect.stringMatching(/^[\w-]+$/), signature: expect.stringMatching(/^[\w-]{86}$/) },
        ],
      },
    ])
    expect(keys.certificates).toHaveLength(3)
    for (const certificate of keys.certificates) expect(certificate).toMatch(/^LK1-[0-9A-Z-]+$/)
    expect(keys.jwks).toEqual(await (await get('/.well-known/jwks.json')).json())
  })

  test('is all that software needs to judge a code, with the certificates or the license text', async () => {
    const { license } = await desk.buy()
    const { roots, certificates } = await (await get('/v1/keys')).json()
    expect(await verify(license, roots, { now: NOON })).toMatchObject({ valid: true })
    const bare = license.split(' ')[0]!
    expect(await verify(bare, roots, { now: NOON })).toMatchObject({ reason: 'unknown_key' })
    expect(await verify(bare, roots, { now: NOON, certificates })).toMatchObject({ valid: true })
  })
})

describe('a key that does not sign yet', () => {
  test.each([false, true])('is public with its certificate (spare: %s)', async (spare) => {
    const instance = await openTestInstance()
    const { authority } = instance
    const [pair, wanted] = [authority.crypto.newKeyPair(), { usage: 'codes', from: null, to: null } as const]
    const order = { by: { who: 'operator:test', reason: null }, dryRun: false }
    const limits = { ...wanted, product: 0, maxTermMonths: 0 }
    const added = spare
      ? await addSpare(authority, limits, pair, order)
      : await addKey(authority, limits, order)
    const kid = added.ok ? added.value.kid! : ''
    const kidsOf = async () => {
      const { certificates, jwks } = await (await get('/v1/keys', authority)).json()
      return { certified: certificates.length, kids: jwks.keys.map((key: { kid: string }) => key.kid) }
    }
    expect(await kidsOf()).toEqual({ certified: 3, kids: expect.arrayContaining([kid]) })
    const root = instance.developmentRoot.open()!
    expect(await certifyKeys(authority, [kid], [root], order)).toMatchObject({ ok: true })
    expect(await kidsOf()).toEqual({ certified: 4, kids: expect.arrayContaining([kid]) })
    await instance.close()
  })
})

describe('GET /.well-known/jwks.json', () => {
  test('is a JWK set of public halves alone', async () => {
    const response = await get('/.well-known/jwks.json')
    expect(response.headers.get('content-type')).toBe('application/jwk-set+json')
    const { keys } = await response.json()
    expect(keys).toHaveLength(3)
    for (const key of keys) {
      expect(key).toEqual({
        kty: 'OKP',
        crv: 'Ed25519',
        alg: 'EdDSA',
        use: 'sig',
        kid: expect.stringMatching(/^[0-9a-f]{8}$/),
        x: expect.stringMatching(/^[\w-]{43}$/),
      })
    }
  })

  test('verifies a statement with any JOSE library', async () => {
    const { license, instance } = await desk.buy()
    const { statement } = await desk.ask(license)
    const set = createLocalJWKSet(await (await get('/.well-known/jwks.json')).json())
    const { payload } = await jwtVerify(statement!, set, {
      algorithms: ['EdDSA'],
      typ: 'license-statement+jwt',
      issuer: 'https://licenses.example.com',
      audience: 'cad-pro',
      subject: instance,
      currentDate: new Date(NOON * 1000),
    })
    expect(payload).toMatchObject({ sub: instance, rev: 1, status: 'active' })
  })

  test.each([
    ['pending', 2],
    ['retired', 2],
    ['revoked', 1],
  ] as const)('with a %s key has %i', async (status, count) => {
    const [first, second] = await desk.authority.store.keys()
    const authority = await withKeys([{ ...first!, status }, second!])
    expect((await (await get('/.well-known/jwks.json', authority)).json()).keys).toHaveLength(count)
    expect((await (await get('/v1/keys', authority)).json()).certificates).toHaveLength(count)
  })
})

/** The same instance, its keys being these. */
async function withKeys(keys: Awaited<ReturnType<typeof desk.authority.store.keys>>) {
  const { createConfiguration } = await import('../../src/authority/configuration.ts')
  const authority = withStore(desk.authority, { keys: async () => keys })
  const { store, crypto, sealing, retiredKeys } = authority
  return { ...authority, configuration: createConfiguration(store, crypto, sealing, retiredKeys) }
}
