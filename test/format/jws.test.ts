import { describe, expect, test } from 'vitest'
import { decodeBase64url, encodeBase64url } from '../../src/format/base64url.ts'
import { readUtf8, toHex, utf8 } from '../../src/format/bytes.ts'
import {
  headerText,
  isKeyId,
  keyId,
  readCompact,
  signingInput,
  thumbprint,
  writeCompact,
} from '../../src/format/jws.ts'
import { sha256 } from './kit.ts'

describe('the thumbprint of a key', () => {
  // RFC 8037 A.3 prints this key and its thumbprint.
  const x = decodeBase64url('11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo')!

  test('is that of RFC 8037', () => {
    expect(encodeBase64url(thumbprint(x, sha256))).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k')
  })

  test('gives its first four bytes as key id', () => {
    expect(keyId(x, sha256)).toBe('90facafe')
  })

  test.each([
    '90FACAFE',
    '90facaf',
    '90facafe0',
    '90facafg',
    '',
    '90facafe\n',
    null,
    90,
    ['90facafe'],
  ])('has no id like %j', (value) => {
    expect(isKeyId(value)).toBe(false)
  })
})

test('the signing input is header and body in base64url', () => {
  const input = readUtf8(signingInput('90facafe', 'lc1', utf8('foobar')))!
  expect(input).toBe('eyJhbGciOiJFZERTQSIsImtpZCI6IjkwZmFjYWZlIiwidHlwIjoibGMxIn0.Zm9vYmFy')
  expect(Buffer.from(input.split('.')[0]!, 'base64url').toString()).toBe(
    '{"alg":"EdDSA","kid":"90facafe","typ":"lc1"}',
  )
})

describe('a compact JWS', () => {
  const signature = new Uint8Array(64).fill(0xa5)
  const body = utf8('{"iss":"x"}')
  const text = writeCompact('90facafe', 'license-statement+jwt', body, signature)
  const [header, claims, mark] = text.split('.') as [string, string, string]
  const read = (jws: string) => readCompact(jws, 'license-statement+jwt', 1_000)

  test('is read as it was written', () => {
    const jws = read(text)!
    expect(jws.kid).toBe('90facafe')
    expect(toHex(jws.body)).toBe(toHex(body))
    expect(toHex(jws.signature)).toBe('a5'.repeat(64))
    expect(readUtf8(jws.signed)).toBe(`${header}.${claims}`)
  })

  test('is refused above the length its reader allows, to the character', () => {
    expect(readCompact(text, 'license-statement+jwt', text.length)).not.toBeNull()
    expect(readCompact(text, 'license-statement+jwt', text.length - 1)).toBeNull()
  })

  const otherHeader = (line: string) => `${Buffer.from(line).toString('base64url')}.${claims}.${mark}`

  test.each([
    ['nothing', ''],
    ['no dot', 'abc'],
    ['one dot', `${header}.${claims}`],
    ['three dots', `${text}.`],
    ['a dot in front', `.${text}`],
    ['a padded header', `${header}=.${claims}.${mark}`],
    ['a padded body', `${header}.${claims}=.${mark}`],
    ['a blank in the signature', `${header}.${claims}.${mark.slice(0, 40)} ${mark.slice(40)}`],
    ['a short signature', `${header}.${claims}.${mark.slice(4)}`],
    ['a long signature', `${header}.${claims}.${mark}AAAA`],
    ['no signature', `${header}.${claims}.`],
    ['another typ', writeCompact('90facafe', 'license-revocations+jwt', body, signature)],
    ['no alg', otherHeader('{"kid":"90facafe","typ":"license-statement+jwt"}')],
    ['a kid in upper case', otherHeader(headerText('90FACAFE', 'license-statement+jwt'))],
    ['a kid that is too long', otherHeader(headerText('90facafe0', 'license-statement+jwt'))],
    ['a kid that closes the text', otherHeader(headerText('","x":"1', 'license-statement+jwt'))],
    [
      'a member more',
      otherHeader('{"alg":"EdDSA","kid":"90facafe","typ":"license-statement+jwt","b64":false}'),
    ],
    ['a line end behind', otherHeader(`${headerText('90facafe', 'license-statement+jwt')}\n`)],
    ['a header that is no UTF-8', `_w.${claims}.${mark}`],
  ])('is refused with %s', (_, jws) => {
    expect(read(jws)).toBeNull()
  })
})
