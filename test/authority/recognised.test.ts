import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Authority } from '../../src/authority/authority.ts'
import { validate } from '../../src/authority/validate.ts'
import { nodeCrypto } from '../../src/crypto/node.ts'
import { writeLicenseCode } from '../../src/format/license-code.ts'
import { readLicenseText, writeLicenseText } from '../../src/format/license-text.ts'
import { type Desk, openDesk } from './desk.ts'

const { sha256 } = nodeCrypto

let desk: Desk
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.close())

let text: string
/** How often the engine was asked about a signature, and how often the store about a code. */
let asked: { signatures: number; codes: number }
let watched: Authority
beforeEach(async () => {
  text = (await desk.buy({ orderId: desk.newOrder() })).license
  asked = { signatures: 0, codes: 0 }
  const { authority } = desk
  watched = {
    ...authority,
    crypto: {
      ...authority.crypto,
      verify(...args) {
        asked.signatures++
        return authority.crypto.verify(...args)
      },
    },
    store: {
      ...authority.store,
      presented(code) {
        asked.codes++
        return authority.store.presented(code)
      },
    },
  }
})

async function verdictOn(shown: string) {
  const snapshot = await watched.configuration.current(desk.clock.now())
  const found = await validate(watched, snapshot, { text: shown, fingerprint: null, nonce: null })
  return found.type === 'answer' ? found.answer : found
}

/** The same text with another signature, or another body, and check symbols that agree with it. */
function altered(change: { signature?: number; body?: number }): string {
  const read = readLicenseText(text, sha256)
  if (!read.ok) throw new Error(read.reason)
  const [body, signature] = [Uint8Array.from(read.code.body), Uint8Array.from(read.code.signature)]
  if (change.signature !== undefined) signature[change.signature]! ^= 1
  if (change.body !== undefined) body[change.body]! ^= 1
  const [, certificate = ''] = /(LK1-.*)$/s.exec(text) ?? []
  return writeLicenseText(writeLicenseCode(body, signature, sha256), [certificate])
}

describe('a code whose digest was kept when it was signed', () => {
  test('is judged without verifying its signature again', async () => {
    await verdictOn(text)
    asked.signatures = 0
    expect(await verdictOn(text)).toMatchObject({ valid: true })
    expect(asked).toEqual({ signatures: 0, codes: 2 })
  })

  test.each([0, 31, 32, 63])('with byte %i of its signature altered is no longer that code', async (at) => {
    const forged = altered({ signature: at })
    expect(await verdictOn(forged)).toMatchObject({ valid: false, reason: 'bad_signature', license: null })
  })

  test.each([0, 15, 30])('with byte %i of its body altered is no longer that code', async (at) => {
    const forged = altered({ body: at })
    expect(await verdictOn(forged)).toMatchObject({ valid: false, license: null, statement: null })
  })
})

test('a text that names no key of ours costs neither a signature nor a look at the store', async () => {
  const other = await openDesk()
  const { license } = await other.buy({ orderId: 'CS1' })
  expect(await verdictOn(license)).toMatchObject({ valid: false, reason: 'unknown_key' })
  expect(asked.codes).toBe(0)
  await other.close()
})
