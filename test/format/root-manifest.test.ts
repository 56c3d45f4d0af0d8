import { describe, expect, test } from 'vitest'
import { encodeBase64url } from '../../src/format/base64url.ts'
import { readUtf8 } from '../../src/format/bytes.ts'
import {
  manifestSigned,
  type RootManifest,
  readManifest,
  writeManifest,
  writeManifestPayload,
} from '../../src/format/root-manifest.ts'
import { sha256, signWithSeed, vectors } from './kit.ts'

interface Payload {
  version: number
  threshold: number
  keys: { kid: string; x: string }[]
  revoked: { kid: string; x: string; at: number; reason: string }[]
  issued_at: number
}

const { keys, good, bad } = vectors<{
  keys: { seed_hex: string; kid: string }[]
  good: { name: string; payload: Payload; text: string }[]
  bad: { why: string; text: string }[]
}>('root-manifest')

/** A manifest as the file writes it. */
const payloadOf = (manifest: RootManifest): Payload => ({
  version: manifest.version,
  threshold: manifest.threshold,
  keys: manifest.keys.map(({ kid, publicKey }) => ({ kid, x: encodeBase64url(publicKey) })),
  revoked: manifest.revoked.map(({ kid, publicKey, at, reason }) => ({
    kid,
    x: encodeBase64url(publicKey),
    at,
    reason,
  })),
  issued_at: manifest.issuedAt,
})

describe('a root manifest', () => {
  test.each(good)('is read: $name', ({ payload, text }) => {
    const read = readManifest(text, sha256)!
    expect(payloadOf(read.manifest)).toEqual(payload)
  })

  test.each(bad)('is malformed: $why', ({ text }) => {
    expect(readManifest(text, sha256)).toBeNull()
  })

  test('is written and signed byte for byte', () => {
    const { text } = good[0]!
    const { manifest } = readManifest(text, sha256)!
    const payload = writeManifestPayload(manifest)
    const { kid, seed_hex } = keys[0]!
    const signature = signWithSeed(seed_hex, manifestSigned(kid, payload))
    expect(writeManifest(payload, [{ kid, signature }])).toBe(text)
  })

  test('gives what each key signed, as it was received', () => {
    const { text } = good.find((one) => one.name === 'signed by an unknown key too')!
    const { signatures } = readManifest(text, sha256)!
    const parts = JSON.parse(text) as { payload: string; signatures: { protected: string }[] }
    expect(signatures.map(({ signed }) => readUtf8(signed))).toEqual(
      parts.signatures.map((one) => `${one.protected}.${parts.payload}`),
    )
    for (const { kid, signed, signature } of signatures) {
      const { seed_hex } = keys.find((key) => key.kid === kid)!
      expect(encodeBase64url(signature)).toBe(encodeBase64url(signWithSeed(seed_hex, signed)))
    }
  })

  test.each([
    null,
    undefined,
    1,
    'x',
    true,
    [],
    {},
    { payload: 1 },
    { payload: '', signatures: {} },
    () => 1,
  ])('is not %j', (value) => {
    expect(readManifest(JSON.stringify(value) ?? '', sha256)).toBeNull()
  })
})
