import { describe, expect, it } from 'vitest'
import { judgeDraft } from '../../../src/authority/ceremony/draft.ts'
import { changeFault, nextManifest, signDraft } from '../../../src/authority/ceremony/manifest.ts'
import { nodeCrypto } from '../../../src/crypto/node.ts'
import { readDraft } from '../../../src/format/manifest-draft.ts'
import { writeManifest } from '../../../src/format/root-manifest.ts'
import { manifestBy, NOW, newKey, signedManifest } from './kit.ts'

const [A, B, C, D] = [newKey(), newKey(), newKey(), newKey()]
const FIRST = manifestBy([A, B, C])
const CHAIN = [signedManifest(FIRST, [A, B, C])]
const revoked = ({ kid, publicKey }: typeof A, reason = 'leaked') => ({ kid, publicKey, at: NOW, reason })
const payload = (change: Parameters<typeof nextManifest>[1]) => nextManifest(FIRST, change)
const unsigned = (change: Parameters<typeof nextManifest>[1]) => writeManifest(payload(change), [])
const signed = (text: string, ...roots: (typeof A)[]) =>
  roots.reduce((draft, root) => signDraft(draft, root, nodeCrypto), text)
const judge = (draft: string, chain: readonly string[] = CHAIN) => judgeDraft(chain, draft, nodeCrypto)
const manifestIn = (bytes: Uint8Array) => readDraft(writeManifest(bytes, []), nodeCrypto.sha256)!.manifest

describe('the next manifest', () => {
  it('is one version higher, and what is not changed stays', () => {
    const next = manifestIn(payload({ threshold: 3, now: NOW + 9 }))
    expect(next).toEqual({ ...FIRST, version: 2, threshold: 3, issuedAt: NOW + 9 })
  })

  it('repeats what was revoked as it was, and a revoked root key leaves its keys', () => {
    const once = manifestIn(payload({ revoke: [revoked(A)], now: NOW }))
    expect(once.keys).toEqual(manifestBy([B, C]).keys)
    const again = manifestIn(
      nextManifest(once, { revoke: [revoked(A, 'said otherwise'), revoked(D)], now: NOW }),
    )
    expect(again.revoked).toEqual([revoked(A), revoked(D)])
  })

  it.each([
    ['a threshold above its keys', { threshold: 4, now: NOW }, 'bad_threshold'],
    ['a threshold of nobody', { threshold: 0, now: NOW }, 'bad_threshold'],
    ['no keys', { keys: [], now: NOW }, 'bad_threshold'],
    [
      'fewer keys than its threshold once two are revoked',
      { revoke: [revoked(A), revoked(B)], now: NOW },
      'bad_threshold',
    ],
    ['a key twice', { keys: [A, B, A], now: NOW }, 'kid_in_use'],
    ['nothing new', { now: NOW }, 'nothing_changes'],
    ['the same keys in another order', { keys: [C, B, A], now: NOW }, 'nothing_changes'],
  ])('is not made with %s', (_, change, reason) => {
    expect(changeFault(FIRST, change)).toMatchObject({ reason })
  })

  it('never takes a revoked key back', () => {
    const once = manifestIn(payload({ revoke: [revoked(A)], now: NOW }))
    expect(changeFault(once, { keys: [A, B, C], now: NOW })).toEqual({ reason: 'revoked_key', kid: A.kid })
  })

  it('is made for each of these', () => {
    for (const change of [
      { threshold: 1 },
      { keys: [A, B] },
      { keys: [A, B, C, D] },
      { revoke: [revoked(D)] },
    ])
      expect(changeFault(FIRST, { ...change, now: NOW })).toBeNull()
  })
})

describe('a draft', () => {
  const change = { keys: [B, C, D], now: NOW }

  it('is complete with the threshold of the old keys and of its own', () => {
    const judged = judge(signed(unsigned(change), B, C))
    expect(judged).toMatchObject({ complete: true, version: 2 })
    expect(judge(signed(unsigned(change), A, B, D)).complete).toBe(true)
  })

  it.each([
    ['nobody', [], [0, 0]],
    ['one key of both', [B], [1, 1]],
    ['the old keys alone', [A, B], [2, 1]],
    ['its own keys alone', [D, B], [1, 2]],
    ['one key twice', [B, B], [1, 1]],
    ['a stranger', [newKey(), B], [1, 1]],
  ])('is not complete when it is signed by %s, and says what is missing', (_, roots, have) => {
    const judged = judge(signed(unsigned(change), ...(roots as (typeof A)[])))
    if (judged.complete || judged.reason !== 'missing') throw new Error('it should miss signatures')
    expect(judged.counts.map((one) => one.have)).toEqual(have)
    expect(judged.counts.map(({ version, need }) => [version, need])).toEqual([
      [1, 2],
      [2, 2],
    ])
  })

  it('does not count a signature over other bytes', () => {
    const other = signed(unsigned({ ...change, now: NOW + 1 }), B, C)
    const moved = JSON.stringify({ ...JSON.parse(other), payload: JSON.parse(unsigned(change)).payload })
    expect(judge(moved)).toMatchObject({
      complete: false,
      reason: 'missing',
      counts: [{ have: 0 }, { have: 0 }],
    })
  })

  it('keeps the bytes and signatures that are there when another signs', () => {
    const one = signed(unsigned(change), B)
    const two = signed(one, C)
    expect(JSON.parse(two).payload).toBe(JSON.parse(one).payload)
    expect(JSON.parse(two).signatures[0]).toEqual(JSON.parse(one).signatures[0])
    expect(signed(two, B, C, B)).toBe(two)
  })

  it('is signed anew by a key whose signature was spoiled', () => {
    const one = JSON.parse(signed(unsigned(change), B))
    one.signatures[0].signature = 'A'.repeat(86)
    expect(judge(signed(JSON.stringify(one), B, C)).complete).toBe(true)
  })

  it.each([
    ['skips a version', { ...FIRST, version: 3 }, 'wrong_version'],
    ['is of version 0 of the chain', { ...FIRST, version: 1, issuedAt: 1 }, 'does_not_hold'],
  ])('that %s is refused whoever signed it', (_, manifest, reason) => {
    expect(judge(signedManifest(manifest, [A, B, C]))).toMatchObject({ complete: false, reason })
  })

  it('that drops a revoked key, or tells another story of it, is refused whoever signed it', () => {
    const second = signed(unsigned({ revoke: [revoked(D)], now: NOW }), A, B)
    for (const entries of [[], [revoked(D, 'another story')], [{ ...revoked(D), at: NOW + 1 }]]) {
      const third = signedManifest({ ...FIRST, version: 3, revoked: entries }, [A, B, C])
      expect(judge(third, [...CHAIN, second])).toEqual({
        complete: false,
        reason: 'drops_revoked',
        kid: D.kid,
      })
    }
  })

  it('is no draft when it is something else', () => {
    for (const text of ['', '{}', 'LK1-', CHAIN[0]!.slice(0, -5)])
      expect(judge(text)).toEqual({ complete: false, reason: 'malformed' })
    expect(() => signDraft('{}', A, nodeCrypto)).toThrow()
  })

  it('follows from no chain that does not hold', () => {
    const chain = [signedManifest(FIRST, [A])]
    expect(judge(signed(unsigned(change), B, C), chain)).toMatchObject({
      complete: false,
      reason: 'bad_chain',
    })
    expect(judge(signed(unsigned(change), B, C), [])).toMatchObject({ complete: false, reason: 'bad_chain' })
  })

  it('that stands in the chain already is complete', () => {
    const second = signed(unsigned(change), B, C)
    expect(judge(second, [...CHAIN, second])).toMatchObject({ complete: true, version: 2 })
  })
})
