import { describe, expect, it } from 'vitest'
import { certify, checkRequest, checkRequests } from '../../../src/authority/ceremony/certify.ts'
import { nodeCrypto } from '../../../src/crypto/node.ts'
import { requestPayload, requestSigned, writeRequest } from '../../../src/format/certification-request.ts'
import { readKeyCertificate } from '../../../src/format/license-text.ts'
import { DAY, NOW, newKey, requestOf, requestText } from './kit.ts'

const KEY = newKey()
const check = (text: string) => checkRequest(text, nodeCrypto)

describe('a certification request', () => {
  it('is taken from who holds the key', () => {
    expect(check(requestText(KEY))).toEqual({ ok: true, value: requestOf(KEY) })
  })

  it('is not taken from who has only the public key', () => {
    const thief = newKey()
    const payload = requestPayload(requestOf(KEY))
    const forged = writeRequest(KEY.kid, payload, thief.signer.sign(requestSigned(KEY.kid, payload)))
    expect(check(forged)).toEqual({ ok: false, no: 'bad_proof' })
  })

  it('is not taken after an edit', () => {
    const [header, , signature] = requestText(KEY).split('.')
    const edited = requestPayload({ ...requestOf(KEY), to: NOW + 1_000 * DAY })
    const text = `${header}.${Buffer.from(edited).toString('base64url')}.${signature}`
    expect(check(text)).toEqual({ ok: false, no: 'bad_proof' })
  })

  it.each([
    ['that ends when it begins', NOW, NOW, 'empty_window'],
    ['that ends before it begins', NOW, NOW - 1, 'empty_window'],
    ['of over five years', NOW, NOW + 5 * 366 * DAY + 1, 'window_too_long'],
    ['of all time', 0, 0xffff_ffff, 'window_too_long'],
  ])('is not taken for a window %s', (_, from, to, why) => {
    expect(check(requestText(KEY, { from, to }))).toEqual({ ok: false, no: why })
  })

  it('may ask for five years', () => {
    expect(check(requestText(KEY, { to: NOW + 5 * 366 * DAY })).ok).toBe(true)
  })

  it.each([
    ['nothing', ''],
    ['a half', requestText(KEY).slice(0, 100)],
    ['another text', 'LK1-00000'],
  ])('is none: %s', (_, text) => {
    expect(check(text)).toEqual({ ok: false, no: 'malformed' })
  })
})

describe('a request file', () => {
  const one = requestText(KEY)
  const all = (text: string) => checkRequests(text, nodeCrypto)

  it('holds one request a line, with remarks', () => {
    const two = requestText(newKey(), { usage: 'lists', serial: 2 })
    const read = all(`# from license.example.com\n\n${one}\r\n  ${two}  \n`)
    expect(read).toMatchObject({ ok: true, value: [{ kid: KEY.kid }, { usage: 'lists' }] })
  })

  it.each([
    ['nothing', '', 0, 'none'],
    ['remarks alone', '# a\n# b\n', 0, 'none'],
    ['a line that is cut', `# a\n${one}\n${one.slice(0, -9)}`, 3, 'malformed'],
    ['a line that is wrapped', `${one.slice(0, 80)}\n${one.slice(80)}`, 1, 'malformed'],
    ['a request of nobody', `${one}\n${one.slice(0, -3)}AAA`, 2, 'malformed'],
    ['more than anybody reads', `${one}\n`.repeat(65), 0, 'too_many'],
  ])('is refused with %s', (_, text, line, why) => {
    const read = all(text)
    if (read.ok) throw new Error('it was taken')
    expect(read.no.line).toBe(line)
    expect([why, 'bad_proof']).toContain(read.no.why)
  })
})

describe('a certificate', () => {
  it('says what was asked for, and which root key says so', () => {
    const root = newKey()
    const asked = {
      ...requestOf(KEY),
      usage: 'statements',
      product: 7,
      maxTermMonths: 12,
      serial: 9,
    } as const
    const read = readKeyCertificate(certify(asked, root, nodeCrypto), nodeCrypto.sha256)
    expect(read).toMatchObject({
      ok: true,
      certificate: {
        value: {
          rootKid: root.kid,
          serial: 9,
          usages: 2,
          from: NOW,
          to: NOW + 366 * DAY,
          product: 7,
          maxTermMonths: 12,
        },
      },
    })
  })

  it('is the same for two officers in every byte but the root', () => {
    const bodies = [newKey(), newKey()].map((root) => {
      const read = readKeyCertificate(certify(requestOf(KEY), root, nodeCrypto), nodeCrypto.sha256)
      if (!read.ok) throw new Error(read.reason)
      return Buffer.from(read.certificate.body)
    })
    expect(bodies[0]!.equals(bodies[1]!)).toBe(false)
    for (const body of bodies) body.fill(0, 2, 6)
    expect(bodies[0]!.equals(bodies[1]!)).toBe(true)
  })
})
