import { createPublicKey, verify } from 'node:crypto'
import { describe, expect } from 'vitest'
import { decodeBase64url } from '../../src/format/base64url.ts'
import { keyId, readCompact, signingInput, writeCompact } from '../../src/format/jws.ts'
import { bindDevice, encodeLicenseCode, writeLicenseCode } from '../../src/format/license-code.ts'
import { readLicenseText } from '../../src/format/license-text.ts'
import { testWithVectors } from '../verify/shared-vectors.ts'
import { type CodeVectorFields, codeOf, hex, sha256, signWithSeed } from './kit.ts'

interface Samples {
  seed_hex: string
  jwk: { kty: string; crv: string; x: string }
  kid_hex: string
  device_fingerprint: string
  samples: { code: string; jws: string; body_hex: string; sig_hex: string; fields: CodeVectorFields }[]
}

const FILE = 'lc1_samples.json'

describe('the published samples', () => {
  testWithVectors<Samples>(
    FILE,
    'are reproduced byte for byte from fields and seed',
    ({ seed_hex, samples }) => {
      expect(samples).toHaveLength(3)
      for (const { fields, body_hex, sig_hex, code, jws } of samples) {
        const body = encodeLicenseCode(codeOf(fields))
        const signature = signWithSeed(seed_hex, signingInput(fields.kid, 'lc1', body))
        expect([hex(body), hex(signature)]).toEqual([body_hex, sig_hex])
        expect(writeLicenseCode(body, signature, sha256)).toBe(code)
        expect(writeCompact(fields.kid, 'lc1', body, signature)).toBe(jws)
      }
    },
  )

  testWithVectors<Samples>(FILE, 'are read and verify in both spellings', ({ jwk, samples }) => {
    const key = createPublicKey({ key: jwk, format: 'jwk' })
    for (const { fields, code, jws } of samples) {
      const read = readLicenseText(code, sha256)
      const compact = readCompact(jws, 'lc1', 1_000)!
      if (!read.ok) throw new Error(read.reason)
      expect(read.code.value).toEqual(codeOf(fields))
      expect(hex(compact.body)).toBe(hex(read.code.body))
      expect(compact.signed).toEqual(signingInput(fields.kid, 'lc1', read.code.body))
      expect(verify(null, compact.signed, key, read.code.signature)).toBe(true)
    }
  })

  testWithVectors<Samples>(FILE, 'name the key and the device they are for', (file) => {
    expect(keyId(decodeBase64url(file.jwk.x)!, sha256)).toBe(file.kid_hex)
    const bound = hex(bindDevice(file.device_fingerprint, sha256)!.subarray(0, 10))
    expect(file.samples[2]!.fields.bind_hex).toBe(bound)
  })
})
