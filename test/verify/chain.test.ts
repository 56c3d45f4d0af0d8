import { describe, expect, test } from 'vitest'
import type { RevokedKey, RootManifest } from '../../src/format/root-manifest.ts'
import { createSyncVerifier } from '../../src/verify/index.ts'
import { engine, openTrustSync, verifySync } from '../../src/verify/node.ts'
import {
  certificateText,
  codeText,
  ISSUED,
  keyOf,
  manifestOf,
  manifestText,
  ROOT,
  type TestKey,
} from './kit.ts'
import { testWithVectors } from './shared-vectors.ts'

interface Version {
  readonly keys: readonly number[]
  readonly threshold: number
  readonly sigs: readonly number[]
  readonly ok: boolean
}

interface TufCases {
  readonly root: Readonly<Record<string, readonly Version[]>>
  readonly delegated: Readonly<Record<string, Version>>
}

const signed = ({ keys, threshold, sigs }: Version, version: number): string =>
  manifestText(manifestOf({ version, threshold, keys: keys.map(keyOf) }), sigs.map(keyOf))

const isOpened = (...chain: readonly string[]): boolean => openTrustSync(chain).ok

const why = (...chain: readonly string[]): string => {
  const opened = openTrustSync(chain)
  return opened.ok ? 'opened' : opened.why
}

testWithVectors<TufCases>(
  'tuf_rotation_cases.json',
  'decides all 15 root chains of the TUF suite',
  ({ root }) => {
    expect(Object.keys(root)).toHaveLength(15)
    for (const [name, versions] of Object.entries(root)) {
      const chain = versions.map((version, i) => signed(version, i + 1))
      for (const [i, { ok }] of versions.entries()) {
        expect([name, i + 1, isOpened(...chain.slice(0, i + 1))]).toEqual([name, i + 1, ok])
      }
    }
  },
)

testWithVectors<TufCases>(
  'tuf_rotation_cases.json',
  'decides all 10 delegated cases of the TUF suite',
  ({ delegated }) => {
    expect(Object.keys(delegated)).toHaveLength(10)
    for (const [name, { keys, threshold, sigs, ok }] of Object.entries(delegated)) {
      const root = manifestText(manifestOf({ threshold, keys: keys.map(keyOf) }), keys.map(keyOf))
      const certificates = sigs.map((label) => certificateText({}, keyOf(label)))
      const verdict = verifySync([codeText(), ...certificates].join(' '), root, { now: ISSUED })
      expect([name, verdict.reason]).toEqual([name, ok ? null : 'unknown_key'])
    }
  },
)

const A = keyOf('a')
const B = keyOf('b')

const manifest = (
  version: number,
  keys: readonly TestKey[],
  over: Partial<RootManifest> = {},
): RootManifest => manifestOf({ version, keys, ...over })

const gone = (key: TestKey, over: Partial<RevokedKey> = {}): RevokedKey => ({
  kid: key.kid,
  publicKey: key.publicKey,
  at: ISSUED,
  reason: 'leaked',
  ...over,
})

describe('A chain of root manifests', () => {
  const v1 = manifestText(manifest(1, [A]), [A])
  const v2 = manifestText(manifest(2, [B]), [A, B])
  const v3 = manifestText(manifest(3, [B]), [B])

  test('is trusted from the pinned manifest to the newest', () => {
    const opened = openTrustSync([v1, v2, v3])
    expect(opened.ok && opened.trust.manifests.map(({ version }) => version)).toEqual([1, 2, 3])
  })

  test('may be pinned at any version', () => {
    expect(isOpened(v2, v3)).toBe(true)
    expect(isOpened(v3)).toBe(true)
  })

  test('is walked from the manifest given first: a later pin does not believe an earlier version', () => {
    const opened = openTrustSync([v2, v1, v2, v3])
    expect(opened.ok && opened.trust.manifests.map(({ version }) => version)).toEqual([2, 3])
  })

  test('does not hold with nothing in it', () => {
    expect(why()).toContain('no manifest')
  })

  test('does not hold when a version is skipped', () => {
    expect(why(v1, v3)).toBe('version 3 does not follow 1')
    expect(why(v2, manifestText(manifest(2 ** 40, [B]), [B]))).toContain('does not follow')
  })

  test('does not hold with two different manifests of one version', () => {
    expect(why(v1, v2, manifestText(manifest(2, [B], { issuedAt: 5 }), [A, B]))).toBe(
      'version 2 does not follow 2',
    )
  })

  test('holds when the same manifest is met again', () => {
    expect(isOpened(v1, v1, v2, v1, v2, v3, v3)).toBe(true)
  })

  test('does not hold when the pinned manifest is not signed by its own threshold', () => {
    expect(why(manifestText(manifest(1, [A]), []))).toContain('lacks the threshold of 1')
    expect(why(manifestText(manifest(1, [A]), [B]))).toContain('lacks the threshold of 1')
    expect(why(manifestText(manifest(1, [A, B], { threshold: 2 }), [A]))).toContain(
      'lacks the threshold of 1',
    )
  })

  test('counts a key that signed twice once', () => {
    expect(why(manifestText(manifest(1, [A, B], { threshold: 2 }), [A, A, A]))).toContain(
      'lacks the threshold of 1',
    )
  })

  test('does not hold when a signature was made for another payload', () => {
    const other = JSON.parse(manifestText(manifest(1, [A], { issuedAt: 5 }), [A]))
    expect(why(JSON.stringify({ ...JSON.parse(v1), signatures: other.signatures }))).toContain(
      'lacks the threshold of 1',
    )
  })

  test('takes a good signature beside a bad one of the same key', () => {
    const { payload, signatures } = JSON.parse(v1)
    const bad = { ...signatures[0], signature: 'A'.repeat(86) }
    expect(isOpened(JSON.stringify({ payload, signatures: [bad, ...signatures] }))).toBe(true)
    expect(isOpened(JSON.stringify({ payload, signatures: [bad] }))).toBe(false)
  })

  test('repeats every key that was revoked, as it was', () => {
    const first = manifestText(manifest(1, [A], { revoked: [gone(B)] }), [A])
    const second = (revoked: readonly RevokedKey[]) => manifestText(manifest(2, [A], { revoked }), [A])
    expect(isOpened(first, second([gone(B)]))).toBe(true)
    expect(isOpened(first, second([gone(ROOT), gone(B)]))).toBe(true)
    expect(why(first, second([]))).toContain('drops revoked')
    expect(why(first, second([gone(ROOT)]))).toContain('drops revoked')
    expect(why(first, second([gone(B, { at: 1 })]))).toContain('drops revoked')
    expect(why(first, second([gone(B, { reason: 'lost' })]))).toContain('drops revoked')
  })

  test('lets a root be left behind: the next version may revoke the key that signs it', () => {
    const away = manifestText(manifest(2, [B], { revoked: [gone(A)] }), [A, B])
    expect(isOpened(v1, away)).toBe(true)
    expect(isOpened(v1, away, manifestText(manifest(3, [B], { revoked: [gone(A)] }), [B]))).toBe(true)
  })

  test('gives a key no say under a manifest that lists and revokes it', () => {
    expect(why(manifestText(manifest(1, [A], { revoked: [gone(A)] }), [A]))).toContain(
      'lacks the threshold of 1',
    )
    const both = manifestText(manifest(1, [A, B], { revoked: [gone(A)] }), [A, B])
    expect(isOpened(both)).toBe(true)
    const byRevoked = manifestText(manifest(2, [A, B], { revoked: [gone(A)] }), [A])
    expect(why(both, byRevoked)).toContain('threshold of 1')
  })

  test('is at most 64 manifests long', () => {
    const chain = Array.from({ length: 65 }, (_, i) => manifestText(manifest(i + 1, [A]), [A]))
    expect(isOpened(...chain.slice(0, 64))).toBe(true)
    expect(why(...chain)).toContain('over 64')
    expect(isOpened(...Array(100_000).fill(v1))).toBe(false)
  })

  test('is refused for a manifest with more signatures than any text can hold, before one is checked', () => {
    const parsed = JSON.parse(v1)
    const many = {
      ...parsed,
      signatures: Array(100_000).fill({ ...parsed.signatures[0], signature: 'A'.repeat(86) }),
    }
    let checks = 0
    const counting = createSyncVerifier({ ...engine, verify: () => checks++ > 0 })
    expect(counting.openTrustSync(many)).toMatchObject({ ok: false, why: 'a root manifest is malformed' })
    expect(checks).toBe(0)
  })
})
