import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { validate } from '../../src/authority/validate.ts'
import {
  activeIn,
  certifyThere,
  eventsOf,
  keyIn,
  keysOf,
  must,
  type Officers,
  officers,
  stateOf,
  underOfficers,
} from './keys-kit.ts'
import { emptyStage, type Stage, sold, stage } from './stage.ts'

/** An instance under 2 of 3 officers whose requests are in `requests.txt`. */
async function asked(): Promise<{ here: Stage; root: Officers }> {
  const here = emptyStage()
  const root = await underOfficers(here)
  await must(here.licet('keys', 'request', '--request-file', 'requests.txt'))
  return { here, root }
}

const why = async (here: Stage, ...files: string[]) => {
  const before = await stateOf(here)
  const ran = await here.licet('keys', 'import', ...files, '--json')
  expect(ran.exit).not.toBe(0)
  expect(await stateOf(here)).toBe(before)
  return ran.json().error
}

describe('licet keys import', () => {
  it('takes in what two officers signed, together or apart, and the keys can be promoted', async () => {
    const { here, root } = await asked()
    await certifyThere(here, root, 'requests.txt', 'first.txt', [0])
    await certifyThere(here, root, 'requests.txt', 'second.txt', [2])
    const ran = await must(here.licet('keys', 'import', 'first.txt', 'second.txt', '--json'))
    expect(ran.json().certified).toHaveLength(3)
    for (const { kid, windows, publishedSince, status } of await keysOf(here)) {
      expect({ status, publishedSince }).toEqual({
        status: 'pending',
        publishedSince: '2026-03-01T00:00:00Z',
      })
      expect(windows).toEqual([{ from: '2026-03-01T00:00:00Z', to: '2027-03-02T00:00:00Z' }])
      expect(await eventsOf(here, kid)).toEqual(['created', 'certified'])
      await must(here.licet('keys', 'promote', kid, '--force', '--reason', 'first keys'))
    }
    expect((await keysOf(here)).every(({ status }) => status === 'active')).toBe(true)
  })

  it('said twice says so and changes nothing; with --dry-run it changes nothing either', async () => {
    const { here, root } = await asked()
    await certifyThere(here, root, 'requests.txt', 'certs.txt')
    const before = await stateOf(here)
    const dry = await must(here.licet('keys', 'import', 'certs.txt', '--dry-run', '--json'))
    expect(dry.json()).toMatchObject({ changed: true, dryRun: true })
    expect(await stateOf(here)).toBe(before)
    await must(here.licet('keys', 'import', 'certs.txt'))
    const after = await stateOf(here)
    expect((await must(here.licet('keys', 'import', 'certs.txt'))).out).toContain('here already')
    expect(await stateOf(here)).toBe(after)
  })

  it('refuses certificates below the threshold, and says how many there are', async () => {
    const { here, root } = await asked()
    await certifyThere(here, root, 'requests.txt', 'first.txt', [1])
    expect(await why(here, 'first.txt')).toBe('below_threshold')
    expect((await here.licet('keys', 'import', 'first.txt')).err).toContain('of 1 root keys, and 2 must sign')
  })

  it('refuses certificates of another root, also beside good ones', async () => {
    const { here, root } = await asked()
    const other = await officers(here, 'other')
    await certifyThere(here, root, 'requests.txt', 'good.txt')
    await certifyThere(here, other, 'requests.txt', 'foreign.txt')
    expect(await why(here, 'foreign.txt')).toBe('bad_certificate')
    expect(await why(here, 'good.txt', 'foreign.txt')).toBe('bad_certificate')
  })

  it('refuses a certificate of a key that was made elsewhere', async () => {
    const { here, root } = await asked()
    const there = emptyStage()
    for (const [name, text] of here.files) there.files.set(name, text)
    await must(there.licet('init', '--root', root.manifest))
    await must(there.licet('keys', 'request', '--request-file', 'theirs.txt'))
    await certifyThere(there, root, 'theirs.txt', 'certs.txt')
    here.files.set('theirs.txt', there.files.get('certs.txt')!)
    expect(await why(here, 'theirs.txt')).toBe('certificate_of_unknown_key')
  })

  it('refuses a certificate with a typing error, a text that is none, and no file at all', async () => {
    const { here, root } = await asked()
    await certifyThere(here, root, 'requests.txt', 'certs.txt')
    const text = `${here.files.get('certs.txt')}`
    const at = text.indexOf('LK1-') + 40
    const typo = text[at] === 'X' ? 'Y' : 'X'
    here.files.set('typo.txt', text.slice(0, at) + typo + text.slice(at + 1))
    here.files.set('letter.txt', 'Dear support')
    here.files.set('half.json', '{"payload":')
    here.files.set('none.json', '{"payload":"e30","signatures":[]}')
    expect(await why(here, 'typo.txt')).toBe('unreadable_certificate')
    expect(await why(here, 'letter.txt')).toBe('unreadable')
    expect(await why(here, 'half.json')).toBe('unreadable')
    expect(await why(here, 'none.json')).toBe('chain_broken')
    expect(await why(here, 'nothing-here.txt')).toBe('unreadable')
    expect(await why(here)).toBe('unreadable')
  })

  it('refuses manifests that do not follow', async () => {
    const { here } = await asked()
    const other = await officers(here, 'other')
    expect(await why(here, other.manifest)).toBe('chain_broken')
  })

  it('refuses two halves of a manifest that officers signed apart, and says how to join them', async () => {
    const { here, root } = await asked()
    const { keys, passphrases, manifest } = root
    const chain = ['--manifest', manifest]
    const by = (i: number) => ['--key', keys[i]!, '--passphrase-file', passphrases[i]!]
    await must(here.licet('root', 'rotate', ...chain, '--threshold', '1', '--out', 'draft.json'))
    for (const [i, half] of ['a.json', 'b.json'].entries())
      await must(here.licet('root', 'sign', 'draft.json', ...chain, ...by(i), '--out', half))
    expect(await why(here, 'a.json')).toBe('chain_broken')
    expect(await why(here, 'a.json', 'b.json')).toBe('signed_apart')
    const { err } = await here.licet('keys', 'import', 'a.json', 'b.json')
    expect(err).toContain('of root manifest version 2')
    expect(err).toContain('"licet root sign FILE FILE --manifest CHAIN --out FILE"')
    await must(here.licet('root', 'sign', 'a.json', 'b.json', ...chain, '--out', 'two.json'))
    expect((await must(here.licet('keys', 'import', 'two.json', '--json'))).json().manifests).toEqual([2])
  })

  it('refuses to certify a revoked key again', async () => {
    const here = await stage()
    const kid = await activeIn(here)
    const leak = ['--compromised-at', '2026-02-01', '--reason', 'laptop stolen']
    await must(here.licet('keys', 'revoke', kid, ...leak))
    expect((await here.licet('keys', 'certify', kid, '--json')).json().error).toBe('key_revoked')
    expect((await keyIn(here, kid)).status).toBe('revoked')
  })
})

describe('a development root that is left behind', () => {
  async function moving() {
    const here = await stage()
    const root = await officers(here)
    const active = (await keysOf(here)).map(({ kid }) => kid)
    const [development] = await here.inside(async ({ store }) => store.manifests())
    here.files.set('chain.json', development!)
    const kid = JSON.parse(Buffer.from(JSON.parse(development!).payload, 'base64url').toString()).keys[0].kid
    const why = ['--compromised-at', '2026-03-01', '--reason', 'lay on the server']
    const added = root.keys.flatMap((key) => ['--add', key])
    const signing = root.keys.flatMap((key, i) => ['--key', key, '--passphrase-file', root.passphrases[i]!])
    await must(
      here.licet(
        ...['root', 'rotate', '--manifest', 'chain.json', '--drop', kid, '--revoke', kid, ...why],
        ...[...added, '--threshold', '2', ...signing, '--out', 'draft.json'],
      ),
    )
    await must(
      here.licet(
        ...['root', 'sign', 'draft.json', '--manifest', 'chain.json', '--development', '--out', 'v2.json'],
      ),
    )
    return { here, root, active, kid }
  }

  it('is refused as long as the keys that sign would be left without certificates', async () => {
    const { here } = await moving()
    expect(await why(here, 'v2.json')).toBe('would_stop_signing')
  })

  it('leaves customers of the server with licenses that hold, once their keys are certified again', async () => {
    const { here, root, active } = await moving()
    const id = await sold(here)
    const { text } = (await here.licet('license', 'show', id, '--json')).json()
    await must(here.licet('keys', 'request', ...active, '--request-file', 'requests.txt'))
    here.files.set('both.json', `[${here.files.get('chain.json')},${here.files.get('v2.json')}]`)
    const certs = await certifyThere(here, { ...root, manifest: 'both.json' }, 'requests.txt', 'certs.txt')
    await must(here.licet('keys', 'import', 'v2.json', certs))
    const ask = (asked: string) =>
      here.inside(async (authority) => {
        const snapshot = await authority.configuration.current(authority.ambient.now())
        return validate(authority, snapshot, { text: asked, fingerprint: null, nonce: null })
      })
    expect(await ask(text)).toMatchObject({ answer: { valid: true, license: { id } } })
    expect(await ask(text.split(' ')[0]!)).toMatchObject({ answer: { valid: false, reason: 'unknown_key' } })
    const altered = text.replace(/LC1-./, 'LC1-1')
    expect(await ask(altered)).toMatchObject({ answer: { valid: false, license: null } })
  })

  it('goes, private part and all, once the same import brings certificates of the new root', async () => {
    const { here, root, active } = await moving()
    await must(here.licet('keys', 'request', ...active, '--request-file', 'requests.txt'))
    here.files.set('both.json', `[${here.files.get('chain.json')},${here.files.get('v2.json')}]`)
    const certs = await certifyThere(here, { ...root, manifest: 'both.json' }, 'requests.txt', 'certs.txt')
    const before = await stateOf(here)
    await must(here.licet('keys', 'import', 'v2.json', certs, '--dry-run'))
    expect(await stateOf(here)).toBe(before)
    const ran = await must(here.licet('keys', 'import', 'v2.json', certs, '--json'))
    expect(ran.json()).toMatchObject({ manifests: [2], developmentRootLeft: true, revoked: [] })
    const list = (await must(here.licet('keys', 'list', '--json'))).json()
    expect(list).toMatchObject({ developmentRoot: false, rootVersion: 2 })
    expect((await here.licet('keys', 'rotate', '--json')).json().error).toBe('no_root')
    expect(readdirSync(here.data)).not.toContain('development-root.jwe')
    expect(await activeIn(here)).toBeDefined()
    const id = (
      await must(
        here.licet(
          ...['license', 'issue', '--product', 'cad-pro', '--edition', 'standard', '--perpetual', '--json'],
        ),
      )
    ).json()
    here.files.set('sold.txt', id.text)
    expect((await here.licet('verify', 'sold.txt', '--json')).json().valid).toBe(true)
    const pinned = await here.licet('verify', 'sold.txt', '--root', 'chain.json', '--json')
    expect(pinned.json().reason).toBe('unknown_key')
  })
})
