import { describe, expect, test } from 'vitest'
import { nodeCrypto } from '../../../src/crypto/node.ts'
import { utf8 } from '../../../src/format/bytes.ts'
import { authorization, readAuthorization, sdkDate } from '../../../src/marketplace/huawei/sdk-signature.ts'
import { absence, sharedVectors } from './shared-vectors.ts'

interface SdkVector {
  readonly name: string
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly ak: string
  readonly sk: string
  readonly authorization: string
  readonly published_signature?: string
}

const vectors = sharedVectors<{ readonly sdk_hmac_sha256: readonly SdkVector[] }>('huawei.json')

const signed = ({ method, url, headers, body, ak, sk }: SdkVector): string =>
  authorization(nodeCrypto, { accessKeyId: ak, secret: sk }, { method, url, headers, body: utf8(body) })

describe.skipIf(vectors === null)(`published SDK-HMAC-SHA256 signatures${absence(vectors)}`, () => {
  const published = vectors?.sdk_hmac_sha256 ?? []

  test.each(published)('$name: the header is the published one', (vector) => {
    expect(signed(vector)).toBe(vector.authorization)
  })

  test('one of them is signed by somebody else than us', () => {
    const foreign = published.filter((vector) => vector.published_signature !== undefined)
    expect(foreign.map((vector) => signed(vector).split('Signature=')[1])).toEqual(
      foreign.map((vector) => vector.published_signature),
    )
    expect(foreign).not.toHaveLength(0)
  })

  test.each(published)('$name: whatever is changed changes the signature', (vector) => {
    const changed: readonly SdkVector[] = [
      { ...vector, method: vector.method === 'GET' ? 'POST' : 'GET' },
      { ...vector, url: vector.url.replace('/v1/', '/v2/') },
      { ...vector, url: `${vector.url}${vector.url.includes('?') ? '&' : '?'}more=1` },
      { ...vector, url: vector.url.replace('mkt.', 'mkt-intl.') },
      { ...vector, body: `${vector.body} ` },
      { ...vector, sk: `${vector.sk}x` },
      { ...vector, headers: { ...vector.headers, 'X-Sdk-Date': '20240317T144238Z' } },
      { ...vector, headers: { ...vector.headers, 'X-Other': '1' } },
    ]
    for (const other of changed) {
      expect(signed(other).split('Signature=')[1]).not.toBe(vector.authorization.split('Signature=')[1])
    }
  })
})

describe('a request to an open API', () => {
  const date = sdkDate('2026-11-21T08:09:10.123Z')
  const sign = (url: string) =>
    authorization(
      nodeCrypto,
      { accessKeyId: 'AK', secret: 'SK' },
      { method: 'GET', url, headers: { 'X-Sdk-Date': date }, body: new Uint8Array() },
    )

  test('is dated to the second, in UTC', () => {
    expect(date).toBe('20261121T080910Z')
  })

  test('is signed alike however its query was ordered or spelled', () => {
    expect(sign('https://h.example/a/b?x=%E4%BD%A0&a=1')).toBe(sign('https://h.example/a/b?a=1&x=你'))
    expect(sign('https://h.example/a/b?x=(1)')).toBe(sign('https://h.example/a/b?x=%281%29'))
    expect(sign('https://h.example/a/b/')).toBe(sign('https://h.example/a/b'))
  })

  test('without a date is a mistake of ours', () => {
    const request = { method: 'GET', url: 'https://h.example/', headers: {}, body: new Uint8Array() } as const
    expect(() => authorization(nodeCrypto, { accessKeyId: 'AK', secret: 'SK' }, request)).toThrow(TypeError)
  })

  test('has a header that can be read again', () => {
    expect(readAuthorization(sign('https://h.example/'))).toMatchObject({
      accessKeyId: 'AK',
      names: ['host', 'x-sdk-date'],
    })
  })

  test.each([
    '',
    'SDK-HMAC-SHA256',
    'SDK-HMAC-SHA256 Access=AK, SignedHeaders=host, Signature=00',
    `SDK-HMAC-SHA1 Access=AK, SignedHeaders=host, Signature=${'0'.repeat(64)}`,
    `SDK-HMAC-SHA256 Access=, SignedHeaders=host, Signature=${'0'.repeat(64)}`,
    `SDK-HMAC-SHA256 Access=AK, SignedHeaders=host, Signature=${'A'.repeat(64)}`,
  ])('whose header is %j is no signed one', (header) => {
    expect(readAuthorization(header)).toBeNull()
  })
})
