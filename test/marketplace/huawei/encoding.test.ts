import { describe, expect, test } from 'vitest'
import { nodeCrypto } from '../../../src/crypto/node.ts'
import { huaweiCaller } from '../../../src/marketplace/huawei/caller.ts'
import { ACCESS_KEY, fate, intentOf, MOMENT, open, PURCHASE, signedBody } from './fixture.ts'

const caller = huaweiCaller(nodeCrypto, 'https://x.example/p', ACCESS_KEY)

/** A purchase whose customerName stands in the query as `raw`, signed for the value `decoded`. */
function named(raw: string, decoded: string) {
  const { url } = caller.get({ ...PURCHASE, customerName: decoded }, MOMENT)
  const query = url
    .slice(url.indexOf('?') + 1)
    .split('&')
    .map((piece) => (piece.startsWith('customerName=') ? `customerName=${raw}` : piece))
    .join('&')
  return open({ method: 'GET', query, contentType: null, body: new Uint8Array() })
}

const nameIn = (opened: ReturnType<typeof open>) => {
  const intent = intentOf(opened)
  return intent.type === 'sale' && JSON.parse(intent.customer ?? '{}').customerName
}

describe('a query value is read by its UTF-8 meaning', () => {
  test.each([
    ['a plus as a space', 'a+b', 'a b'],
    ['%20 as a space', 'a%20b', 'a b'],
    ['%2B as a plus', 'a%2Bb', 'a+b'],
    ['a lower-case %2b', 'a%2bb', 'a+b'],
    ['%26 as an ampersand', 'a%26b', 'a&b'],
    ['%3D as an equals sign', 'a%3Db', 'a=b'],
    ['a bare equals sign', 'a=b', 'a=b'],
    ['a lower-case %2f', 'a%2fb', 'a/b'],
    ['an upper-case %2F', 'a%2Fb', 'a/b'],
    ['a bare slash', 'a/b', 'a/b'],
    ['a percent sign', '100%25', '100%'],
    ['an encoded letter', '%41cme', 'Acme'],
    ['a percent sequence that is encoded itself', '%2541', '%41'],
    ['a question mark', 'what?', 'what?'],
    ['a hash', '%23', '#'],
    ['characters that URLs allow', "a-._~!$'()*,;:@", "a-._~!$'()*,;:@"],
    ['Chinese', '%E5%BC%A0%E4%B8%89', '张三'],
    ['Chinese in lower-case hex', '%e5%bc%a0', '张'],
    ['an emoji', '%F0%9F%98%80', '😀'],
    ['a composed letter (NFC)', 'caf%C3%A9', 'caf\u00e9'],
    ['a decomposed letter (NFD)', 'cafe%CC%81', 'cafe\u0301'],
    ['a full-width letter', '%EF%BC%A1', 'Ａ'],
    ['a byte order mark', '%EF%BB%BFa', '\ufeffa'],
    ['a right-to-left mark', '%E2%80%8Fa', '\u200fa'],
    ['a line end', 'a%0D%0Ab', 'a\r\nb'],
    ['a NUL, kept as data', 'a%00b', 'a\0b'],
    ['U+FFFD itself', '%EF%BF%BD', '\ufffd'],
    ['64 emoji, the longest name', '%F0%9F%98%80'.repeat(64), '😀'.repeat(64)],
  ])('%s', (_, raw, decoded) => {
    expect(nameIn(named(raw, decoded))).toBe(decoded)
  })

  test('an empty value is signed as empty and counts as not sent', () => {
    expect(nameIn(named('', ''))).toBe(undefined)
  })

  test.each([
    ['NFC where NFD was signed', 'caf%C3%A9', 'cafe\u0301'],
    ['NFD where NFC was signed', 'cafe%CC%81', 'caf\u00e9'],
    ['a plus where a plus was signed', 'a+b', 'a+b'],
    ['a space where a plus was signed', 'a%20b', 'a+b'],
    ['a name trimmed', 'a', 'a '],
    ['another case', 'acme', 'Acme'],
    ['a full-width letter where a plain one was signed', '%EF%BC%A1', 'A'],
    ['an encoded percent where a letter was signed', '%2541', 'A'],
  ])('%s is not authentic', (_, raw, signed) => {
    expect(fate(named(raw, signed))).toBe('unauthenticated')
  })

  test.each([
    ['GBK bytes of Chinese', '%D5%C5%C8%FD', '张三'],
    ['Latin-1 bytes', 'caf%E9', 'caf\u00e9'],
    ['a lone continuation byte', '%80', '\ufffd'],
    ['a sequence cut short', '%E5%BC', '\ufffd'],
    ['an overlong slash', '%C0%AF', '/'],
    ['an overlong NUL', '%C0%80', '\0'],
    ['a surrogate in UTF-8 (CESU)', '%ED%A0%BD%ED%B8%80', '😀'],
    ['a code point beyond Unicode', '%F4%90%80%80', '\ufffd'],
    ['the byte FF', '%FF', '\ufffd'],
    ['a percent sign without digits', '100%', '100%'],
    ['one digit', '%4', '%4'],
    ['digits that are none', '%GG', '%GG'],
    ['the %u form', '%u5F20', '张'],
    ['raw Chinese', '张三', '张三'],
    ['raw Latin-1', 'caf\u00e9', 'caf\u00e9'],
    ['a raw space', 'a b', 'a b'],
    ['a raw tab', 'a\tb', 'a\tb'],
    ['a raw DEL', 'a\x7f', 'a\x7f'],
  ])('%s is malformed', (_, raw, signed) => {
    expect(fate(named(raw, signed))).toBe('malformed')
  })

  test.each([
    ['65 characters', 'x'.repeat(65)],
    ['65 emoji', '😀'.repeat(65)],
    ['a megabyte', 'x'.repeat(1_000_000)],
  ])('a name of %s is a faulty field', (_, name) => {
    expect(fate(named(encodeURIComponent(name), name))).toBe('faulty')
  })

  test.each([
    'a%00b',
    'a%0Ab',
    'a%C2%85b',
    'a%7Fb',
  ])('an order id with a control character (%s) is a faulty field', (raw) => {
    const orderId = decodeURIComponent(raw)
    const { url } = caller.get({ ...PURCHASE, orderId }, MOMENT)
    expect(
      fate(open({ method: 'GET', query: url.split('?')[1]!, contentType: null, body: new Uint8Array() })),
    ).toBe('faulty')
  })
})

describe('a body is UTF-8 or it is faulty, and it is authentic only as signed', () => {
  const members = (license: string) => `{"activity":"releaseLicenseCode","license":"${license}"}`

  test.each([
    ['Chinese', 'PL测试'],
    ['an emoji', 'PL😀'],
    ['an escaped letter', 'P\\u004c1'],
    ['an escaped emoji', '\\ud83d\\ude00'],
    ['an escaped slash', 'PL\\/1'],
  ])('%s', (_, license) => {
    expect(intentOf(open(signedBody(members(license))))).toMatchObject({
      instance: JSON.parse(`"${license}"`),
    })
  })

  test.each([
    [
      'GBK',
      Buffer.concat([
        Buffer.from('{"activity":"releaseLicenseCode","license":"'),
        Buffer.from('d5c5c8fd', 'hex'),
        Buffer.from('"}'),
      ]),
    ],
    ['UTF-16', Buffer.from(members('PL1'), 'utf16le')],
    ['a byte order mark', Buffer.from(`\ufeff${members('PL1')}`)],
    ['an escaped lone surrogate', Buffer.from(members('\\ud83d'))],
    ['an escaped NUL', Buffer.from(members('PL\\u0000'))],
    ['a control character', Buffer.from(members('PL\n'))],
  ])('%s', (_, body) => {
    const call = signedBody(body)
    expect(fate(open(call))).toBe('faulty')
    expect(fate(open({ ...call, body: Buffer.concat([body, Buffer.from('x')]) }))).toBe('unauthenticated')
  })
})
