import { describe, expect, test } from 'vitest'
import type { RootManifest } from '../../src/format/root-manifest.ts'
import { hashed } from '../../src/format/steps.ts'
import { EMPTY, readMemory, writeMemory } from '../../src/verify/memory.ts'
import { verifyMet } from './everything.ts'
import {
  certificateText,
  DAY,
  ISSUED,
  keyOf,
  licenseText,
  manifestOf,
  manifestText,
  SIGNER,
  sha256,
  type TestKey,
} from './kit.ts'
import {
  CERTIFICATES,
  judge,
  LICENSE_ID,
  LISTER,
  listText,
  NOW,
  program,
  ROOT_TEXT,
  SPEAKER,
  statementText,
} from './since-kit.ts'

const FROZEN = [[LICENSE_ID, 8, 'frozen']] as const
const RELEASED = [[LICENSE_ID, 0, 'released']] as const

/** Version 2, in which the root revokes these keys. */
const revoking = (...keys: readonly TestKey[]): string => {
  const revoked = keys.map(({ kid, publicKey }) => ({ kid, publicKey, at: NOW, reason: 'leaked' }))
  return manifestText(manifestOf({ version: 2, revoked } as Partial<RootManifest>))
}

describe('A program that stores the state', () => {
  test('knows an older code again', () => {
    const software = program()
    expect(software.outcome({}, { revision: 8 })).toBe('active')
    expect(software.outcome({}, { revision: 7 })).toBe('superseded')
    expect(software.outcome({}, { revision: 8 })).toBe('active')
    expect(software.outcome({}, { revision: 6, licenseId: 'ffffffffffffffff' })).toBe('active')
  })

  test('remembers what a statement forbade, until a newer code or statement', () => {
    const software = program()
    expect(software.outcome({ statement: statementText({ status: 'frozen' }) })).toBe('frozen')
    expect(software.outcome({})).toBe('frozen')
    expect(software.outcome({ statement: statementText({ rev: 9 }) })).toBe('active')
    expect(software.outcome({})).toBe('superseded')
    expect(software.outcome({}, { revision: 9 })).toBe('active')
  })

  test('hears the same statement again, and an older one of the same revision', () => {
    const software = program()
    for (const iat of [NOW, NOW, NOW - 60]) {
      expect(software.outcome({ statement: statementText({ iat }) })).toBe('active')
    }
  })

  test('remembers that a license was released, whatever comes', () => {
    const software = program()
    expect(software.outcome({ list: listText(RELEASED) })).toBe('released')
    expect(software.outcome({ list: listText([], { number: 6, iat: NOW + 1 }) }, { revision: 99 })).toBe(
      'released',
    )
    expect(software.outcome({ statement: statementText({ rev: 100 }) })).toBe('released')
  })

  test('remembers an entry until a newer list no longer has it', () => {
    const software = program()
    expect(software.outcome({ list: listText(FROZEN) })).toBe('frozen')
    expect(software.outcome({})).toBe('frozen')
    expect(software.outcome({ list: listText([], { number: 6, iat: NOW + 1 }) })).toBe('active')
    expect(software.outcome({})).toBe('active')
  })

  test('forgets a freeze when a newer list has another entry, which speaks for itself', () => {
    const software = program()
    const superseded = (revision: number) => [[LICENSE_ID, revision, 'superseded']] as const
    expect(software.outcome({ list: listText(FROZEN) })).toBe('frozen')
    expect(software.outcome({ list: listText(superseded(7), { number: 6, iat: NOW + 1 }) })).toBe('active')
    expect(software.outcome({ list: listText(superseded(8), { number: 7, iat: NOW + 2 }) })).toBe(
      'superseded',
    )
    expect(software.outcome({})).toBe('superseded')
  })

  test('does not let an older list take an entry back, whatever its date', () => {
    const software = program()
    expect(software.outcome({ list: listText(FROZEN) })).toBe('frozen')
    expect(software.outcome({ list: listText([], { number: 4, iat: NOW + 1 }) })).toBe('frozen')
  })

  test('refuses a list with a lower number than it knows, and hears nothing of it', () => {
    const software = program()
    expect(software.outcome({ list: listText() })).toBe('active')
    expect(software.outcome({ list: listText(FROZEN, { number: 4 }) })).toBe('list_rolled_back')
    expect(software.outcome({ list: listText() })).toBe('active')
    expect(software.outcome({ list: listText([], { number: 4, aud: 'cad-lite' }) })).toBe('active')
  })

  test('tells a roll-back of the list after one of the clock, and before the time', () => {
    const software = program()
    software.verify({ list: listText() })
    const list = listText([], { number: 4, iat: NOW - DAY })
    expect(software.outcome({ list, now: ISSUED - 3 * DAY })).toBe('clock_rolled_back')
    expect(software.outcome({ list, now: NOW + 5000 * DAY })).toBe('list_rolled_back')
  })

  test('learns nothing from what is not genuine', () => {
    const software = program()
    software.verify({})
    const before = software.state()
    const stranger = keyOf('stranger')
    software.verify({ list: listText(RELEASED, { number: 99 }, stranger) })
    software.verify({ statement: statementText({ status: 'released' }, stranger) })
    software.verify({ statement: statementText({ status: 'released', sub: 'ffffffffffffffff' }) })
    software.verify({ manifests: [manifestText(manifestOf({ version: 2 }), [stranger])] })
    const forged = verifyMet(`${licenseText().slice(0, -5)}ABCDE`, ROOT_TEXT, { now: NOW, state: before })
    expect([software.state(), forged.state]).toEqual([before, before])
  })
})

describe('A floor is dropped with the key that set it', () => {
  const manifests = (...keys: readonly TestKey[]) => [revoking(...keys)]

  test('the number of a list', () => {
    const software = program()
    software.verify({ list: listText([], { number: 4_000_000_000 }) })
    const other = keyOf('other lists')
    const certificates = [...CERTIFICATES, certificateText({ usages: 4, publicKey: other.publicKey })]
    const list = listText([], {}, other)
    expect(software.outcome({ list, certificates })).toBe('list_rolled_back')
    expect(software.outcome({ list, certificates, manifests: manifests(LISTER) })).toBe('active')
  })

  test('the word and the time of a statement', () => {
    const software = program()
    const far = NOW + 3000 * DAY
    software.verify({
      now: far,
      statement: statementText({ rev: 99, status: 'released', iat: far, exp: far }),
    })
    expect(software.outcome({})).toBe('released')
    expect(software.outcome({ manifests: manifests(SPEAKER) })).toBe('active')
  })

  test('the revision of a code', () => {
    const software = program()
    software.verify({}, { revision: 99 })
    expect(software.outcome({ manifests: manifests(SIGNER) })).toBe('key_revoked')
    expect(hashed(readMemory(software.state()), sha256)?.[4]).toEqual([])
  })
})

describe('Root manifests met since', () => {
  test('are believed where they follow, in any order, and beside what does not', () => {
    const next = manifestText(manifestOf({ version: 3, revoked: [{ ...SIGNER, at: NOW, reason: 'x' }] }))
    const bad = manifestText(manifestOf({ version: 2, issuedAt: 5 }), [keyOf('stranger')])
    const good = manifestText(manifestOf({ version: 2 }))
    expect(judge({ manifests: [next, bad, good] })).toMatchObject({
      reason: 'key_revoked',
      warnings: ['manifests_refused'],
    })
    expect(judge({ manifests: JSON.stringify({ roots: [JSON.parse(good), JSON.parse(next)] }) }).reason).toBe(
      'key_revoked',
    )
    expect(judge({ manifests: [next, bad] })).toMatchObject({ valid: true, warnings: ['manifests_refused'] })
  })

  test('that are lost again make nothing more trusted: a key once revoked stays so', () => {
    const software = program()
    expect(software.outcome({ manifests: [revoking(SIGNER)] })).toBe('key_revoked')
    expect(software.verify({})).toMatchObject({ reason: 'key_revoked', warnings: ['manifests_behind'] })
  })

  test.each([
    5,
    null,
    {},
    'x',
    [null],
    [{}],
    Array(200).fill(ROOT_TEXT),
  ])('that are none, %#, change nothing', (manifests) => {
    const verdict = judge({ manifests: manifests as string })
    expect(verdict).toMatchObject({ valid: true, warnings: ['manifests_refused'] })
  })
})

describe('The state', () => {
  const state = judge({ state: '', statement: statementText(), list: listText() }).state!

  test('is one short text, the same when nothing new was met', () => {
    expect(state.length).toBeLessThan(500)
    expect(judge({ state, statement: statementText(), list: listText() }).state).toBe(state)
    expect(hashed(writeMemory(hashed(readMemory(state), sha256)!), sha256)).toBe(state)
  })

  test.each<[string, unknown]>([
    ['cut', state.slice(0, -1)],
    ['longer', `${state} `],
    ['changed in a digit', state.replace(/\d{10}/, '1767225601')],
    ['of another program', 'LS2.0000'],
    ['a text', 'x'],
    ['huge', `LS1.${'0'.repeat(1e6)}`],
    ['an object', {}],
    ['null', null],
    ['a number', 5],
  ])('that is %s counts as empty, and it is told', (_, broken) => {
    const verdict = judge({ state: broken as string })
    expect(verdict).toMatchObject({ valid: true, warnings: ['state_unreadable'] })
    expect(verdict.state).toBe(judge({ state: '' }).state)
  })

  test.each([
    '[]',
    '[1]',
    '[0,[],null,[],[1]]',
    '[0,["x"],null,[],[]]',
    '[-1,[],null,[],[]]',
    '[0,[],[1,2],[],[]]',
    '{}',
    'null',
  ])('with a good check and the content %s is none', (json) => {
    const check = Buffer.from(sha256(Buffer.from(json)))
      .toString('hex')
      .slice(0, 16)
    expect(hashed(readMemory(`LS1.${check}${json}`), sha256)).toBeNull()
  })

  test('stays small however many licenses are met', () => {
    const software = program()
    for (let i = 0; i < 100; i++) software.verify({}, { licenseId: i.toString(16).padStart(16, '0') })
    expect(software.state().length).toBeLessThan(12_000)
    expect(software.outcome({}, { licenseId: (99).toString(16).padStart(16, '0'), revision: 6 })).toBe(
      'superseded',
    )
  })

  test('is given only where something met since was given', () => {
    expect(verifyMet(licenseText(), ROOT_TEXT, { now: NOW })).not.toHaveProperty('state')
    expect(judge({ state: '' }).state).toBe(judge({ statement: null }).state)
    expect(hashed(readMemory(hashed(writeMemory(EMPTY), sha256)), sha256)).toEqual(EMPTY)
  })
})
