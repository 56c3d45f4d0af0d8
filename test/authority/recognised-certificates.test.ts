import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkText, readText } from '../../src/authority/genuine.ts'
import { nodeCrypto } from '../../src/crypto/node.ts'
import { writeKeyCertificate } from '../../src/format/key-certificate.ts'
import { readLicenseText, type SignedCertificate, writeLicenseText } from '../../src/format/license-text.ts'
import { type Desk, openDesk } from './desk.ts'

const { sha256 } = nodeCrypto

let desk: Desk
let foreign: Desk
beforeAll(async () => {
  desk = await openDesk()
  foreign = await openDesk()
})
afterAll(async () => {
  await desk.close()
  await foreign.close()
})

function certificatesIn(text: string): readonly SignedCertificate[] {
  const read = readLicenseText(text, sha256)
  if (!read.ok) throw new Error(read.reason)
  return read.certificates
}

/** With one byte other than it was, and check symbols that agree. */
function altered({ body, signature }: SignedCertificate, at: number, by: number): string {
  const all = Uint8Array.of(...body, ...signature)
  all[at]! ^= by
  return writeKeyCertificate(all.subarray(0, body.length), all.subarray(body.length), sha256)
}

test('with whatever certificates a code that was issued here is shown, it is judged as one whose signature is verified', async () => {
  const text = (await desk.buy({ orderId: desk.newOrder() })).license
  const [code = '', own = ''] = text.split(' ')
  const [certificate] = certificatesIn(text)
  const elsewhere = (await foreign.buy({ orderId: foreign.newOrder() })).license.split(' ')[1]!
  const snapshot = await desk.authority.configuration.current(desk.clock.now())
  const judge = (shown: string, issued: boolean) =>
    checkText(desk.authority, snapshot, readText(desk.authority, snapshot, shown), null, issued)

  expect(judge(text, true)).toMatchObject({ type: 'genuine' })
  expect(judge(code, true)).toMatchObject({ type: 'not_genuine', reason: 'unknown_key' })
  const forged = fc
    .tuple(fc.integer({ min: 0, max: 119 }), fc.integer({ min: 1, max: 255 }))
    .map(([at, by]) => altered(certificate!, at, by))
  const shown = fc.array(fc.oneof(forged, forged, fc.constantFrom(own, elsewhere)), { maxLength: 17 })
  const kinds = new Set<string>()
  fc.assert(
    fc.property(shown, fc.boolean(), (certificates, isFirst) => {
      const all = writeLicenseText(code, certificates)
      const pasted = isFirst ? all : [...certificates, code].join('\n')
      const verdict = judge(pasted, true)
      expect(verdict).toEqual(judge(pasted, false))
      kinds.add(verdict.type)
    }),
    { numRuns: 300 },
  )
  expect(kinds).toEqual(new Set(['genuine', 'not_genuine']))
})
