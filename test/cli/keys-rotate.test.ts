import { describe, expect, it } from 'vitest'
import {
  activeIn,
  certifyThere,
  eventsOf,
  historyOf,
  keyIn,
  keysOf,
  must,
  officers,
  stateOf,
  underOfficers,
} from './keys-kit.ts'
import { emptyStage, sold, stage } from './stage.ts'

describe('licet keys rotate', () => {
  it('gives every usage its next key and ends the one before it, in one command', async () => {
    const here = await stage()
    const before = await keysOf(here)
    const { items } = (await must(here.licet('keys', 'rotate', '--reason', 'yearly', '--json'))).json()
    expect(items.map(({ usage }: { usage: string }) => usage)).toEqual(['codes', 'statements', 'lists'])
    for (const { usage, kid, previous } of items) {
      expect(before.find((key) => key.usage === usage)?.kid).toBe(previous)
      expect(await keyIn(here, kid)).toMatchObject({ status: 'active', privatePart: 'here', daysLeft: 366 })
      expect(await keyIn(here, previous)).toMatchObject({ status: 'retired', privatePart: 'destroyed' })
      expect(await eventsOf(here, kid)).toEqual(['created', 'certified', 'promoted'])
      expect(await eventsOf(here, previous)).toEqual(['created', 'stood_down', 'retired'])
      for (const entry of (await historyOf(here, kid)).slice(1))
        expect(entry).toMatchObject({ by: 'operator:support', reason: 'yearly' })
    }
    expect(await keysOf(here)).toHaveLength(6)
  })

  it('lets software of the first day believe what is signed before, between and after', async () => {
    const here = await stage()
    const [manifest] = await here.inside(({ store }) => store.manifests())
    here.files.set('day-0.json', manifest!)
    const kids = new Set<string>()
    for (let n = 0; n < 3; n++) {
      const id = await sold(here)
      here.files.set(`sold-${n}.txt`, (await must(here.licet('license', 'show', id, '--json'))).json().text)
      await must(here.licet('keys', 'rotate', '--usage', 'codes'))
    }
    for (let n = 0; n < 3; n++) {
      const verdict = (
        await must(here.licet('verify', `sold-${n}.txt`, '--root', 'day-0.json', '--json'))
      ).json()
      expect(verdict).toMatchObject({ valid: true })
      kids.add(verdict.license.kid)
    }
    expect(kids.size).toBe(3)
  })

  it('rotates one usage alone, with the limits of the key before it', async () => {
    const here = await stage()
    const before = await activeIn(here, 'statements')
    const limited = ['--usage', 'codes', '--product', 'cad-pro', '--max-term', '12']
    const { kid } = (await must(here.licet('keys', 'add', ...limited, '--json'))).json()
    await must(here.licet('keys', 'certify'))
    await must(here.licet('keys', 'promote', kid, '--force', '--reason', 'limits'))
    const { items } = (await must(here.licet('keys', 'rotate', '--usage', 'codes', '--json'))).json()
    expect(items).toMatchObject([{ usage: 'codes', previous: kid, resumed: false }])
    const facts = (await historyOf(here, items[0].kid))[1]
    expect(facts).toMatchObject({ facts: { product: 1001, maxTermMonths: 12 } })
    expect(await activeIn(here, 'statements')).toBe(before)
  })

  it('with --dry-run names what would happen and changes nothing', async () => {
    const here = await stage()
    const before = await stateOf(here)
    const ran = await must(here.licet('keys', 'rotate', '--dry-run'))
    expect(ran.out.match(/Nothing was changed/g)).toHaveLength(3)
    expect(ran.out).toContain(await activeIn(here))
    expect(await stateOf(here)).toBe(before)
  })

  it('refuses without a root, with one key of a root of two, with a stranger, with a wrong passphrase', async () => {
    const here = emptyStage()
    const root = await underOfficers(here)
    const other = await officers(here, 'other')
    const before = await stateOf(here)
    const signing = ({ keys, passphrases }: typeof root, ...which: number[]) =>
      which.flatMap((i) => ['--root-key', keys[i]!, '--passphrase-file', passphrases[i]!])
    const why = async (...more: string[]) =>
      (await here.licet('keys', 'rotate', ...more, '--json')).json().error
    expect(await why()).toBe('no_root')
    expect(await why(...signing(root, 0))).toBe('below_threshold')
    expect(await why(...signing(other, 0, 1))).toBe('root_not_in_manifest')
    expect(await why('--root-key', root.keys[0]!, '--passphrase-file', root.passphrases[1]!)).toBe(
      'unreadable',
    )
    expect(await stateOf(here)).toBe(before)
  })

  it('does not take the development root for a root key that was forgotten beside its passphrase', async () => {
    const here = await stage()
    const before = await stateOf(here)
    const ran = await here.licet('keys', 'rotate', '--passphrase-file', 'officer-1.txt')
    expect(ran).toMatchObject({ exit: 2, err: expect.stringContaining('--root-key') })
    expect(await stateOf(here)).toBe(before)
  })

  it('rotates with sealed root keys where they are at hand', async () => {
    const here = emptyStage()
    const root = await underOfficers(here)
    await must(here.licet('keys', 'request', '--request-file', 'requests.txt'))
    await must(here.licet('keys', 'import', await certifyThere(here, root, 'requests.txt', 'certs.txt')))
    const first = (await keysOf(here)).find(({ usage }) => usage === 'codes')!.kid
    await must(here.licet('keys', 'promote', first, '--force', '--reason', 'first'))
    const signing = [0, 2].flatMap((i) => [
      '--root-key',
      root.keys[i]!,
      '--passphrase-file',
      root.passphrases[i]!,
    ])
    const ran = await must(here.licet('keys', 'rotate', '--usage', 'codes', ...signing, '--json'))
    expect(ran.json().items).toMatchObject([{ previous: first }])
    expect(await activeIn(here)).toBe(ran.json().items[0].kid)
  })
})
