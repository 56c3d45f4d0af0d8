import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  covers,
  coversProduct,
  coversTerm,
  decodeKeyCertificate,
  grantsUsage,
} from '../../src/format/key-certificate.ts'
import { decodeLicenseCode, worksUntil } from '../../src/format/license-code.ts'
import { factsOf } from '../../src/verify/names.ts'

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })

/** The bodies of codes, plain and bound; half of them perpetual. */
const codes = fc
  .tuple(bytes(46), fc.constantFrom(0, 1, 2, 3), fc.boolean())
  .map(([body, flags, isPerpetual]) => {
    body[0] = 1
    body[1] = flags
    if (isPerpetual) body.fill(0xff, 26, 30)
    return flags > 1 ? body : body.slice(0, 36)
  })

test('A verifier and a server read the same in every license code', () => {
  fc.assert(
    fc.property(codes, (body) => {
      const code = decodeLicenseCode(body)!
      expect(factsOf(body, [])).toEqual({
        id: code.licenseId,
        product: code.product,
        edition: code.edition,
        features: Array.from({ length: 24 }, (_, bit) => bit).filter((bit) => (code.features >> bit) & 1),
        seats: code.seats === 0 ? null : code.seats,
        trial: code.trial,
        revision: code.revision,
        issuedAt: code.issuedAt,
        paidUntil: code.paidUntil,
        worksUntil: worksUntil(code.paidUntil, code.graceDays),
        kid: code.kid,
        bound: code.binding !== null,
      })
    }),
  )
})

test('A verifier and a server take the same certificates to cover a license', () => {
  const certificates = fc
    .tuple(
      bytes(56),
      fc.integer({ min: 0, max: 16 }),
      fc.constantFrom(0, 7, 8),
      fc.integer({ min: 0, max: 3 }),
    )
    .map(([body, usages, product, months]) => {
      body[0] = 1
      body[1] = 0
      body[10] = usages
      body.set([0, 0, 0, product], 51)
      body[55] = months
      return body
    })
  const ends = fc.constantFrom(null, 1, 31 * 86_400, 31 * 86_400 + 1, 93 * 86_400)
  fc.assert(
    fc.property(
      certificates,
      fc.constantFrom(1, 2, 4, 8),
      fc.constantFrom(7, undefined),
      ends,
      (body, usage, asked, paidUntil) => {
        const certificate = decodeKeyCertificate(body)!
        expect(covers(body, usage, asked, 0, paidUntil)).toBe(
          grantsUsage(certificate, usage) &&
            coversProduct(certificate, asked) &&
            coversTerm(certificate, 0, paidUntil),
        )
      },
    ),
    { numRuns: 1_000 },
  )
})
