import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { decodeBase64url, encodeBase64url } from '../../src/format/base64url.ts'
import { utf8 } from '../../src/format/bytes.ts'
import { LIST_CHARACTERS, STATEMENT_CHARACTERS } from '../../src/format/limits.ts'
import { createObjectVerifier, createSyncObjectVerifier } from '../../src/verify/since.ts'
import { ENTRIES, ENTRY_NAMES } from './engines.ts'
import {
  certificateText,
  DAY,
  ISSUED,
  keyOf,
  manifestOf,
  manifestText,
  ROOT,
  SIGNER,
  type TestKey,
} from './kit.ts'
import {
  CERTIFICATES,
  LISTER,
  listerCertificate,
  listText,
  NOW,
  ROOT_TEXT,
  SPEAKER,
  speakerCertificate,
  statementText,
} from './since-kit.ts'

const node = createSyncObjectVerifier(ENTRIES['node:crypto'].engine)
const options = { now: NOW, certificates: CERTIFICATES }
const statement = statementText()
const list = listText()

const READERS = {
  statement: (text: string, over = {}) => node.verifyStatementSync(text, ROOT_TEXT, { ...options, ...over }),
  list: (text: string, over = {}) => node.verifyListSync(text, ROOT_TEXT, { ...options, ...over }),
} as const
const KINDS = [
  ['statement', statement, SPEAKER, 'license-statement+jwt', STATEMENT_CHARACTERS],
  ['list', list, LISTER, 'license-revocations+jwt', LIST_CHARACTERS],
] as const

/** The three parts, some replaced, joined again. */
function put(text: string, over: Partial<Record<0 | 1 | 2, string>>): string {
  return Object.assign(text.split('.'), over).join('.')
}
const base64url = (text: string): string => encodeBase64url(utf8(text))
const claimsOf = (text: string): string => Buffer.from(text.split('.')[1]!, 'base64url').toString()
/** Any header text and body, really signed. */
function signed(key: TestKey, header: string, body: string): string {
  const input = `${base64url(header)}.${body}`
  return `${input}.${encodeBase64url(key.sign(utf8(input)))}`
}

describe.each(KINDS)('A %s', (kind, good, key, typ, longest) => {
  const read = READERS[kind]
  const body = good.split('.')[1]!
  const member = (more: string, before = '"alg":"EdDSA"') =>
    `{${before},"kid":"${key.kid}","typ":"${typ}"${more}}`
  const jwk = `{"crv":"Ed25519","kty":"OKP","x":"${encodeBase64url(keyOf('stranger').publicKey)}"}`

  test.each(ENTRY_NAMES)('is checked alone through %s', async (name) => {
    const entry = createObjectVerifier(ENTRIES[name].engine)
    const check = kind === 'statement' ? entry.verifyStatement : entry.verifyList
    expect(await check(good, ROOT_TEXT, options)).toMatchObject({ ok: true, claims: { aud: 'cad-pro' } })
    expect(await check(good.slice(0, -1), ROOT_TEXT, options)).toEqual({ ok: false, reason: 'malformed' })
  })

  test.each<[string, string]>([
    ['alg none', signed(key, member('', '"alg":"none"'), body)],
    ['alg none without a signature', `${base64url(member('', '"alg":"none"'))}.${body}.`],
    ['alg HS256 with the public key as secret', hmac(member('', '"alg":"HS256"'), body, key.publicKey)],
    [
      'alg HS256 with the public key in PEM as secret',
      hmac(member('', '"alg":"HS256"'), body, utf8(pem(key))),
    ],
    ['alg Ed25519', signed(key, member('', '"alg":"Ed25519"'), body)],
    ['alg in lower case', signed(key, member('', '"alg":"eddsa"'), body)],
    ['alg twice', signed(key, member('', '"alg":"none","alg":"EdDSA"'), body)],
    ['an embedded jwk', signed(keyOf('stranger'), member(`,"jwk":${jwk}`), body)],
    ['a jku', signed(key, member(',"jku":"https://evil.example/jwks"'), body)],
    ['an x5c', signed(key, member(',"x5c":["MIIB"]'), body)],
    ['an x5u', signed(key, member(',"x5u":"https://evil.example/x"'), body)],
    ['crit', signed(key, member(',"crit":["b64"],"b64":false'), body)],
    ['an empty crit', signed(key, member(',"crit":[]'), body)],
    ['another member order', signed(key, `{"kid":"${key.kid}","alg":"EdDSA","typ":"${typ}"}`, body)],
    ['a blank in the header', signed(key, member('').replace(',', ', '), body)],
    ['typ in upper case', signed(key, member('').replace(typ, typ.toUpperCase()), body)],
    ['typ in mixed case', signed(key, member('').replace(typ, typ.replace('license', 'License')), body)],
    ['typ JWT', signed(key, member('').replace(typ, 'JWT'), body)],
    ['typ with application/', signed(key, member('').replace(typ, `application/${typ}`), body)],
    ['no typ', signed(key, `{"alg":"EdDSA","kid":"${key.kid}"}`, body)],
    ['a kid that is a path', signed(key, member('').replace(key.kid, '../../x1'), body)],
    ['a kid that is inherited', signed(key, member('').replace(key.kid, '__proto__'), body)],
    ['a padded header', put(good, { 0: `${good.split('.')[0]}=` })],
    ['a padded body', put(good, { 1: `${body}=` })],
    ['a padded signature', `${good}==`],
    ['the standard alphabet', put(good, { 1: `${body.slice(0, -4)}+/+/` })],
    ['a blank before it', ` ${good}`],
    ['a line end behind it', `${good}\n`],
    ['a blank inside', put(good, { 1: `${body.slice(0, 8)} ${body.slice(8)}` })],
    ['trailing bits', trailing(good)],
    ['a fourth part', `${good}.`],
    ['two parts', good.slice(0, good.lastIndexOf('.'))],
    ['a signature of 63 bytes', put(good, { 2: 'A'.repeat(84) })],
    ['a signature of 65 bytes', put(good, { 2: 'A'.repeat(87) })],
    [
      'more than its size',
      signedBody(key, typ, claimsOf(good).replace('{', `{"x":"${'y'.repeat(longest)}",`)),
    ],
    ['bytes that are no UTF-8', signed(key, member(''), encodeBase64url(Uint8Array.of(0x7b, 0xff, 0x7d)))],
    ['a byte order mark', signedBody(key, typ, `\ufeff${claimsOf(good)}`)],
    ['a claim twice', signedBody(key, typ, claimsOf(good).replace('{', '{"aud":"cad-pro",'))],
    ['a claim twice, once escaped', signedBody(key, typ, claimsOf(good).replace('{', '{"\\u0061ud":"x",'))],
    ['a time in fractions', signedBody(key, typ, claimsOf(good).replace(`"iat":${NOW}`, `"iat":${NOW}.5`))],
    ['a time as a text', signedBody(key, typ, claimsOf(good).replace(`"iat":${NOW}`, `"iat":"${NOW}"`))],
    ['a list of audiences', signedBody(key, typ, claimsOf(good).replace('"cad-pro"', '["cad-pro"]'))],
    ['JSON instead of a JWT', claimsOf(good)],
    ['nothing', ''],
  ])('is malformed with %s', (_, text) => {
    expect(text).not.toBe(good)
    expect(read(text)).toEqual({ ok: false, reason: 'malformed' })
  })

  test.each<[string, string, object, string]>([
    [
      'another key of the seller',
      kind === 'statement' ? statementText({}, LISTER) : listText([], {}, SPEAKER),
      {},
      'not_certified',
    ],
    [
      'the key for codes',
      kind === 'statement' ? statementText({}, SIGNER) : listText([], {}, SIGNER),
      { certificates: [certificateText()] },
      'not_certified',
    ],
    [
      'the root itself',
      kind === 'statement' ? statementText({}, ROOT) : listText([], {}, ROOT),
      {},
      'unknown_key',
    ],
    [
      'a stranger',
      kind === 'statement' ? statementText({}, keyOf('s')) : listText([], {}, keyOf('s')),
      {},
      'unknown_key',
    ],
    [
      'a stranger under a trusted kid',
      kind === 'statement'
        ? statementText({}, { ...keyOf('s'), kid: SPEAKER.kid })
        : listText([], {}, { ...keyOf('s'), kid: LISTER.kid }),
      {},
      'bad_signature',
    ],
    ['nobody: a bit of the signature', flipped(good), {}, 'bad_signature'],
    [
      'a claim changed',
      put(good, { 1: base64url(claimsOf(good).replace('example', 'exampel')) }),
      {},
      'bad_signature',
    ],
    [
      'a key whose window opens later',
      good,
      { certificates: windowed(kind, { from: NOW + 1 }) },
      'outside_issuing_window',
    ],
    [
      'a key whose window is over',
      good,
      { certificates: windowed(kind, { to: NOW }) },
      'outside_issuing_window',
    ],
    ['a key for another product', good, { certificates: windowed(kind, { product: 7 }) }, 'not_certified'],
    ['nobody the program knows', good, { certificates: [] }, 'unknown_key'],

    ['a foreign audience', good, { product: { id: 1001, code: 'cad-lite' } }, 'wrong_product'],
    ['a clock a day and a second behind', good, { now: NOW - DAY - 1 }, 'not_yet_valid'],
    ['a clock that is none', good, { now: Number.NaN }, 'not_yet_valid'],
  ])('by %s is refused', (_, text, over, reason) => {
    const found = read(text, over)
    expect(found.ok ? '' : found.reason).toBe(reason)
  })

  test('of a revoked key is refused, whatever its date', () => {
    const revoked = [{ kid: key.kid, publicKey: key.publicKey, at: ISSUED, reason: 'leaked' }]
    const chain = [ROOT_TEXT, manifestText(manifestOf({ version: 2, revoked }))]
    const check = kind === 'statement' ? node.verifyStatementSync : node.verifyListSync
    expect(check(good, chain, options)).toEqual({ ok: false, reason: 'key_revoked' })
  })
})

function hmac(header: string, body: string, secret: Uint8Array): string {
  const input = `${base64url(header)}.${body}`
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
}

function pem({ publicKey }: TestKey): string {
  const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), publicKey])
  return `-----BEGIN PUBLIC KEY-----\n${der.toString('base64')}\n-----END PUBLIC KEY-----\n`
}

function signedBody(key: TestKey, typ: string, text: string): string {
  return signed(key, `{"alg":"EdDSA","kid":"${key.kid}","typ":"${typ}"}`, base64url(text))
}

/** The same 64 bytes to a lax decoder: the last character has four bits that say nothing. */
function trailing(text: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return text.slice(0, -1) + alphabet[alphabet.indexOf(text.at(-1)!) + 1]
}

function flipped(text: string): string {
  const signature = decodeBase64url(text.split('.')[2]!)!
  signature[0]! ^= 1
  return put(text, { 2: encodeBase64url(signature) })
}

function windowed(kind: 'statement' | 'list', over: object): readonly string[] {
  return [kind === 'statement' ? speakerCertificate(over) : listerCertificate(over)]
}
