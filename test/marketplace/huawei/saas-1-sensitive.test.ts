import { describe, expect, test } from 'vitest'
import type { Addressee, Reply } from '../../../src/authority/marketplace.ts'
import { legacyCrypto } from '../../../src/crypto/legacy.ts'
import { utf8 } from '../../../src/format/bytes.ts'
import {
  decryptSensitive,
  type EncryptType,
  encryptSensitive,
} from '../../../src/marketplace/huawei/sensitive.ts'
import { ACCESS_KEY, channel, intentOf, openGet, PURCHASE, plugin } from './fixture.ts'
import { absence, sharedVectors } from './shared-vectors.ts'

const vectors = sharedVectors<{
  readonly aes_sensitive_fields_v1: readonly { key: string; plaintext: string; ciphertext: string }[]
}>('huawei.json')

const BUY = { ...PURCHASE, activity: 'newInstance' }
const KEY = utf8(ACCESS_KEY)
const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))
const closed = (text: string, type: EncryptType = '1', key = KEY) =>
  encryptSensitive(legacyCrypto, type, key, text, random)

/** What is sealed of a buyer. */
function buyer(fields: Readonly<Record<string, string>>): Record<string, string> {
  const intent = intentOf(openGet(fields))
  return JSON.parse((intent.type === 'sale' && intent.customer) || '{}')
}

describe.each(['newInstance', 'getLicense'])('the buyer of %s', (activity) => {
  const told = (fields: Readonly<Record<string, string>>) => buyer({ ...BUY, activity, ...fields })

  test.each<EncryptType>(['1', '2'])('is read with a key of type %s', (type) => {
    const sent = { mobilePhone: closed('13800138000', type), email: closed('张三@example.com', type) }
    expect(told(sent)).toMatchObject({ mobilePhone: '13800138000', email: '张三@example.com' })
  })

  test.each([
    ['by another access key', closed('13800138000', '1', utf8('another-access-key'))],
    ['by the channel’s other key, which did not sign', closed('13800138000', '1', utf8('an-older-key'))],
    ['not at all', '+86 13800138000'],
    ['and cut', closed('13800138000').slice(0, -4)],
    ['with its characters changed', closed('13800138000').replace(/.{24}$/, 'AAAAAAAAAAAAAAAAAAAAAA==')],
    ['from nothing', closed('')],
    ['from what nobody can read', closed('\u0000\u0001')],
  ])('encrypted %s is kept as sent', (_, sent) => {
    expect(told({ mobilePhone: sent, email: sent })).toMatchObject({ mobilePhone: sent, email: sent })
  })

  test('without phone and e-mail is known by the rest', () => {
    expect(told({ mobilePhone: '', email: '' })).toEqual({
      customerId: PURCHASE.customerId,
      customerName: PURCHASE.customerName,
    })
  })

  test('has other fields than these as they were sent', () => {
    const userName = closed('13800138000')
    expect(told({ userName })).toMatchObject({ userName })
  })
})

describe.skipIf(vectors === null)(`a phone as Java encrypts it${absence(vectors)}`, () => {
  const mine = vectors?.aes_sensitive_fields_v1.filter(({ key }) => key === ACCESS_KEY) ?? []

  test.each(mine)('$ciphertext is read', ({ ciphertext, plaintext }) => {
    expect(buyer({ ...BUY, mobilePhone: ciphertext })).toMatchObject({ mobilePhone: plaintext })
  })

  test('there are two', () => {
    expect(mine).toHaveLength(2)
  })
})

describe('the answer to newInstance', () => {
  const sale = intentOf(openGet(BUY))
  const sold: Reply = { type: 'sold', instance: '0011223344556677', licenseText: 'LC1-AAAAA LK1-BBBBB' }
  const to: Addressee = {
    key: { id: 'bbbbbbbb', secret: KEY },
    pages: channel.pages,
    issuer: 'https://license.example',
    random,
  }
  const shown = (more: Partial<Addressee> = {}) => JSON.parse(plugin.answer(sale, sold, { ...to, ...more }))

  test('has the members of the document in their order, and the license text for a memo', () => {
    const { appInfo, ...answer } = shown({
      pages: { frontEnd: 'https://cad.example/', admin: 'https://a.example/' },
    })
    expect(answer).toEqual({
      resultCode: '000000',
      resultMsg: 'success.',
      encryptType: '1',
      instanceId: '0011223344556677',
    })
    expect(appInfo).toEqual({
      frontEndUrl: 'https://cad.example/',
      adminUrl: 'https://a.example/',
      userName: expect.any(String),
      memo: 'LC1-AAAAA LK1-BBBBB',
    })
    expect(plugin.answer(sale, sold, to)).toMatch(
      /^\{"resultCode":"000000","resultMsg":"success.","encryptType":"1","instanceId":"0011223344556677","appInfo":\{"frontEndUrl":"[^"]*","userName":"[^"]*","memo":"[^"]*"\}\}$/,
    )
  })

  test('tells the user name to the holder of the access key alone, otherwise each time', () => {
    const names = Array.from({ length: 9 }, () => shown().appInfo.userName as string)
    expect(new Set(names).size).toBe(9)
    for (const name of names) {
      expect(decryptSensitive(legacyCrypto, '1', KEY, name)).toBe('0011223344556677')
      expect(name).not.toContain('0011223344556677')
      expect(decryptSensitive(legacyCrypto, '1', utf8('another'), name)).not.toBe('0011223344556677')
    }
  })

  test('has this server for a front end where none is set, and no other page', () => {
    const { appInfo } = shown({ pages: { frontEnd: null, admin: null } })
    expect(appInfo).toMatchObject({ frontEndUrl: 'https://license.example' })
    expect(appInfo).not.toHaveProperty('adminUrl')
    expect(appInfo).not.toHaveProperty('password')
  })

  test('is not that of License 1.0, nor the other way round', () => {
    expect(shown()).not.toHaveProperty('license')
    expect(JSON.parse(plugin.answer(intentOf(openGet(PURCHASE)), sold, to))).toEqual({
      resultCode: '000000',
      resultMsg: 'success.',
      license: 'LC1-AAAAA LK1-BBBBB',
      instanceId: '0011223344556677',
    })
  })
})
