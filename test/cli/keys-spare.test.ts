import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { certify, checkRequest } from '../../src/authority/ceremony/certify.ts'
import { developmentRootPurpose } from '../../src/authority/purposes.ts'
import { readManifest } from '../../src/format/root-manifest.ts'
import { activeIn, eventsOf, keyIn, keysOf, must, stateOf } from './keys-kit.ts'
import { DAY, type Stage, stage } from './stage.ts'

const SPARE = ['--spare', '--passphrase-file', 'pass.txt']

async function withPassphrase(): Promise<Stage> {
  const here = await stage()
  here.files.set('pass.txt', 'a good long phrase\n')
  return here
}

const added = async (here: Stage, file: string, ...more: string[]) =>
  (await must(here.licet('keys', 'add', ...SPARE, '--private-file', file, ...more, '--json'))).json()

const bring = (here: Stage, file: string, ...more: string[]) =>
  here.licet('keys', 'import', '--private', file, '--passphrase-file', 'pass.txt', ...more)

async function keyWith(here: Stage, from: string) {
  const found = (await keysOf(here)).find(({ requested }) => requested?.from === from)
  if (found === undefined) throw new Error(`no key waits for a window from ${from}`)
  return found
}

/** What the development root would answer to the request of a key, as a ceremony's file. */
const certificateFor = (here: Stage, kid: string): Promise<string> =>
  here.inside(async ({ store, sealing, crypto }) => {
    const { request } = (await store.keys()).find((key) => key.kid === kid)!
    const asked = checkRequest(request!, crypto)
    const rootKid = (await store.setting('development_root'))!
    const sealed = readFileSync(join(here.data, 'development-root.jwe'), 'utf8').trim()
    const [manifest] = await store.manifests()
    const { publicKey } = readManifest(manifest!, crypto.sha256)!.manifest.keys[0]!
    const signer = crypto.signer(sealing.open(developmentRootPurpose(rootKid), sealed), publicKey)
    return asked.ok ? certify(asked.value, { kid: rootKid, publicKey, signer }, crypto) : ''
  })

describe('a cold spare', () => {
  it('has its private part in a sealed file and nowhere else', async () => {
    const here = await withPassphrase()
    const { kid } = await added(here, 'spare.key')
    expect(await keyIn(here, kid)).toMatchObject({ status: 'pending', spare: true, privatePart: 'away' })
    const [stored] = (await here.inside(({ store }) => store.keys())).filter((key) => key.kid === kid)
    expect(stored?.sealed).toBeNull()
    expect((await must(here.licet('root', 'show', 'spare.key'))).out).toContain(kid)
  })

  it('gets the window after the last one of its usage, open 90 days before that ends: two or three one after the other', async () => {
    const here = await withPassphrase()
    const windows = []
    for (const n of [1, 2, 3]) windows.push(await added(here, `spare-${n}.key`))
    expect(windows.map(({ from, to }) => [from, to])).toEqual([
      ['2026-12-02T00:00:00Z', '2027-12-03T00:00:00Z'],
      ['2027-09-04T00:00:00Z', '2028-09-04T00:00:00Z'],
      ['2028-06-06T00:00:00Z', '2029-06-07T00:00:00Z'],
    ])
    expect((await added(here, 'other.key', '--usage', 'lists')).from).toBe('2026-12-02T00:00:00Z')
  })

  it('gets no window from before now, when the last one ends soon or has ended, or is to begin now', async () => {
    const here = await withPassphrase()
    expect((await added(here, 'leak.key', '--from', 'now')).from).toBe('2026-03-01T00:00:00Z')
    here.pass(300 * DAY)
    expect((await added(here, 'late.key')).from).toBe('2026-12-26T00:00:00Z')
    here.pass(700 * DAY)
    expect((await added(here, 'later.key')).from).toBe('2028-11-25T00:00:00Z')
  })

  it('follows the key that signs, and not a spare for a leak that was made before', async () => {
    const here = await withPassphrase()
    here.pass(66 * DAY)
    await added(here, 'leak.key', '--from', 'now')
    expect((await added(here, 'spare-1.key')).from).toBe('2026-12-02T00:00:00Z')
    expect((await added(here, 'spare-2.key')).from).toBe('2027-09-04T00:00:00Z')
    here.pass(240 * DAY)
    await added(here, 'leak-2.key', '--from', 'now')
    expect((await added(here, 'spare-3.key')).from).toBe('2028-06-06T00:00:00Z')
  })

  it('follows another that a late ceremony made open at once, and that one when it signs', async () => {
    const here = await withPassphrase()
    here.pass(306 * DAY)
    const first = await added(here, 'spare-1.key')
    expect(first.from).toBe('2027-01-01T00:00:00Z')
    expect((await added(here, 'spare-2.key')).from).toBe('2027-10-04T00:00:00Z')
    await must(here.licet('keys', 'certify', first.kid))
    await must(bring(here, 'spare-1.key'))
    await must(here.licet('keys', 'promote', first.kid, '--force', '--reason', 'a test'))
    await must(here.licet('keys', 'retire', (await keyWith(here, '2027-10-04T00:00:00Z')).kid))
    here.pass(120 * DAY)
    expect((await added(here, 'spare-3.key')).from).toBe('2027-10-04T00:00:00Z')
  })

  it('for the day of a leak can sign at once, and the one for the year that follows says when it opens', async () => {
    const here = await withPassphrase()
    const leak = (await added(here, 'leak.key', '--from', 'now')).kid
    const next = (await added(here, 'spare-1.key')).kid
    await must(here.licet('keys', 'certify'))
    const { out } = await must(here.licet('keys', 'list'))
    expect(out).toMatch(new RegExp(`${leak} .* 366 +away`))
    expect(out).toMatch(new RegExp(`${next} .* opens in 276 +away`))
    expect(await keyIn(here, next)).toMatchObject({ daysLeft: 0 })
    const homeward = async (file: string) => (await must(bring(here, file))).out
    expect(await homeward('leak.key')).toContain(`"licet keys promote ${leak}" lets it sign`)
    const opens = `The issuing window of key ${next} opens at 2026-12-02T00:00:00Z; promote it then.`
    for (const said of [await homeward('spare-1.key'), await homeward('spare-1.key')]) {
      expect(said).toContain(opens)
      expect(said).not.toContain('lets it sign')
    }
  })

  it('that comes home before its certificate says so, and not when the same import brings it', async () => {
    const here = await withPassphrase()
    const { kid } = await added(here, 'leak.key', '--from', 'now')
    here.files.set('certs.txt', await certificateFor(here, kid))
    const both = ['certs.txt', '--private', 'leak.key', '--passphrase-file', 'pass.txt']
    expect((await must(bring(here, 'leak.key', '--dry-run'))).out).toContain('has no certificate that counts')
    for (const more of [['--dry-run'], []])
      expect((await must(here.licet('keys', 'import', ...both, ...more))).out).toContain('lets it sign')
  })

  it('that comes home with its certificate says in a dry run, too, that its window opens later', async () => {
    const here = await withPassphrase()
    const { kid } = await added(here, 'spare-1.key')
    here.files.set('certs.txt', await certificateFor(here, kid))
    const both = ['certs.txt', '--private', 'spare-1.key', '--passphrase-file', 'pass.txt']
    for (const more of [['--dry-run'], []]) {
      const { out } = await must(here.licet('keys', 'import', ...both, ...more))
      expect(out).toContain(
        `The issuing window of key ${kid} opens at 2026-12-02T00:00:00Z; promote it then.`,
      )
      expect(out).not.toContain('lets it sign')
    }
  })

  it('is certified and public before it is needed, comes home, and signs', async () => {
    const here = await withPassphrase()
    const { kid } = await added(here, 'spare.key', '--from', 'now')
    await must(here.licet('keys', 'certify'))
    here.pass(2 * DAY)
    const refused = await here.licet('keys', 'promote', kid, '--json')
    expect(refused.json().error).toBe('spare_away')
    expect(refused.err).toContain('licet keys import --private')
    await must(bring(here, 'spare.key', '--reason', 'the key before it leaked'))
    expect(await keyIn(here, kid)).toMatchObject({ privatePart: 'here', spare: true })
    await must(here.licet('keys', 'promote', kid))
    expect(await keyIn(here, kid)).toMatchObject({ status: 'active' })
    expect(await eventsOf(here, kid)).toEqual(['created', 'certified', 'brought_home', 'promoted'])
  })

  it('is named with what it waits for when a key is revoked and no other can sign', async () => {
    const here = await withPassphrase()
    const [home, away] = [(await added(here, 'home.key')).kid, (await added(here, 'away.key')).kid]
    const leak = (await added(here, 'leak.key', '--from', 'now')).kid
    await must(here.licet('keys', 'certify'))
    await added(here, 'uncertified.key', '--from', 'now')
    await must(bring(here, 'home.key'))
    rmSync(join(here.data, 'development-root.jwe'))
    const revoke = [
      'keys',
      'revoke',
      await activeIn(here),
      '--compromised-at',
      '2026-02-27',
      '--reason',
      'lost',
    ]
    expect((await must(here.licet(...revoke, '--dry-run'))).out).toContain(
      `Spare ${leak} is certified for now: bring it home with "licet keys import --private FILE". Then run`,
    )
    await must(here.licet('keys', 'retire', leak))
    expect((await must(here.licet(...revoke))).out).toContain(
      `The issuing window of key ${home}, which is here, opens at 2026-12-02T00:00:00Z. The issuing window of key ${away}, which is away, opens at 2027-09-04T00:00:00Z. Make a key with "licet keys add"`,
    )
    expect((await must(here.licet(...revoke, '--json'))).json().hindered).toEqual([
      { kid: home, privatePart: 'here', opens: '2026-12-02T00:00:00Z' },
      { kid: away, privatePart: 'away', opens: '2027-09-04T00:00:00Z' },
    ])
  })

  it('said twice is not made twice, nor brought home twice', async () => {
    const here = await withPassphrase()
    const { kid } = await added(here, 'spare.key')
    const before = await stateOf(here)
    expect(await added(here, 'spare.key')).toMatchObject({ kid, changed: false })
    expect(await stateOf(here)).toBe(before)
    await must(bring(here, 'spare.key'))
    const home = await stateOf(here)
    expect((await must(bring(here, 'spare.key'))).out).toContain('here already')
    expect(await stateOf(here)).toBe(home)
  })

  it('whose file was written before the program was killed is the one that is added', async () => {
    const here = await withPassphrase()
    const there = await withPassphrase()
    const { kid } = await added(there, 'spare.key')
    here.files.set('spare.key', there.files.get('spare.key')!)
    expect(await added(here, 'spare.key')).toMatchObject({ kid, changed: true })
    expect(await keyIn(here, kid)).toMatchObject({ status: 'pending', privatePart: 'away' })
  })

  it('with --dry-run is not made and leaves no file', async () => {
    const here = await withPassphrase()
    const before = await stateOf(here)
    expect(await added(here, 'spare.key', '--dry-run')).toMatchObject({ kid: null, spare: true })
    expect(await stateOf(here)).toBe(before)
    const { kid } = await added(here, 'spare.key')
    const made = await stateOf(here)
    await must(bring(here, 'spare.key', '--dry-run'))
    expect(await stateOf(here)).toBe(made)
    expect((await keyIn(here, kid)).privatePart).toBe('away')
  })

  it('does not come home with a wrong passphrase, from a cut file, from elsewhere, or once it ended', async () => {
    const here = await withPassphrase()
    const there = await withPassphrase()
    await added(there, 'theirs.key')
    here.files.set('theirs.key', there.files.get('theirs.key')!)
    const { kid } = await added(here, 'spare.key')
    const file = `${here.files.get('spare.key')}`
    here.files.set('cut.key', file.split('\n').slice(0, -3).join('\n'))
    here.files.set('wrong.txt', 'not the phrase')
    const before = await stateOf(here)
    const wrong = await here.licet(
      ...['keys', 'import', '--private', 'spare.key', '--passphrase-file', 'wrong.txt'],
    )
    expect(wrong).toMatchObject({ exit: 2, out: '' })
    expect(wrong.err).toContain('passphrase does not open')
    expect((await bring(here, 'cut.key')).err).toContain('was cut')
    expect((await bring(here, 'theirs.key', '--json')).json().error).toBe('key_unknown')
    here.files.set('certs.txt', await certificateFor(here, kid))
    const beside = await here.licet(
      ...['keys', 'import', 'certs.txt', '--private', 'theirs.key', '--passphrase-file', 'pass.txt'],
    )
    expect(beside).toMatchObject({ exit: 1 })
    here.files.delete('certs.txt')
    expect(await stateOf(here)).toBe(before)
    const retired = await must(here.licet('keys', 'retire', kid))
    expect(retired.out).toContain('Destroy the file')
    expect((await bring(here, 'spare.key', '--json')).json().error).toBe('key_retired')
    expect((await keysOf(here)).find((key) => key.kid === kid)).toMatchObject({ privatePart: 'destroyed' })
  })
})
