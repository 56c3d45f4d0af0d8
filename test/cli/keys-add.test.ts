import { describe, expect, it } from 'vitest'
import { Unreadable } from '../../src/cli/shell.ts'
import { activeIn, certifiedKey, eventsOf, historyOf, keyIn, keysOf, must, stateOf } from './keys-kit.ts'
import { DAY, stage } from './stage.ts'

const SPARE = ['--spare', '--passphrase-file', 'pass.txt', '--private-file']

describe('licet keys add', () => {
  it('makes a pending key and prints the request for its certificate', async () => {
    const here = await stage()
    const { kid, request, changed } = (await must(here.licet('keys', 'add', '--json'))).json()
    expect(changed).toBe(true)
    expect(request.split('.')).toHaveLength(3)
    expect(await keyIn(here, kid)).toMatchObject({
      usage: 'codes',
      status: 'pending',
      spare: false,
      windows: [],
      requested: { from: '2026-03-01T00:00:00Z', to: '2027-03-02T00:00:00Z' },
      privatePart: 'here',
      publishedSince: null,
    })
    expect(await eventsOf(here, kid)).toEqual(['created'])
  })

  it('asks with a serial above every other', async () => {
    const here = await stage()
    const serials = []
    for (const usage of ['codes', 'statements', 'lists'])
      serials.push((await must(here.licet('keys', 'add', '--usage', usage, '--json'))).json().serial)
    expect(serials).toEqual([4, 5, 6])
  })

  it('writes the request to a file that officers take to the root', async () => {
    const here = await stage()
    const { request } = (await must(here.licet('keys', 'add', '--request-file', 'r.txt', '--json'))).json()
    expect(here.files.get('r.txt')).toBe(`${request}\n`)
    const shown = await must(here.licet('root', 'show', 'r.txt'))
    expect(shown.out).toContain('codes')
  })

  it('said twice speaks of the key that waits, and makes no other', async () => {
    const here = await stage()
    const first = (await must(here.licet('keys', 'add', '--json'))).json()
    const before = await stateOf(here)
    const again = (await must(here.licet('keys', 'add', '--json'))).json()
    expect(again).toEqual({ ...first, changed: false })
    expect(await stateOf(here)).toBe(before)
    const other = (await must(here.licet('keys', 'add', '--max-term', '12', '--json'))).json()
    expect(other.kid).not.toBe(first.kid)
  })

  it('said again a second later with --from now speaks of the same key', async () => {
    const here = await stage()
    const first = (await must(here.licet('keys', 'add', '--from', 'now', '--json'))).json()
    here.pass(1)
    const again = (await must(here.licet('keys', 'add', '--from', 'now', '--json'))).json()
    expect(again).toEqual({ ...first, changed: false })
  })

  it.each([
    [[]],
    [['--from', 'now']],
  ])('speaks of no key whose window opens later when one is wanted for now (%j)', async (given) => {
    const here = await stage()
    const later = (await must(here.licet('keys', 'add', '--from', '2026-09-01', '--json'))).json()
    const made = (await must(here.licet('keys', 'add', ...given, '--json'))).json()
    expect(made).toMatchObject({ changed: true, from: '2026-03-01T00:00:00Z' })
    expect(made.kid).not.toBe(later.kid)
    const again = (await must(here.licet('keys', 'add', '--from', '2026-09-01', '--json'))).json()
    expect(again).toEqual({ ...later, changed: false })
  })

  it.each([
    ['a key that is no spare, open at once', ['--from', '2026-05-06', '--to', '2027-05-07'], 66],
    [
      'a spare that was to open later',
      [...SPARE, 'first.key', '--from', '2026-05-06', '--to', '2027-05-07'],
      0,
    ],
  ])('lets a spare follow %s', async (_, first, days) => {
    const here = await stage()
    here.files.set('pass.txt', 'correct horse battery staple')
    here.pass(days * DAY)
    await must(here.licet('keys', 'add', ...first))
    const next = (await must(here.licet('keys', 'add', ...SPARE, 'next.key', '--json'))).json()
    expect(next.from).toBe('2027-02-06T00:00:00Z')
  })

  it('makes another once the first has its certificate', async () => {
    const here = await stage()
    const first = await certifiedKey(here)
    expect((await must(here.licet('keys', 'add', '--json'))).json().kid).not.toBe(first)
  })

  it('keeps the limits it was given', async () => {
    const here = await stage()
    const limits = ['--product', 'cad-pro', '--max-term', '13', '--from', '2026-04-01', '--to', '2026-05-01']
    const added = (await must(here.licet('keys', 'add', ...limits, '--json'))).json()
    expect(added).toMatchObject({
      product: 1001,
      maxTermMonths: 13,
      from: '2026-04-01T00:00:00Z',
      to: '2026-05-01T00:00:00Z',
    })
  })

  it('with --dry-run changes nothing and names no key', async () => {
    const here = await stage()
    const before = await stateOf(here)
    const ran = await must(here.licet('keys', 'add', '--request-file', 'r.txt', '--dry-run', '--json'))
    expect(ran.json()).toMatchObject({ kid: null, request: null, changed: true, dryRun: true, serial: 4 })
    expect(await stateOf(here)).toBe(before)
  })

  it('keeps who and why in the history', async () => {
    const here = await stage()
    const { kid } = (await must(here.licet('keys', 'add', '--reason', 'yearly', '--json'))).json()
    expect(await historyOf(here, kid)).toMatchObject([{ by: 'operator:support', reason: 'yearly' }])
  })

  it.each([
    ['a window that ends before it begins', ['--from', '2026-05-01', '--to', '2026-04-01'], 1],
    ['a window that is over', ['--to', '2026-02-01'], 1],
    ['a window of over five years', ['--to', '2033-01-01'], 1],
    ['a window beyond what a certificate can write', ['--from', '2105-01-01', '--to', '2107-01-01'], 1],
    ['a time that is none', ['--from', 'tomorrow'], 2],
    ['an unknown usage', ['--usage', 'everything'], 2],
    ['a product that is not in the catalog', ['--product', 'nothing'], 2],
    ['a term of more months than a certificate can write', ['--max-term', '256'], 2],
    ['a spare without a place for its private part', ['--spare'], 2],
    ['a place for a private part without a spare', ['--private-file', 'p.key'], 2],
    ['a passphrase without a spare', ['--passphrase-file', 'p.txt'], 2],
  ])('refuses %s, and changes nothing', async (_, given, exit) => {
    const here = await stage()
    const before = await stateOf(here)
    const ran = await here.licet('keys', 'add', ...given)
    expect(ran).toMatchObject({ exit, out: '' })
    expect(ran.err).toMatch(/\.\n$/)
    expect(await stateOf(here)).toBe(before)
  })

  it('refuses to write its request over another file, and makes no key', async () => {
    const here = await stage()
    here.files.set('r.txt', 'something else')
    here.files.set('pass.txt', 'correct horse battery staple')
    const before = await stateOf(here)
    const spare = ['--spare', '--private-file', 's.key', '--passphrase-file', 'pass.txt']
    for (const more of [[], spare]) {
      const ran = await here.licet('keys', 'add', ...more, '--request-file', 'r.txt')
      expect(ran).toMatchObject({ exit: 2, err: expect.stringContaining('exists already') })
    }
    expect(here.files.get('r.txt')).toBe('something else')
    expect(here.files.has('s.key')).toBe(false)
    expect(await stateOf(here)).toBe(before)
  })

  it('that cannot write its request says that the key is made, and how to get the request', async () => {
    const here = await stage({
      write: async (path) => {
        throw new Unreadable(`${path} cannot be written: ENOSPC.`)
      },
    })
    const ran = await here.licet('keys', 'add', '--request-file', 'r.txt')
    const pending = (await keysOf(here)).find(({ status }) => status === 'pending')!
    expect(ran).toMatchObject({ exit: 2, err: expect.stringContaining(`"licet keys request ${pending.kid}`) })
  })
})

describe('licet keys request', () => {
  it('writes what all keys that wait ask for into one file, or what named keys asked for', async () => {
    const here = await stage()
    const asked = []
    for (const usage of ['codes', 'lists'])
      asked.push((await must(here.licet('keys', 'add', '--usage', usage, '--json'))).json())
    const { items } = (
      await must(here.licet('keys', 'request', '--request-file', 'all.txt', '--json'))
    ).json()
    expect(items.map(({ kid }: { kid: string }) => kid).sort()).toEqual(asked.map(({ kid }) => kid).sort())
    expect(`${here.files.get('all.txt')}`.trim().split('\n').sort()).toEqual(
      asked.map(({ request }) => request).sort(),
    )
    const active = await activeIn(here)
    const named = (await must(here.licet('keys', 'request', active, '--json'))).json().items
    expect(named).toMatchObject([{ kid: active, usage: 'codes' }])
  })

  it('leaves out a key that was given up while it waited', async () => {
    const here = await stage()
    const { kid } = (await must(here.licet('keys', 'add', '--json'))).json()
    await must(here.licet('keys', 'retire', kid))
    expect((await must(here.licet('keys', 'request', '--json'))).json().items).toEqual([])
    expect((await must(here.licet('keys', 'certify', '--json'))).json().changed).toBe(false)
  })

  it('says when no key waits', async () => {
    const here = await stage()
    expect((await must(here.licet('keys', 'request'))).out).toContain('No key waits')
  })

  it('refuses a key that is not there, and a name that is none', async () => {
    const here = await stage()
    expect(await here.licet('keys', 'request', 'ffffffff')).toMatchObject({ exit: 1, out: '' })
    expect(await here.licet('keys', 'request', 'FFFFFFFF')).toMatchObject({ exit: 2, out: '' })
  })
})

describe('licet keys list', () => {
  it('shows a pending key that waits, and since when a certified one is public', async () => {
    const here = await stage()
    const waiting = (await must(here.licet('keys', 'add', '--usage', 'lists', '--json'))).json().kid
    here.pass(DAY)
    const certified = await certifiedKey(here)
    expect((await keyIn(here, certified)).publishedSince).toBe('2026-03-02T00:00:00Z')
    const { out } = await must(here.licet('keys', 'list'))
    expect(out).toMatch(
      new RegExp(`${waiting} +lists +pending +waits for its certificate \\(asked: 2026-03-01`),
    )
    expect(await keysOf(here)).toHaveLength(5)
  })
  it('does not say of a key that was retired before its window that it opens', async () => {
    const here = await stage()
    const kid = await certifiedKey(here, '--from', '2026-09-01')
    const list = async () => (await must(here.licet('keys', 'list'))).out
    expect(await list()).toMatch(new RegExp(`${kid} .* opens in 184 +here`))
    await must(here.licet('keys', 'retire', kid))
    expect(await list()).toMatch(new RegExp(`${kid} .* 0 +destroyed`))
  })
})
