import { describe, expect, test } from 'vitest'
import { USAGE } from '../../src/format/key-certificate.ts'
import type { RootManifest } from '../../src/format/root-manifest.ts'
import { openTrustSync } from '../../src/verify/node.ts'
import { verifyMet } from './everything.ts'
import {
  certificateText,
  codeText,
  DAY,
  ISSUED,
  keyOf,
  manifestOf,
  manifestText,
  SIGNER,
  type TestKey,
} from './kit.ts'

const [A, B, C, X] = ['a', 'b', 'c', 'x'].map(keyOf) as [TestKey, TestKey, TestKey, TestKey]

/** Two of A, B, C; the thief holds X and one of them at most. */
const pinnedManifest = manifestOf({ threshold: 2, keys: [A, B, C] })
const pinned = manifestText(pinnedManifest, [A, B])
const link = (version: number, over: Partial<RootManifest>, signers: readonly TestKey[]): string =>
  manifestText({ ...pinnedManifest, version, ...over }, signers)
const toX: Partial<RootManifest> = { threshold: 1, keys: [X] }
interface Jws {
  readonly payload: string
  readonly signatures: readonly { readonly protected: string; readonly signature: string }[]
}
const jws = (text: string): Jws => JSON.parse(text)
const put = (text: string, over: Partial<Jws>): string => JSON.stringify({ ...jws(text), ...over })
/** The first signature under another header. */
const headed = (text: string, header: string): string => {
  const [first, ...rest] = jws(text).signatures
  const changed = { ...first!, protected: Buffer.from(header).toString('base64url') }
  return put(text, { signatures: [changed, ...rest] })
}
const good2 = link(2, {}, [A, B])

const CHAINS: readonly (readonly [string, readonly string[], RegExp])[] = [
  ['unsigned', [link(2, toX, [])], /threshold of 1/],
  ['signed by the new key alone', [link(2, toX, [X])], /threshold of 1/],
  ['signed by one of the old keys', [link(2, toX, [A, X])], /threshold of 1/],
  ['one old key counted twice', [link(2, toX, [A, A, X])], /threshold of 1/],
  ['one old key counted ten times', [link(2, toX, [...Array(10).fill(A), X])], /threshold of 1/],
  ['signed by the old keys, not by its own', [link(2, toX, [A, B])], /version 2 lacks the threshold of 2/],
  [
    'its own threshold reached by one key twice',
    [link(2, { threshold: 2, keys: [X, C] }, [A, B, X, X])],
    /version 2 lacks the threshold of 2/,
  ],
  ['a threshold it lowers for itself', [link(2, { threshold: 1 }, [A])], /threshold of 1/],
  [
    'signed by a stranger under the kid of an old key',
    [link(2, toX, [A, { ...X, kid: B.kid }, X])],
    /threshold of 1/,
  ],
  ['a version skipped', [link(3, {}, [A, B])], /does not follow/],
  ['a version skipped after a good one', [good2, link(4, {}, [A, B])], /does not follow/],
  ['a version of millions', [link(2 ** 40, {}, [A, B])], /does not follow/],
  ['another manifest of the pinned version', [link(1, toX, [A, B, X])], /does not follow/],
  ['another manifest of a later version', [good2, link(2, toX, [A, B, X])], /does not follow/],
  ['a fork that goes on', [good2, link(2, toX, [A, B, X]), link(3, toX, [X])], /does not follow/],
  [
    'another root from the start',
    [manifestText(manifestOf({ version: 2, keys: [X] }), [X])],
    /threshold of 1/,
  ],
  [
    'a revocation forgotten',
    [link(2, { revoked: [{ ...X, at: 1, reason: 'x' }] }, [A, B]), link(3, {}, [A, B])],
    /drops revoked/,
  ],
  [
    'a revocation softened',
    [
      link(2, { revoked: [{ ...X, at: 1, reason: 'x' }] }, [A, B]),
      link(3, { revoked: [{ ...X, at: 2, reason: 'x' }] }, [A, B]),
    ],
    /drops revoked/,
  ],
  [
    'signed by a key that its version revoked',
    [
      link(2, { revoked: [{ ...A, at: 1, reason: 'x' }] }, [A, B, C]),
      link(3, { revoked: [{ ...A, at: 1, reason: 'x' }] }, [A, B]),
    ],
    /threshold of 2/,
  ],
  [
    'signatures of another payload',
    [put(good2, { payload: jws(link(2, toX, [])).payload })],
    /threshold of 1/,
  ],
  [
    'signatures of the version before',
    [put(good2, { signatures: jws(pinned).signatures })],
    /threshold of 1/,
  ],
  [
    'another type in the header',
    [headed(good2, `{"alg":"EdDSA","kid":"${A.kid}","typ":"lk1"}`)],
    /malformed/,
  ],
  [
    'alg none in the header',
    [headed(good2, `{"alg":"none","kid":"${A.kid}","typ":"licet-root+json"}`)],
    /malformed/,
  ],
  [
    'a key in the header',
    [headed(good2, `{"alg":"EdDSA","jwk":{},"kid":"${A.kid}","typ":"licet-root+json"}`)],
    /malformed/,
  ],
  ['too many manifests', Array.from({ length: 64 }, (_, i) => link(i + 2, {}, [A, B])), /over 64/],
  ['too many parts', Array(200).fill(pinned), /over 64/],
  ['nested too deep', [`{"payload":${'['.repeat(40)}${']'.repeat(40)},"signatures":[]}`], /malformed/],
  ['over 64 KiB', [good2 + ' '.repeat(65_536)], /malformed/],
]

describe('A forged chain of root manifests', () => {
  test.each(CHAINS)('is refused: %s', (_, later, why) => {
    const opened = openTrustSync([pinned, ...later])
    expect(opened.ok ? 'opened' : opened.why).toMatch(why)
  })

  test.each(CHAINS)('met since changes nothing, and is told: %s', (_, manifests) => {
    const text = `${codeText({ kid: X.kid }, X)} ${certificateText({ publicKey: X.publicKey }, X)}`
    const verdict = verifyMet(text, pinned, { now: ISSUED, manifests })
    expect(verdict.reason).toBe('unknown_key')
    expect(verdict.warnings).toEqual(['manifests_refused'])
    const honest = verifyMet(`${codeText()} ${certificateText({}, B)} ${certificateText({}, C)}`, pinned, {
      now: ISSUED,
      manifests,
    })
    expect(honest.valid).toBe(true)
    expect(honest.warnings).toEqual(['manifests_refused'])
  })

  test('holds without the forgery', () => {
    expect(openTrustSync([pinned, good2]).ok).toBe(true)
  })
})

describe('A forged certificate', () => {
  const both = (over: object) => [certificateText(over, A), certificateText(over, B)]
  test.each<[string, string, readonly string[], string]>([
    ['of nobody', codeText(), [], 'unknown_key'],
    ['of one root key', codeText(), [certificateText({}, A)], 'unknown_key'],
    ['of one root key twice', codeText(), [certificateText({}, A), certificateText({}, A)], 'unknown_key'],
    [
      'of two root keys that do not say the same',
      codeText(),
      [certificateText({}, A), certificateText({ serial: 2 }, B)],
      'unknown_key',
    ],
    [
      'of a root key and a stranger',
      codeText(),
      [certificateText({}, A), certificateText({}, X)],
      'unknown_key',
    ],
    [
      'of a stranger under a root kid',
      codeText(),
      [certificateText({}, A), certificateText({}, { ...X, kid: B.kid })],
      'unknown_key',
    ],
    ['of the signing key itself', codeText(), both({}).map(() => certificateText({}, SIGNER)), 'unknown_key'],
    [
      'for a key that certifies another: too deep',
      codeText({ kid: X.kid }, X),
      [...both({}), certificateText({ publicKey: X.publicKey }, SIGNER)],
      'unknown_key',
    ],
    ['for another key', codeText({ kid: X.kid }, X), both({}), 'unknown_key'],
    ['for statements', codeText(), both({ usages: USAGE.statements }), 'not_certified'],
    ['for lists', codeText(), both({ usages: USAGE.lists }), 'not_certified'],
    ['for checkpoints', codeText(), both({ usages: USAGE.checkpoints }), 'not_certified'],
    [
      'for checkpoints beside codes',
      codeText(),
      both({ usages: USAGE.checkpoints | USAGE.codes }),
      'not_certified',
    ],
    ['for an unknown usage beside codes', codeText(), both({ usages: 17 }), 'not_certified'],
    ['for another product', codeText(), both({ product: 7 }), 'not_certified'],
    ['for a shorter term', codeText(), both({ maxTermMonths: 11 }), 'not_certified'],
    [
      'for a term, a perpetual code',
      codeText({ paidUntil: null }),
      both({ maxTermMonths: 255 }),
      'not_certified',
    ],
    ['of a window that opens later', codeText(), both({ from: ISSUED + 1 }), 'outside_issuing_window'],
    ['of a window that was over', codeText(), both({ to: ISSUED }), 'outside_issuing_window'],
    [
      'of a window that never opens',
      codeText(),
      both({ from: ISSUED + DAY, to: ISSUED }),
      'outside_issuing_window',
    ],
    ['good, under another code', codeText({ kid: SIGNER.kid }, X), both({}), 'bad_signature'],
    [
      'too many of them',
      codeText(),
      Array.from({ length: 17 }, (_, i) => certificateText({ serial: i }, A)),
      'malformed',
    ],
  ])('is refused: %s', (_, code, certificates, reason) => {
    expect(verifyMet([code, ...certificates].join(' '), pinned, { now: ISSUED }).reason).toBe(reason)
  })
})
