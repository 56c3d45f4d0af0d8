import { describe, expect, test } from 'vitest'
import type { OutgoingCall } from '../../../src/authority/outgoing/port.ts'
import { nodeCrypto } from '../../../src/crypto/node.ts'
import { toHex, utf8 } from '../../../src/format/bytes.ts'
import { readZone } from '../../../src/marketplace/huawei/date.ts'
import { readAnswer } from '../../../src/marketplace/huawei/open-api/answers.ts'
import { originsOf } from '../../../src/marketplace/huawei/open-api/hosts.ts'
import { headersOf, requestOf } from '../../../src/marketplace/huawei/open-api/requests.ts'
import { absence, sharedVectors } from './shared-vectors.ts'

const UTC = readZone('UTC')!
const request = (call: OutgoingCall) => requestOf(nodeCrypto, call, 'boundary')
const bodyOf = (call: OutgoingCall) => Buffer.from(request(call).body).toString()
const answer = (call: OutgoingCall, body: unknown, status = 200) =>
  readAnswer(call, status, utf8(typeof body === 'string' ? body : JSON.stringify(body)), UTC)

const activate = { type: 'activate_code', code: 'PL0001', at: null } as const
const query = { type: 'query_code', code: 'PL0001' } as const
const order = { type: 'query_order', order: 'CS1', line: null } as const

const ORDER = {
  orderId: 'CS1',
  orderType: 'NEW',
  createTime: '20261121080910',
  orderLine: [
    {
      orderLineId: 'CS1-000001',
      chargingMode: 'PERIOD',
      periodType: 'year',
      periodNumber: 1,
      expireTime: '20271121080910',
      productInfo: [{ skuCode: 'sku-gold', productId: 'OFFI123', linearValue: 5 }],
    },
  ],
  buyerInfo: { customerId: 'c1', customerName: '张三', mobilePhone: '' },
}

describe('a call to an open API', () => {
  test('asks for an order by its line where it has one', () => {
    expect(request({ ...order, line: 'CS1-000001' }).path).toMatch(
      /order\/query\?orderId=CS1&orderLineId=CS1-000001$/,
    )
    expect(request(order).path).toMatch(/order\/query\?orderId=CS1$/)
    expect(request({ ...order, order: 'a&b=c 你' }).path).toMatch(/\?orderId=a%26b%3Dc%20%E4%BD%A0$/)
  })

  test('activates a code with the time of delivery in UTC', () => {
    expect(bodyOf(activate)).toBe('{"license":"PL0001"}')
    expect(bodyOf({ ...activate, at: 1_767_340_555 })).toBe(
      '{"license":"PL0001","real_effect_time":"20260102075555"}',
    )
  })

  test('uploads a license of 1,024 characters as text and a longer one as a file with its digest', () => {
    const upload = (text: string) => bodyOf({ type: 'upload_license', event: 'e/1', text })
    expect(upload('x'.repeat(1024))).toContain('"type":"CHARACTERS"')
    expect(upload('x'.repeat(1024))).not.toContain('filename=')
    const long = 'x'.repeat(1025)
    expect(upload(long)).toContain(`"sha256":"${toHex(nodeCrypto.sha256(utf8(long)))}"`)
    expect(upload(long)).toContain('name="file"; filename="license.lic"')
    expect(request({ type: 'upload_license', event: 'e/1', text: 'x' }).path).toMatch(
      /market-event\/e%2F1\/file$/,
    )
  })

  test('is read by others as multipart', async () => {
    const { contentType, body } = request({ type: 'upload_license', event: 'e', text: 'y'.repeat(2000) })
    const form = await new Response(Buffer.from(body), {
      headers: { 'content-type': contentType },
    }).formData()
    expect(await (form.get('file') as File).text()).toBe('y'.repeat(2000))
    expect(JSON.parse(String(await new Response(form.get('isvUpdateFileReq')).text()))).toMatchObject({
      type: 'FILE',
      file_name: 'license.lic',
    })
  })

  test('activates a list of codes, with the time of delivery where it is known', () => {
    const codes = ['PL1', 'PL2']
    const at = Date.UTC(2026, 0, 2, 15, 35, 55) / 1000
    const known = { type: 'activate_codes', codes, at } as const
    expect(request(known).path).toBe('/api/mkp-openapi-public/global/v2/license/activate')
    expect(JSON.parse(bodyOf(known))).toEqual({ license_list: codes, real_effect_time: '20260102153555' })
    expect(JSON.parse(bodyOf({ ...known, at: null }))).toEqual({ license_list: codes })
  })

  test('reports clients by name or by number', () => {
    const usages = [
      { code: 'PL1', clients: ['a', 'b'] },
      { code: 'PL2', clients: 7 },
    ]
    expect(JSON.parse(bodyOf({ type: 'report_software_usage', usages }))).toEqual({
      usage_info: [
        { license: 'PL1', software_usage_Info: [{ id: 'a' }, { id: 'b' }] },
        { license: 'PL2', software_usage_Info: [{ active_num: 7 }] },
      ],
    })
  })
})

interface UsageVector {
  readonly key: string
  readonly ts: string
  readonly nonce: string
  readonly body_sent: string
  readonly signature: string
}
const vectors = sharedVectors<{ readonly usage_push_signature: readonly UsageVector[] }>('huawei.json')

describe.skipIf(vectors === null)(`the usage push${absence(vectors)}`, () => {
  test.each(vectors?.usage_push_signature ?? [])('is spelled and signed as published', (vector) => {
    const call: OutgoingCall = {
      type: 'push_usage',
      records: [
        {
          instance: '7f141bf1-aec8-4859-8323-fb3a8ad50721',
          serial: 'sn-1',
          recordedAt: Date.UTC(2022, 7, 9, 9, 10) / 1000,
          from: Date.UTC(2022, 7, 9, 8) / 1000,
          to: Date.UTC(2022, 7, 9, 9) / 1000,
          value: '99',
          relatedPackage: null,
        },
      ],
    }
    expect(bodyOf(call)).toBe(vector.body_sent)
    const signing = {
      credentials: { accessKeyId: 'AK', secret: 'SK' },
      accessKey: utf8(vector.key),
      nowMs: Number(vector.ts),
      nonce: vector.nonce,
    }
    expect(headersOf(nodeCrypto, request(call), 'https://h.example', signing)).toMatchObject({
      signature: vector.signature,
      ts: vector.ts,
      nonce: vector.nonce,
    })
  })
})

describe('the answer to a call', () => {
  test('tells the order with what decides a license', () => {
    expect(answer(order, { resultCode: '000000', resultMsg: 'ok', orderInfo: ORDER })).toEqual({
      type: 'order',
      order: {
        id: 'CS1',
        kind: 'NEW',
        createdAt: Date.UTC(2026, 10, 21, 8, 9, 10) / 1000,
        lines: [
          {
            line: 'CS1-000001',
            charging: 'PERIOD',
            paidUntil: Date.UTC(2027, 10, 21, 8, 9, 10) / 1000,
            period: { unit: 'year', count: 1 },
            marketplaceProduct: 'OFFI123',
            sku: 'sku-gold',
            quantity: '5',
          },
        ],
        customer: '{"customerId":"c1","customerName":"张三"}',
      },
    })
  })

  test('tells a code, whose facts are a JSON text in one answer and members in the other', () => {
    const facts = {
      status: 'ALIVE',
      expire_time: '20261121000000',
      product_id: '12345',
      amount: 2,
      order_id: 'CS123',
    }
    const code = {
      status: 'alive',
      paidUntil: Date.UTC(2026, 10, 21) / 1000,
      order: 'CS123',
      marketplaceProduct: '12345',
      quantity: '2',
    }
    const data = { license_code_info: JSON.stringify(facts) }
    expect(answer(activate, { error_code: '92020000', error_msg: 'success', data })).toEqual({
      type: 'code',
      code,
    })
    expect(answer(query, { error_code: '92020000', data: { license_code: 'PL0001', ...facts } })).toEqual({
      type: 'code',
      code,
    })
    expect(answer(query, { error_code: '92020000', data: facts })).toEqual({ type: 'code', code })
  })

  test.each([
    'PL0002',
    'pl0001',
  ])('about another code, %s, says nothing of the one asked about', (license_code) => {
    const body = { error_code: '92020000', data: { license_code, status: 'RELEASED', amount: 5 } }
    expect(answer(query, body)).toMatchObject({ type: 'code', code: { status: 'unknown', quantity: null } })
  })

  test.each([
    ['an inner error', { error_code: '92020001' }, 200, true, undefined],
    ['a code that is activated', { error_code: '92020003' }, 200, false, 'already_active'],
    ['a code that the buyer has not claimed', { error_code: '92020004' }, 200, true, 'unclaimed'],
    ['a code that does not exist', { error_code: '92020005' }, 200, false, 'unknown_code'],
    ['the same, in the older spelling', { error_code: '92020005' }, 400, false, 'unknown_code'],
    ['a code of impossible form', { error_code: '95000001' }, 400, false, 'unknown_code'],
    ['a gateway that throttles', { error_code: 'APIGW.0308', error_msg: 'x' }, 429, true, undefined],
  ])('names %s by the code, whatever the HTTP status', (_, body, status, retry, means) => {
    expect(answer(activate, body, status)).toEqual({ type: 'refused', code: body.error_code, retry, means })
  })

  test.each([
    ['a gateway that does not know the signature', { error_code: 'APIGW.0301' }, 401, 'APIGW.0301'],
    ['a right that is missing', { error_code: '91380150' }, 200, '91380150'],
    ['a usage push without authority', { error_code: 'MKT.0151' }, 401, 'MKT.0151'],
    ['a code nobody knows, forbidden', { error_code: 'X.1' }, 403, 'X.1'],
    ['no code at all, forbidden', '<html>', 403, 'HTTP_403'],
  ])('of %s speaks of the credentials and not of the call', (_, body, status, code) => {
    expect(answer(activate, body, status)).toEqual({ type: 'unauthorized', code })
  })

  test('speaks of the call where its code is of the call, whatever the HTTP status', () => {
    expect(answer(activate, { error_code: '92020001' }, 403)).toMatchObject({ type: 'refused', retry: true })
    expect(answer(activate, { error_code: '92020002' }, 401)).toMatchObject({ type: 'refused', retry: false })
  })

  test.each([
    ['a code with spaces', { error_code: 'a b' }],
    ['a code as long as a text', { error_code: 'A'.repeat(33) }],
    ['a code that is a list', { error_code: ['92020000'] }],
    ['rubbish', 'rubbish'],
    ['an error page', '<html>'],
    ['nothing', ''],
    ['a list', []],
    ['an answer without a code', { data: {} }],
    ['two codes of one name', '{"error_code":"92020000","error_code":"92020005"}'],
    ['nesting without end', '['.repeat(100)],
    ['a success whose facts are rubbish', { error_code: '92020000', data: { license_code_info: '{' } }],
    ['an unknown status', { error_code: '92020000', data: { license_code_info: '{"status":"GONE"}' } }],
    [
      'an impossible end',
      {
        error_code: '92020000',
        data: { license_code_info: '{"status":"ALIVE","expire_time":"20261340000000"}' },
      },
    ],
  ])('that is %s is no answer', (_, body) => {
    expect(answer(activate, body).type).toBe('unreachable')
  })

  test.each([
    ['no line', { ...ORDER, orderLine: undefined }],
    ['a line without a product', { ...ORDER, orderLine: [{ ...ORDER.orderLine[0], productInfo: [] }] }],
    ['an unknown kind', { ...ORDER, orderType: 'GIFT' }],
    ['an impossible date', { ...ORDER, createTime: '20260231000000' }],
  ])('with an order of %s is no answer', (_, orderInfo) => {
    expect(answer(order, { resultCode: '000000', orderInfo }).type).toBe('unreachable')
  })
})

describe('a site', () => {
  test('of China has a second address for when the first fails', () => {
    expect(originsOf('cn')).toEqual(['https://mkt.myhuaweicloud.com', 'https://mkt.myhuaweicloud.cn'])
  })

  test('may be on this machine, without TLS', () => {
    expect(originsOf('http://127.0.0.1:9000/x')).toEqual(['http://127.0.0.1:9000'])
  })

  test.each(['', 'moon', 'http://mkt.example', 'ftp://127.0.0.1', 'toString'])('is never %j', (site) => {
    expect(originsOf(site)).toBeNull()
  })
})
