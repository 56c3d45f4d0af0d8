import { describe, expect, it } from 'vitest'
import { DAY, sold, stage } from './stage.ts'

const VERBS = [
  ['freeze', [], 'frozen'],
  ['reinstate', [], 'active'],
  ['release', [], 'released'],
  ['extend', ['--until', '2028-01-01'], 'active'],
  ['reissue', [], 'active'],
] as const

describe('licet license freeze, reinstate and release', () => {
  it('take a license through its life, and say what it is now', async () => {
    const made = await stage()
    const id = await sold(made)
    const say = async (verb: string) => (await made.licet('license', verb, id, '--json')).json()
    expect(await say('freeze')).toMatchObject({
      changed: true,
      status: 'frozen',
      reason: 'frozen',
      freezeReason: 'operator',
      revision: 2,
    })
    expect(await say('reinstate')).toMatchObject({
      changed: true,
      status: 'active',
      valid: true,
      revision: 3,
    })
    expect(await say('release')).toMatchObject({
      changed: true,
      status: 'released',
      standing: 'released',
      revision: 4,
    })
  })

  it.each([
    ['freeze', []],
    ['freeze', ['freeze']],
    ['reinstate', ['freeze']],
    ['release', []],
  ])('%s said again changes nothing and is no error', async (verb, before) => {
    const made = await stage()
    const id = await sold(made)
    for (const earlier of before) await made.licet('license', earlier, id)
    await made.licet('license', verb, id)
    const shown = (await made.licet('license', 'show', id, '--json')).json()
    const again = await made.licet('license', verb, id)
    expect(again).toMatchObject({ exit: 0, err: '' })
    expect(again.out).toMatch(/^unchanged: /)
    expect((await made.licet('license', verb, id, '--json')).json()).toMatchObject({
      changed: false,
      revision: shown.revision,
    })
  })

  it('reinstating prints the new license text, freezing none', async () => {
    const made = await stage()
    const id = await sold(made)
    expect((await made.licet('license', 'freeze', id)).out).not.toContain('LC1-')
    expect((await made.licet('license', 'reinstate', id)).out).toContain('LC1-')
  })

  it('on a released license: freeze changes nothing, the others are refused', async () => {
    const made = await stage()
    const id = await sold(made)
    await made.licet('license', 'release', id)
    expect((await made.licet('license', 'freeze', id)).out).toMatch(/^unchanged: /)
    for (const [verb, more] of [
      ['reinstate', []],
      ['extend', ['--until', '2028-01-01']],
      ['reissue', []],
    ] as const) {
      const ran = await made.licet('license', verb, id, ...more, '--json')
      expect(ran.exit).toBe(1)
      expect(ran.json().error).toBe('license_released')
    }
  })
})

describe('licet license extend', () => {
  it('sets a later end and prints the new text', async () => {
    const made = await stage()
    const id = await sold(made)
    const { out } = await made.licet('license', 'extend', id, '--until', '2028-01-01')
    expect(out).toContain('paid until 2028-01-01T00:00:00Z, works until 2028-01-04T00:00:00Z')
    expect(out).toContain('LC1-')
  })

  it.each([
    '2027-03-01',
    '2026-06-01',
    '2020-01-01',
  ])('changes nothing for %s: only a later end counts', async (until) => {
    const made = await stage()
    const id = await sold(made)
    const { exit, json } = await made.licet('license', 'extend', id, '--until', until, '--json')
    expect(exit).toBe(0)
    expect(json()).toMatchObject({ changed: false, revision: 1, paidUntil: '2027-03-01T00:00:00Z' })
  })

  it('says "extended" of no perpetual license', async () => {
    const { licet } = await stage()
    const sale = ['--product', 'cad-pro', '--edition', 'standard', '--perpetual', '--json']
    const { id } = (await licet('license', 'issue', ...sale)).json()
    expect((await licet('license', 'extend', id, '--until', '2030-01-01')).out).toMatch(
      /^unchanged: .* perpetual\n$/,
    )
  })

  it.each([
    ['no end', []],
    ['an end that is none', ['--until', 'soon']],
  ])('is wrong usage with %s', async (_, more) => {
    const made = await stage()
    const id = await sold(made)
    const { exit, err } = await made.licet('license', 'extend', id, ...more)
    expect(exit).toBe(2)
    expect(err).toContain('--until')
  })
})

describe('licet license reissue', () => {
  it('makes a new code of the same license', async () => {
    const made = await stage()
    const id = await sold(made)
    const before = (await made.licet('license', 'show', id, '--json')).json()
    made.pass(DAY)
    const { text, revision } = (await made.licet('license', 'reissue', id, '--json')).json()
    expect(revision).toBe(2)
    expect(text).not.toBe(before.text)
  })

  it('binds, keeps the binding, and unbinds', async () => {
    const made = await stage()
    const id = await sold(made)
    const bound = async (...more: string[]) =>
      (await made.licet('license', 'reissue', id, ...more, '--json')).json().bound
    expect([await bound('--fingerprint', 'board'), await bound(), await bound('--unbind')]).toEqual([
      true,
      true,
      false,
    ])
  })

  it('shuts out holders of a leaked code', async () => {
    const made = await stage()
    const id = await sold(made)
    await made.licet('license', 'reissue', id, '--leaked')
    const floor = await made.inside(async ({ store }) => (await store.byId(id))?.handOverFloor)
    expect(floor).toBe(2)
  })

  it('is refused on a frozen license', async () => {
    const made = await stage()
    const id = await sold(made)
    await made.licet('license', 'freeze', id)
    const { exit, err } = await made.licet('license', 'reissue', id)
    expect(exit).toBe(1)
    expect(err).toContain('reinstate it first')
  })

  it.each([
    ['both ways at once', ['--fingerprint', 'board', '--unbind']],
    ['an empty fingerprint', ['--fingerprint', '']],
  ])('is wrong usage with %s', async (_, more) => {
    const made = await stage()
    const id = await sold(made)
    expect((await made.licet('license', 'reissue', id, ...more)).exit).toBe(2)
  })
})

describe('every change', () => {
  it.each(VERBS)('%s takes the license by channel and instance', async (verb, more, status) => {
    const made = await stage()
    const id = await sold(made, '--channel', 'huawei', '--instance', 'I1')
    const named = ['--channel', 'huawei', '--instance', 'I1', ...more]
    expect((await made.licet('license', verb, ...named, '--json')).json()).toMatchObject({ id, status })
  })

  it.each(VERBS)('%s of a license that is not there is a no', async (verb, more) => {
    const { licet } = await stage()
    for (const name of [['0123456789abcdef'], ['nonsense'], ['--channel', 'huawei', '--instance', 'I9']]) {
      const { exit, json } = await licet('license', verb, ...name, ...more, '--json')
      expect(exit).toBe(1)
      expect(json().error).toBe('license_unknown')
    }
  })

  it.each(VERBS)('%s without a name, or with two, is wrong usage', async (verb, more) => {
    const { licet } = await stage()
    const names = [
      [],
      ['--channel', 'huawei'],
      ['--instance', 'I1'],
      ['0123456789abcdef', '--channel', 'huawei'],
    ]
    for (const name of names) expect((await licet('license', verb, ...name, ...more)).exit).toBe(2)
  })

  it('keeps who made it and why in the history', async () => {
    const made = await stage()
    const id = await sold(made)
    await made.licet('license', 'freeze', id, '--reason', 'payment disputed, 争议')
    const { items } = (await made.licet('license', 'history', id, '--json')).json()
    expect(items[1]).toMatchObject({ event: 'frozen', by: 'operator', reason: 'payment disputed, 争议' })
  })
})
