import { describe, expect, test } from 'vitest'
import { CODES } from '../../src/format/layout.ts'
import { readCertificates } from '../../src/format/license-text.ts'
import type { Guarded } from '../../src/format/spelling.ts'
import { endorsement } from '../../src/verify/endorsement.ts'
import type { SyncEngine } from '../../src/verify/engine.ts'
import { createSyncVerifier } from '../../src/verify/index.ts'
import { engine, openTrustSync, verify, verifySync } from '../../src/verify/node.ts'
import { runSync } from '../../src/verify/steps.ts'
import {
  certificateText,
  codeText,
  ISSUED,
  keyOf,
  licenseText,
  manifestOf,
  manifestText,
  ROOT,
  SIGNER,
  sha256,
} from './kit.ts'

const now = { now: ISSUED }
const ROOT_TEXT = manifestText()
const parsed = () => JSON.parse(ROOT_TEXT) as object
const text = licenseText()

/** A verifier that counts the signatures it checks. */
function counting() {
  let checks = 0
  const counted: SyncEngine = {
    sha256: engine.sha256,
    verify(...triple) {
      checks++
      return engine.verify(...triple)
    },
  }
  const checksOf = (work: () => unknown): number => {
    const before = checks
    work()
    return checks - before
  }
  return { ...createSyncVerifier(counted), checksOf }
}

describe('Trust', () => {
  test.each([
    ['a text', () => ROOT_TEXT],
    ['a parsed manifest', parsed],
    ['a list of texts', () => [ROOT_TEXT]],
    ['a list of parsed manifests', () => [parsed()]],
    ['an answer of GET /v1/keys', () => ({ roots: [parsed()], certificates: [], jwks: { keys: [] } })],
    ['an answer of GET /v1/keys with texts', () => ({ roots: [ROOT_TEXT] })],
    ['the text of a list', () => JSON.stringify([parsed()])],
    ['the text of an answer of GET /v1/keys', () => JSON.stringify({ roots: [ROOT_TEXT] })],
  ])('is given as %s', (_, input) => {
    expect(openTrustSync(input()).ok).toBe(true)
    expect(verifySync(text, input(), now).valid).toBe(true)
  })

  test('is opened once and given as it is', () => {
    const opened = openTrustSync(ROOT_TEXT)
    expect(opened.ok && openTrustSync(opened.trust)).toEqual(opened)
    expect(opened.ok && verifySync(text, opened.trust, now).valid).toBe(true)
  })

  test('is not what only looks like it', () => {
    const opened = openTrustSync(ROOT_TEXT)
    expect(opened.ok && verifySync(text, { ...opened.trust }, now).reason).toBe('unknown_key')
  })

  test.each<[string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['a number', 7],
    ['a symbol', Symbol('root')],
    ['a function', () => ROOT_TEXT],
    ['an empty text', ''],
    ['no JSON', ROOT_TEXT.slice(1)],
    ['JSON of something else', '{"version":1}'],
    ['an empty list', []],
    ['the text of an empty list', '[]'],
    ['a list of nothing', [null]],
    ['lists in lists', [[ROOT_TEXT]]],
    ['an answer of GET /v1/keys in a list', [{ roots: [ROOT_TEXT] }]],
    ['roots that are no list', { roots: ROOT_TEXT }],
    ['a good manifest and a broken one', [ROOT_TEXT, '{}']],
    ['a manifest with a member twice', ROOT_TEXT.replace('{', '{"payload":"e30",')],
    ['deep nesting', '['.repeat(100_000)],
    ['a text over every limit', `${' '.repeat(9_000_000)}${ROOT_TEXT}`],
    ['a manifest over 64 KiB', `${' '.repeat(65_536)}${ROOT_TEXT}`],
    ['a parsed manifest with more than 64 KiB of payload', { ...parsed(), payload: 'A'.repeat(65_540) }],
    ['members that are inherited', Object.create(parsed())],
    ['a circle', circle()],
    ['a trap', trap()],
    ['a list with a trap', [trap()]],
    ['a trap for lists', new Proxy([], { get: fail })],
  ])('does not come from %s: the reason is said, and no key is known', async (_, input) => {
    const opened = openTrustSync(input as string)
    expect(opened).toMatchObject({ ok: false, why: expect.any(String) })
    expect(opened.ok || verifySync(text, opened.trust, now).reason).toBe('unknown_key')
    expect(verifySync(text, input as string, now)).toEqual({
      valid: false,
      standing: null,
      reason: 'unknown_key',
    })
    expect((await verify(text, input as string, now)).reason).toBe('unknown_key')
  })

  test('in a manifest of another root knows no key', () => {
    const other = keyOf('another root')
    const foreign = manifestText(manifestOf({ keys: [other] }), [other])
    expect(verifySync(text, foreign, now).reason).toBe('unknown_key')
  })
})

describe('What was verified once', () => {
  test('is not verified again: opened trust costs one check of the license alone', () => {
    const { checksOf, openTrustSync, verifySync } = counting()
    const opened = openTrustSync(ROOT_TEXT)
    if (!opened.ok) throw new Error(opened.why)
    expect(checksOf(() => verifySync(text, opened.trust, now))).toBe(2)
    expect(checksOf(() => verifySync(text, opened.trust, now))).toBe(1)
    expect(checksOf(() => verifySync(licenseText({ revision: 8 }), opened.trust, now))).toBe(1)
  })

  test.each([
    ['one text', () => ROOT_TEXT],
    ['a new list of the same text', () => [ROOT_TEXT]],
    ['a new answer with the same text', () => ({ roots: [ROOT_TEXT] })],
  ])('is remembered for %s on every call', (_, input) => {
    const { checksOf, verifySync } = counting()
    expect(checksOf(() => verifySync(text, input(), now))).toBe(3)
    expect(checksOf(() => verifySync(text, input(), now))).toBe(1)
  })

  test('is remembered for the same parsed object', () => {
    const { checksOf, verifySync } = counting()
    const root = parsed()
    expect(checksOf(() => verifySync(text, root, now))).toBe(3)
    expect(checksOf(() => verifySync(text, root, now))).toBe(1)
  })

  test('does not hide a manifest that was added to the same list', () => {
    const roots = [ROOT_TEXT]
    expect(verifySync(text, roots, now).reason).toBe(null)
    const revoked = [{ kid: SIGNER.kid, publicKey: SIGNER.publicKey, at: ISSUED, reason: 'leaked' }]
    roots.push(manifestText(manifestOf({ version: 2, revoked }), [ROOT]))
    expect(verifySync(text, roots, now).reason).toBe('key_revoked')
    roots.pop()
    expect(verifySync(text, roots, now).reason).toBe(null)
  })

  test('of a certificate for one key says nothing for another', () => {
    const { verifySync } = counting()
    expect(verifySync(text, ROOT_TEXT, now).valid).toBe(true)
    const other = `${codeText({}, keyOf('other signer'))} ${certificateText()}`
    expect(verifySync(other, ROOT_TEXT, now).reason).toBe('unknown_key')
  })

  test('is not taken for another certificate whose digest begins alike', () => {
    const opened = openTrustSync(ROOT_TEXT)
    const [read] = readCertificates(certificateText(), sha256)
    if (!opened.ok || read === undefined || typeof read === 'string') throw new Error('unreadable')
    const [body, , digest, own] = read
    const name = own.slice(0, -1) + (own.endsWith('0') ? '1' : '0')
    const message = new Uint8Array(3)
    const object = [SIGNER.kid, message, SIGNER.sign(message), CODES, 1001, ISSUED, ISSUED] as const
    const found = (certificate: Guarded) => runSync(endorsement(object, [certificate], opened.trust), engine)
    expect(found(read)).toContain(body)
    expect(found([body, new Uint8Array(64), digest, name])).toBe('unknown_key')
    expect(found(read)).toContain(body)
  })

  test('is forgotten when a thousand others came between, and verified anew', () => {
    const { checksOf, verifySync } = counting()
    verifySync(text, ROOT_TEXT, now)
    for (let i = 0; i < 1000; i++) verifySync(text, `no manifest ${i}`, now)
    expect(checksOf(() => verifySync(text, ROOT_TEXT, now))).toBe(3)
  })
})

function fail(): never {
  throw new Error('looked at')
}

function trap(): object {
  return new Proxy({}, { get: fail, has: fail, ownKeys: fail, getOwnPropertyDescriptor: fail })
}

function circle(): object {
  const list: unknown[] = []
  list.push(list)
  return list
}
