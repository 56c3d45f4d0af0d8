import { describe, expect, it } from 'vitest'
import { Unreadable } from '../../src/cli/shell.ts'
import { WARNINGS } from '../../src/cli/warnings.ts'
import { keysOf, machine, seller } from './seller.ts'
import { START } from './stage.ts'

describe('licet verify with a revocation list', () => {
  it('refuses a frozen license, takes it back when reinstated, and refuses what was shortened', async () => {
    const { files, licet, change, list, text } = await seller()
    const verify = async () => {
      files.set('list.jwt', await list())
      const { json } = await licet('verify', 'license.txt', '--list', 'list.jwt', '--json')
      const { reason, standing, decidedBy, warnings } = json()
      return [reason ?? standing, decidedBy, warnings]
    }
    expect(await verify()).toEqual(['active', 'code', undefined])
    await change('freeze')
    expect(await verify()).toEqual(['frozen', 'list', undefined])
    await change('reinstate')
    expect(await verify()).toEqual(['active', 'code', undefined])
    await change('reissue', '--leaked')
    expect(await verify()).toEqual(['superseded', 'list', undefined])
    files.set('license.txt', await text())
    expect(await verify()).toEqual(['active', 'code', undefined])
    await change('release')
    expect(await verify()).toEqual(['released', 'list', undefined])
  })

  it('shows a person who decided, and warns in sentences', async () => {
    const { files, licet, change, list } = await seller()
    await change('freeze')
    files.set('list.jwt', await list())
    const { exit, out } = await licet('verify', 'license.txt', '--list', 'list.jwt', '--at', '2026-03-03')
    expect(exit).toBe(1)
    expect(out).toMatch(/^invalid: frozen; paid until/)
    expect(out).toMatch(/decided by\s+the revocation list\n/)
    expect(out).toContain('Warning: A newer revocation list should be out by now.')
  })

  it('on another machine needs the keys of the seller, from wherever they come', async () => {
    const made = await seller()
    await made.change('freeze')
    const [list, keys, license] = [
      await made.list(),
      await keysOf(made),
      made.files.get('license.txt') as string,
    ]
    const { roots, certificates } = JSON.parse(keys)
    const verify = machine({
      license,
      list,
      keys,
      root: JSON.stringify(roots),
      bundle: `# from the seller\n${list}\n${certificates.join('\n')}\n`,
    })
    const unheard = { says: 'active', decidedBy: 'code', warnings: ['list_unknown_key'] }
    expect(await verify('license', '--root', 'root', '--list', 'list')).toMatchObject(unheard)
    for (const more of [
      ['--root', 'keys', '--list', 'list'],
      ['--root', 'root', '--manifests', 'keys', '--list', 'list'],
      ['--root', 'root', '--list', 'bundle'],
    ]) {
      expect(await verify('license', ...more)).toMatchObject({ exit: 1, says: 'frozen', decidedBy: 'list' })
    }
  })

  it('judges all the same where the instance does not open, for whatever reason', async () => {
    const made = await seller()
    await made.change('freeze')
    const license = made.files.get('license.txt') as string
    const files = { license, list: await made.list(), keys: await keysOf(made) }
    for (const why of [new Unreadable('LICET_PORT is no port'), new Error('a key does not open')]) {
      const verdict = await machine(files, START, why)('license', '--root', 'keys', '--list', 'list')
      expect(verdict).toMatchObject({ exit: 1, says: 'frozen', decidedBy: 'list' })
    }
  })

  it('listens to nothing that is no list, and says so', async () => {
    const { files, licet, list } = await seller()
    const genuine = await list()
    const cases: readonly [string, string][] = [
      ['', 'list_malformed'],
      ['no list', 'list_malformed'],
      [files.get('license.txt') as string, 'list_malformed'],
      [`${genuine.slice(0, -4)}AAAA`, 'list_bad_signature'],
    ]
    for (const [text, warning] of cases) {
      files.set('list.jwt', text)
      const { exit, json } = await licet('verify', 'license.txt', '--list', 'list.jwt', '--json')
      expect([exit, json().warnings]).toEqual([0, [warning]])
    }
  })
})

describe('licet verify with a statement', () => {
  it('carries a license past the end of its code', async () => {
    const { files, licet, id, change } = await seller()
    await change('extend', '--until', '2028-03-01')
    await licet('license', 'statement', id, '--for', '700', '--out', 'statement.jwt')
    const at = ['--at', '2027-09-01']
    expect((await licet('verify', 'license.txt', ...at)).exit).toBe(1)
    const { exit, json } = await licet(
      'verify',
      'license.txt',
      '--statement',
      'statement.jwt',
      ...at,
      '--json',
    )
    expect(exit).toBe(0)
    expect(json()).toMatchObject({
      decidedBy: 'statement',
      license: { revision: 2, paidUntil: '2028-03-01T00:00:00Z' },
      state: expect.stringMatching(/^LS1\./),
    })
    expect(files.has('statement.jwt')).toBe(true)
  })

  it('made for another device permits nothing here', async () => {
    const { licet, id, change } = await seller()
    await change('extend', '--until', '2028-03-01')
    await licet('license', 'statement', id, '--for', '9', '--fingerprint', 'here', '--out', 's.jwt')
    const verify = async (device: string) =>
      (await licet('verify', 'license.txt', '--statement', 's.jwt', '--fingerprint', device, '--json')).json()
    expect(await verify('here')).toMatchObject({ valid: true, decidedBy: 'statement' })
    expect(await verify('there')).toMatchObject({
      reason: 'superseded',
      warnings: ['statement_wrong_device'],
    })
  })

  it('without the nonce that was sent is not fresh', async () => {
    const { licet, id } = await seller()
    await licet('license', 'statement', id, '--for', '9', '--out', 's.jwt')
    const { json } = await licet('verify', 'license.txt', '--statement', 's.jwt', '--nonce', 'n1', '--json')
    expect(json()).toMatchObject({ valid: true, warnings: ['statement_not_fresh'] })
  })
})

describe('licet verify as the program that has stored something', () => {
  it('reads the state, and never writes it', async () => {
    const { files, licet, change, list } = await seller()
    await change('freeze')
    files.set('list.jwt', await list())
    const { state } = (await licet('verify', 'license.txt', '--list', 'list.jwt', '--json')).json()
    files.set('state', `${state}\n`)
    const { exit, json } = await licet('verify', 'license.txt', '--state', 'state', '--json')
    expect([exit, json().reason, json().decidedBy]).toEqual([1, 'frozen', 'list'])
    expect(files.get('state')).toBe(`${state}\n`)
    files.set('state', 'LS1.nonsense')
    expect((await licet('verify', 'license.txt', '--state', 'state')).out).toContain(
      'Warning: The stored state',
    )
  })

  it('holds a clock before the build to be rolled back', async () => {
    const { licet } = await seller()
    const at = (build: string) => licet('verify', 'license.txt', '--build-time', build, '--json')
    expect((await at('2026-03-02')).json().valid).toBe(true)
    expect((await at('2026-04-01')).json().reason).toBe('clock_rolled_back')
  })

  it.each([
    ['--list', 'none'],
    ['--statement', 'none'],
    ['--state', 'none'],
    ['--manifests', 'none'],
    ['--manifests', 'license.txt'],
    ['--build-time', 'noon'],
    ['--nonce', ''],
  ])('cannot judge with %s %s', async (option, value) => {
    const { licet } = await seller()
    const { exit, out, err } = await licet('verify', 'license.txt', option, value)
    expect({ exit, out }).toEqual({ exit: 2, out: '' })
    expect(err).toContain(value === 'noon' || value === '' ? option : value)
  })
})

describe('the warnings', () => {
  it('are each a sentence of its own', () => {
    const sentences = Object.values(WARNINGS)
    for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z].*\.$/)
    expect(new Set(sentences).size).toBe(sentences.length)
  })
})
