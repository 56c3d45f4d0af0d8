import { describe, expect, test } from 'vitest'
import { nodeCrypto } from '../../../src/crypto/node.ts'
import { huaweiCaller } from '../../../src/marketplace/huawei/caller.ts'
import { authTokenText } from '../../../src/marketplace/huawei/signature.ts'
import { arriving, channel, fate, keyOf, open, plugin } from './fixture.ts'
import { absence, sharedVectors } from './shared-vectors.ts'

interface CallbackVector {
  readonly name: string
  readonly accessKey: string
  readonly timestamp: string
  readonly nonce: string
  readonly rawBody: string
  readonly canonicalBody: string
  readonly signature_lower: string
  readonly signature_upper: string
  readonly signature_if_raw_body_used_lower?: string
  readonly wrong_variant_plain_sha256_of_body_lower?: string
}

interface TokenVector {
  readonly name: string
  readonly key: string
  readonly params_decoded: Readonly<Record<string, string>>
  readonly stringToSign: string
  readonly authToken: string
  readonly queryString: string
}

interface Vectors {
  readonly callback_signature: readonly CallbackVector[]
  readonly callback_signature_doc_examples: readonly {
    readonly name: string
    readonly timestamp: string
    readonly nonce: string
    readonly body: string
    readonly signature: string
  }[]
  readonly authToken_v1: readonly TokenVector[]
  readonly body_sign_v1: readonly {
    readonly key: string
    readonly body: string
    readonly header: string
    readonly header_without_space: string
  }[]
}

const vectors = sharedVectors<Vectors>('huawei.json')
const withKey = (secret: string) => ({ ...channel, keys: [keyOf('11111111', secret)] })

function post(body: string, signature: string, timestamp: string, nonce: string, key: string) {
  const query = `signature=${signature}&timestamp=${timestamp}&nonce=${nonce}`
  const call = { method: 'POST', query, contentType: 'application/json', body: Buffer.from(body) } as const
  return open(call, withKey(key), Number(timestamp))
}

const postVector = (vector: CallbackVector, signature: string, body = vector.rawBody) =>
  post(body, signature, vector.timestamp, vector.nonce, vector.accessKey)

describe.skipIf(vectors === null)(`published callback signatures${absence(vectors)}`, () => {
  test.each(vectors?.callback_signature ?? [])('$name: either case is accepted', (vector) => {
    expect(postVector(vector, vector.signature_lower).type).toBe('authentic')
    expect(postVector(vector, vector.signature_upper).type).toBe('authentic')
    expect(postVector(vector, vector.signature_lower, vector.canonicalBody).type).toBe('authentic')
  })

  test.each(vectors?.callback_signature ?? [])('$name: another signature is refused', (vector) => {
    const wrong = vector.wrong_variant_plain_sha256_of_body_lower
    expect(wrong).toMatch(/^[0-9a-f]{64}$/)
    expect(fate(postVector(vector, wrong!))).toBe('unauthenticated')
    expect(fate(postVector(vector, vector.signature_lower, `${vector.rawBody} x`))).toBe('unauthenticated')
    expect(
      fate(postVector(vector, vector.signature_lower, vector.rawBody.replace('"activity"', '"Activity"'))),
    ).toBe('unauthenticated')
  })

  test('a signature over the bytes as sent is accepted where the sorted form differs', () => {
    const unsorted = vectors!.callback_signature.filter((vector) => vector.rawBody !== vector.canonicalBody)
    expect(unsorted.length).toBeGreaterThan(0)
    for (const vector of unsorted) {
      expect(postVector(vector, vector.signature_if_raw_body_used_lower!).type).toBe('authentic')
    }
  })

  test('the License 2.0 vectors are test calls with a demand each', () => {
    const license2 = vectors!.callback_signature.filter((vector) => vector.name.startsWith('license2'))
    const opened = license2.map((vector) => postVector(vector, vector.signature_lower))
    expect(opened).toMatchObject([
      {
        activity: 'refreshLicenseCode',
        intent: { test: true, command: { type: 'renew', order: 'CS2211181819B4LVS', paidUntil: 1684873172 } },
      },
      { activity: 'updateLicenseCodeStatus', intent: { test: true, command: { type: 'freeze' } } },
      {
        activity: 'releaseLicenseCode',
        intent: { test: true, instance: 'PL0001', command: { type: 'release' } },
      },
    ])
  })

  test.each(
    vectors?.callback_signature_doc_examples ?? [],
  )('the document example $name is well formed', (example) => {
    const { body, signature, timestamp, nonce } = example
    // Its key is unknown, so the signature is where it must stop, and not before.
    expect(post(body, signature, timestamp, nonce, 'unknown')).toMatchObject({
      type: 'rejected',
      why: 'signature: wrong',
    })
  })

  test.each(vectors?.callback_signature ?? [])('$name: the calling side signs the same', (vector) => {
    const members = JSON.parse(vector.canonicalBody)
    const moment = { nowMs: Number(vector.timestamp), nonce: vector.nonce }
    const call = huaweiCaller(nodeCrypto, 'https://x.example/p', vector.accessKey).post(members, moment)
    expect(call.body).toBe(vector.canonicalBody)
    expect(new URL(call.url).searchParams.get('signature')).toBe(vector.signature_upper)
  })
})

describe.skipIf(vectors === null)(`published authTokens${absence(vectors)}`, () => {
  const openToken = (vector: TokenVector, query: string, key = vector.key) => {
    const digits = vector.params_decoded.timeStamp!
    const [date, time] = [digits.slice(0, 8), digits.slice(8)]
    const iso = `${date.replace(/(....)(..)(..)/, '$1-$2-$3')}T${time.replace(/(..)(..)(..)(...)/, '$1:$2:$3.$4')}Z`
    return open(
      { method: 'GET', query, contentType: null, body: new Uint8Array() },
      withKey(key),
      Date.parse(iso),
    )
  }

  test.each(vectors?.authToken_v1 ?? [])('$name: text and token agree', (vector) => {
    expect(authTokenText(new Map(Object.entries(vector.params_decoded)))).toBe(vector.stringToSign)
    const opened = openToken(vector, vector.queryString)
    expect(opened.type === 'authentic' && opened.mark.signature).toBe(
      Buffer.from(vector.authToken, 'base64').toString('hex'),
    )
  })

  test.each(
    vectors?.authToken_v1 ?? [],
  )('$name: a token sent without encoding its plus is accepted', (vector) => {
    const query = vector.queryString.replace(/authToken=.*/, `authToken=${vector.authToken}`)
    expect(openToken(vector, query).type).toBe('authentic')
  })

  test.each(vectors?.authToken_v1 ?? [])('$name: another key or another value is refused', (vector) => {
    expect(fate(openToken(vector, vector.queryString, `${vector.key}x`))).toBe('unauthenticated')
    expect(fate(openToken(vector, `${vector.queryString}&extra=`))).toBe('unauthenticated')
  })

  test.each(vectors?.authToken_v1 ?? [])('$name: the calling side makes the same token', (vector) => {
    const { timeStamp, ...fields } = vector.params_decoded
    const nowMs = Date.parse(timeStamp!.replace(/(....)(..)(..)(..)(..)(..)(...)/, '$1-$2-$3T$4:$5:$6.$7Z'))
    const call = huaweiCaller(nodeCrypto, 'https://x.example/p', vector.key).get(fields, {
      nowMs,
      nonce: 'unused-one',
    })
    const query = new URLSearchParams(arriving(call).query)
    expect(query.get('authToken')).toBe(vector.authToken)
    expect(query.get('timeStamp')).toBe(timeStamp)
  })
})

describe.skipIf(vectors === null)(`published Body-Sign${absence(vectors)}`, () => {
  test.each(
    vectors?.body_sign_v1 ?? [],
  )('is written with the space and read with and without it', (vector) => {
    const headers = plugin.headers(vector.body, keyOf('11111111', vector.key))
    expect(`Body-Sign: ${headers['Body-Sign']}`).toBe(vector.header)
    const reader = huaweiCaller(nodeCrypto, 'https://x.example/p', vector.key)
    for (const line of [vector.header, vector.header_without_space]) {
      expect(reader.bodySignHolds(vector.body, line.replace('Body-Sign: ', ''))).toBe(true)
      expect(reader.bodySignHolds(`${vector.body} `, line.replace('Body-Sign: ', ''))).toBe(false)
    }
    expect(reader.bodySignHolds(vector.body, null)).toBe(false)
    expect(reader.bodySignHolds(vector.body, vector.header)).toBe(false)
  })
})
