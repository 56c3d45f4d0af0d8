import { describe, expect, test } from 'vitest'
import { USAGE } from '../../src/format/key-certificate.ts'
import type { RevokedKey } from '../../src/format/root-manifest.ts'
import { verifyMet } from './everything.ts'
import {
  certificateText,
  codeText,
  DAY,
  ISSUED,
  keyOf,
  manifestOf,
  manifestText,
  type TestKey,
} from './kit.ts'
import { LICENSE_ID, listText, statementText } from './since-kit.ts'

const MONTH = 31 * DAY
const ROTATIONS = 50
const ROOT_EVERY = 5

const rootOf = (version: number): readonly TestKey[] => [1, 2, 3].map((i) => keyOf(`root ${version}.${i}`))

/** Two of three; signed by two of the version before as well. */
function manifest(version: number, revoked: readonly RevokedKey[] = []): string {
  const keys = rootOf(version)
  const signers = [...(version === 1 ? [] : rootOf(version - 1).slice(1)), ...keys.slice(0, 2)]
  return manifestText(manifestOf({ version, threshold: 2, keys, revoked }), signers)
}

/** Two certificates for one key, from two of the root keys of that version. */
const certified = (version: number, key: TestKey, usages: number, month: number): string =>
  rootOf(version)
    .slice(1)
    .map((root) =>
      certificateText(
        { usages, publicKey: key.publicKey, from: ISSUED + month * MONTH, to: ISSUED + (month + 2) * MONTH },
        root,
      ),
    )
    .join(' ')

const rootAt = (month: number): number => 1 + Math.floor(month / ROOT_EVERY)

/** The license that is issued in that month, under that month's key. */
function licenseOf(month: number): string {
  const key = keyOf(`signer ${month}`)
  const issuedAt = ISSUED + month * MONTH
  const code = codeText({ kid: key.kid, issuedAt, paidUntil: issuedAt + 400 * DAY, revision: month }, key)
  return `${code} ${certified(rootAt(month), key, USAGE.codes, month)}`
}

describe('Software that pinned the root on day 0', () => {
  const pinned = manifest(1)
  const published = Array.from({ length: rootAt(ROTATIONS) }, (_, i) => manifest(i + 1))

  test('accepts every license through 50 rotations of signing keys and 10 of the root', () => {
    expect(published).toHaveLength(11)
    let state = ''
    for (let month = 0; month <= ROTATIONS; month++) {
      const now = ISSUED + month * MONTH + DAY
      const manifests = published.slice(0, rootAt(month)).reverse()
      const verdict = verifyMet(licenseOf(month), pinned, { now, manifests, state })
      expect([month, verdict.reason, verdict.warnings]).toEqual([month, null, undefined])
      state = verdict.state!
    }
    expect(state.length).toBeLessThan(500)
    expect(
      verifyMet(licenseOf(49), pinned, { now: ISSUED + ROTATIONS * MONTH, manifests: published, state })
        .reason,
    ).toBe('superseded')
  })

  test('accepts the last license with its whole past in one file, and old ones for ever', () => {
    const now = ISSUED + ROTATIONS * MONTH + DAY
    const speaker = keyOf('speaker 50')
    const lister = keyOf('lister 50')
    const ends = { paid_until: now + 400 * DAY, works_until: now + 400 * DAY }
    const file = [
      listText([[LICENSE_ID, 50, 'superseded']], { iat: now, next_update: now + DAY, root: 11 }, lister),
      statementText({ rev: 50, iat: now, exp: now + DAY, root: 11, ...ends }, speaker),
      ...[...published].reverse(),
      certified(11, speaker, USAGE.statements, ROTATIONS),
      certified(11, lister, USAGE.lists, ROTATIONS),
      licenseOf(ROTATIONS),
    ].join('\n')
    const verdict = verifyMet(file, pinned, { now })
    expect([verdict.valid, verdict.decidedBy, verdict.warnings]).toEqual([true, 'statement', undefined])
    expect(verifyMet(licenseOf(0), pinned, { now: ISSUED + MONTH, manifests: published }).valid).toBe(true)
  })

  test('does not accept them without the manifests in between', () => {
    const now = ISSUED + ROTATIONS * MONTH + DAY
    const manifests = published.filter((_, i) => i !== 5)
    const verdict = verifyMet(licenseOf(ROTATIONS), pinned, { now, manifests })
    expect([verdict.reason, verdict.warnings]).toEqual(['unknown_key', ['manifests_refused']])
    expect(verifyMet(licenseOf(24), pinned, { now: ISSUED + 25 * MONTH, manifests }).valid).toBe(true)
  })

  test('refuses a leaked key from the manifest on that revokes it, and nothing else', () => {
    const leaked = keyOf('signer 3')
    const revoked = [{ kid: leaked.kid, publicKey: leaked.publicKey, at: ISSUED, reason: 'leaked' }]
    const manifests = [manifest(2, revoked)]
    const now = ISSUED + 4 * MONTH
    expect(verifyMet(licenseOf(3), pinned, { now, manifests }).reason).toBe('key_revoked')
    expect(verifyMet(licenseOf(2), pinned, { now, manifests }).valid).toBe(true)
    expect(verifyMet(licenseOf(4), pinned, { now, manifests }).valid).toBe(true)
  })
})
