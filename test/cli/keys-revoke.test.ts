import { describe, expect, test } from 'vitest'
import { type Stage, sold, stage } from './stage.ts'

const WHY = ['--compromised-at', '2026-02-27', '--reason', 'laptop stolen']

const codesKey = async ({ licet }: Stage): Promise<string> =>
  (await licet('keys', 'list', '--json'))
    .json()
    .items.find(
      ({ usage, status }: { usage: string; status: string }) => usage === 'codes' && status === 'active',
    ).kid

const stateOf = async ({ licet }: Stage) => (await licet('keys', 'list', '--json')).json()

describe('keys revoke', () => {
  test('stops the key, lets another take over, names it in the manifest and signs its licenses again', async () => {
    const here = await stage()
    const [first, second] = [await sold(here), await sold(here)]
    const kid = await codesKey(here)
    const ran = await here.licet('keys', 'revoke', kid, ...WHY)
    expect(ran.exit).toBe(0)
    expect(ran.out).toContain(`Key ${kid} (codes) is revoked`)
    expect(ran.out).toContain('Root manifest 2 names it')
    expect(ran.out).toContain('Licenses signed again: 2;')
    const after = await stateOf(here)
    expect(after.rootVersion).toBe(2)
    expect(after.items.find((key: { kid: string }) => key.kid === kid).status).toBe('revoked')
    for (const id of [first, second]) {
      const shown = (await here.licet('license', 'show', id, '--json')).json()
      expect(shown.revision).toBe(2)
      const file = 'license.txt'
      here.files.set(file, shown.text)
      expect((await here.licet('verify', file, '--json')).json()).toMatchObject({ valid: true })
    }
    const history = (await here.licet('license', 'history', first, '--json')).out
    expect(history).toContain(`key ${kid} revoked: laptop stolen`)
    expect(history).toContain('operator:support')
  })

  test('makes offline verification under the newest manifests refuse the code from before', async () => {
    const here = await stage()
    const id = await sold(here)
    here.files.set('old.txt', (await here.licet('license', 'show', id, '--json')).json().text)
    await here.licet('keys', 'revoke', await codesKey(here), ...WHY)
    const verdict = await here.licet('verify', 'old.txt', '--json')
    expect(verdict.exit).toBe(1)
    expect(verdict.json()).toMatchObject({ valid: false, standing: null, reason: 'key_revoked' })
  })

  test('leaves a key that waits for nothing any more in the list', async () => {
    const here = await stage()
    const kid = await codesKey(here)
    await here.licet('keys', 'revoke', kid, ...WHY)
    const item = (await stateOf(here)).items.find((key: { kid: string }) => key.kid === kid)
    expect(item).toMatchObject({ windows: [], requested: null })
    expect((await here.licet('keys', 'list')).out).not.toContain('waits')
  })

  test('said twice changes nothing and says so', async () => {
    const here = await stage()
    const id = await sold(here)
    const kid = await codesKey(here)
    await here.licet('keys', 'revoke', kid, ...WHY)
    const again = await here.licet('keys', 'revoke', kid, ...WHY)
    expect(again.exit).toBe(0)
    expect(again.out).toContain('was revoked before')
    expect((await stateOf(here)).rootVersion).toBe(2)
    expect((await here.licet('license', 'show', id, '--json')).json().revision).toBe(2)
  })

  test('tried as a dry run changes nothing', async () => {
    const here = await stage()
    const id = await sold(here)
    const kid = await codesKey(here)
    const before = await stateOf(here)
    const ran = await here.licet('keys', 'revoke', kid, ...WHY, '--dry-run', '--json')
    expect(ran.exit).toBe(0)
    expect(ran.json()).toMatchObject({ dryRun: true, holders: 1, reissued: 0, active: null, manifest: 2 })
    expect(await stateOf(here)).toEqual(before)
    expect((await here.licet('license', 'show', id, '--json')).json().revision).toBe(1)
    expect(here.stored()).not.toContain('laptop stolen')
  })

  test('names the licenses that nobody may sign, and signs them when somebody may', async () => {
    const here = await stage()
    const short = await sold(here, '--until', '2026-03-20')
    const long = await sold(here)
    const kid = await codesKey(here)
    const added = await here.licet('keys', 'add', '--max-term', '1', '--json')
    await here.licet('keys', 'certify', added.json().kid)
    const ran = await here.licet('keys', 'revoke', kid, ...WHY)
    expect(ran.exit).toBe(1)
    expect(ran.out).toContain('Licenses signed again: 1;')
    expect(ran.out).toContain(`license ${long}: no active key is certified for its product or its term`)
    const document = (await here.licet('keys', 'revoke', kid, ...WHY, '--json')).json()
    expect(document).toMatchObject({ failed: 1, failures: [{ id: long, why: 'no_key' }], reissued: 0 })
    const wide = (await here.licet('keys', 'add', '--json')).json().kid
    await here.licet('keys', 'certify', wide)
    expect((await here.licet('keys', 'promote', wide, '--force', '--reason', 'leak')).exit).toBe(0)
    expect(await here.licet('keys', 'revoke', kid, ...WHY)).toMatchObject({ exit: 0 })
    for (const id of [short, long])
      expect((await here.licet('license', 'show', id, '--json')).json().revision).toBe(2)
  })

  test('of a key for statements signs no license again', async () => {
    const here = await stage()
    await sold(here)
    const { items } = await stateOf(here)
    const { kid } = items.find(({ usage }: { usage: string }) => usage === 'statements')
    const ran = await here.licet('keys', 'revoke', kid, ...WHY, '--json')
    expect(ran.json()).toMatchObject({ usage: 'statements', tookOver: true, reissued: 0, holders: 0 })
  })

  test('leaves nothing in the files that the private part of the key could be opened from', async () => {
    const here = await stage()
    const kid = await codesKey(here)
    const sealed = await here.inside(
      async ({ store }) => (await store.keys()).find((key) => key.kid === kid)!.sealed!,
    )
    await here.licet('keys', 'revoke', kid, ...WHY)
    const kept = await here.inside(async ({ store }) => (await store.keys()).find((key) => key.kid === kid)!)
    expect(kept.sealed).toBeNull()
    expect(here.stored()).not.toContain(sealed)
  })

  test.each([
    ['a key that is not there', ['revoke', '00000000', ...WHY], 1, 'There is no signing key 00000000'],
    ['a name that is none', ['revoke', 'ALL', ...WHY], 2, '"ALL" is no key id'],
    ['no reason', ['revoke', '00000000', '--compromised-at', '2026-02-27'], 2, '--reason'],
    ['no time', ['revoke', '00000000', '--reason', 'x'], 2, '--compromised-at'],
    [
      'a time to come',
      ['revoke', '00000000', '--compromised-at', '2030-01-01', '--reason', 'x'],
      2,
      'not over yet',
    ],
    [
      'an empty reason',
      ['revoke', '00000000', '--compromised-at', '2026-02-27', '--reason', ' '],
      2,
      'empty',
    ],
  ])('refuses %s', async (_, argv, exit, sentence) => {
    const here = await stage()
    const before = await stateOf(here)
    const ran = await here.licet('keys', ...argv)
    expect(ran.exit).toBe(exit)
    expect(ran.err).toContain(sentence)
    expect(await stateOf(here)).toEqual(before)
  })
})

describe('keys revoke without a root at hand', () => {
  /** The private root is gone from the server, as after a way to production. */
  async function rootless() {
    const here = await stage()
    const { rmSync } = await import('node:fs')
    rmSync(`${here.data}/development-root.jwe`)
    return here
  }

  test('stops the key, writes what the root has to sign, and says that nobody can sign', async () => {
    const here = await rootless()
    const id = await sold(here)
    const kid = await codesKey(here)
    const ran = await here.licet('keys', 'revoke', kid, ...WHY, '--request-file', 'revocation.json')
    expect(ran.exit).toBe(0)
    expect(ran.out).toContain('Warning: no key can sign codes now')
    expect(ran.out).toContain('licet root rotate --revoke revocation.json')
    expect(ran.out).toContain('Licenses that wait to be signed again: 1.')
    expect(JSON.parse(String(here.files.get('revocation.json')))).toMatchObject({
      revoke: { kid, reason: 'laptop stolen', at: Date.UTC(2026, 1, 27) / 1000 },
    })
    expect((await stateOf(here)).rootVersion).toBe(1)
    const sale = ['--product', 'cad-pro', '--edition', 'standard', '--perpetual']
    expect((await here.licet('license', 'issue', ...sale)).exit).toBe(1)
    expect((await here.licet('license', 'show', id, '--json')).json().revision).toBe(1)
  })

  test('said twice accepts the file that it wrote, and no other', async () => {
    const here = await rootless()
    const kid = await codesKey(here)
    const again = () => here.licet('keys', 'revoke', kid, ...WHY, '--request-file', 'revocation.json')
    here.files.set('revocation.json', 'my notes')
    expect(await again()).toMatchObject({ exit: 2, err: expect.stringContaining('exists already') })
    expect((await stateOf(here)).items.find((key: { kid: string }) => key.kid === kid).status).toBe('active')
    here.files.delete('revocation.json')
    expect((await again()).exit).toBe(0)
    expect((await again()).exit).toBe(0)
  })

  test('refuses to begin on a database that is older than the manifests beside it', async () => {
    const here = await stage()
    const { readFileSync, writeFileSync } = await import('node:fs')
    const kid = await codesKey(here)
    const old = readFileSync(`${here.data}/licet.db`)
    await here.licet('keys', 'revoke', kid, ...WHY)
    writeFileSync(`${here.data}/licet.db`, old)
    const ran = await here.licet('keys', 'revoke', kid, ...WHY)
    expect(ran).toMatchObject({ exit: 1, err: expect.stringContaining('licet keys import') })
  })

  test('is not needed to bring back what was published before a restore, also when no record was kept', async () => {
    const here = await stage()
    const { readFileSync, rmSync, writeFileSync } = await import('node:fs')
    const kid = await codesKey(here)
    const id = await sold(here)
    const old = readFileSync(`${here.data}/licet.db`)
    await here.licet('keys', 'revoke', kid, ...WHY)
    writeFileSync(`${here.data}/licet.db`, old)
    rmSync(`${here.data}/retired-keys`)
    here.files.set('met.json', readFileSync(`${here.data}/root-manifests.json`))
    const imported = await here.licet('keys', 'import', 'met.json', '--json')
    expect(imported.exit).toBe(0)
    expect(imported.json()).toMatchObject({ manifests: [2], revoked: [kid] })
    expect((await stateOf(here)).items.find((key: { kid: string }) => key.kid === kid).status).toBe('revoked')
    expect((await here.licet('keys', 'revoke', kid, ...WHY)).exit).toBe(0)
    expect((await here.licet('license', 'show', id, '--json')).json().revision).toBe(2)
  })

  test('comes before a manifest that was never published here and revokes the key that signs', async () => {
    const [here, there] = [await stage(), await stage()]
    const { readFileSync } = await import('node:fs')
    await there.licet('keys', 'revoke', await codesKey(there), ...WHY)
    here.files.set('next.json', readFileSync(`${there.data}/root-manifests.json`))
    const imported = await here.licet('keys', 'import', 'next.json')
    expect(imported).toMatchObject({ exit: 1, err: expect.stringContaining('licet keys revoke') })
    expect((await stateOf(here)).rootVersion).toBe(1)
  })
})
