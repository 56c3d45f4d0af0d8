import { describe, expect, it } from 'vitest'
import { activeIn, certifiedKey, eventsOf, historyOf, keyIn, must, stateOf } from './keys-kit.ts'
import { DAY, type Stage, sold, stage } from './stage.ts'

const FORCE = ['--force', '--reason', 'the old one is worn']

const kidOfSale = async (here: Stage): Promise<string> => {
  const id = await sold(here)
  const { text } = (await must(here.licet('license', 'show', id, '--json'))).json()
  here.files.set('sold.txt', text)
  return (await must(here.licet('verify', 'sold.txt', '--json'))).json().license.kid
}

describe('licet keys promote', () => {
  it('lets a key sign once the publication period is over; the one before it stands down', async () => {
    const here = await stage()
    const before = await activeIn(here)
    const kid = await certifiedKey(here)
    here.pass(DAY)
    const ran = await must(here.licet('keys', 'promote', kid))
    expect(ran.out).toContain(`Key ${kid} signs codes from now on; a canary held.`)
    expect(await keyIn(here, kid)).toMatchObject({ status: 'active', privatePart: 'here' })
    expect(await keyIn(here, before)).toMatchObject({ status: 'retired', privatePart: 'here' })
    expect(await kidOfSale(here)).toBe(kid)
    expect(await eventsOf(here, kid)).toEqual(['created', 'certified', 'promoted'])
    expect(await eventsOf(here, before)).toEqual(['created', 'stood_down'])
  })

  it('refuses inside the publication period, to its last second, and says when it ends', async () => {
    const here = await stage()
    const kid = await certifiedKey(here)
    here.pass(DAY - 1)
    const before = await stateOf(here)
    const ran = await here.licet('keys', 'promote', kid, '--json')
    expect(ran).toMatchObject({ exit: 1 })
    expect(ran.json()).toMatchObject({ error: 'too_young' })
    expect(ran.err).toContain('until 2026-03-02T00:00:00Z')
    expect(await stateOf(here)).toBe(before)
  })

  it('goes on inside it when forced, with the reason in the history', async () => {
    const here = await stage()
    const kid = await certifiedKey(here)
    expect(await here.licet('keys', 'promote', kid, '--force')).toMatchObject({ exit: 1 })
    await must(here.licet('keys', 'promote', kid, ...FORCE))
    const [, , promoted] = await historyOf(here, kid)
    expect(promoted).toMatchObject({
      event: 'promoted',
      by: 'operator:support',
      reason: 'the old one is worn',
      facts: { publication: 'forced' },
    })
  })

  it('takes a bad promotion back: the key that stood down is promoted again', async () => {
    const here = await stage()
    const old = await activeIn(here)
    const kid = await certifiedKey(here)
    await must(here.licet('keys', 'promote', kid, ...FORCE))
    await must(here.licet('keys', 'promote', old, ...FORCE))
    expect(await activeIn(here)).toBe(old)
    expect(await kidOfSale(here)).toBe(old)
    expect((await keyIn(here, kid)).status).toBe('retired')
  })

  it('said twice says so and changes nothing', async () => {
    const here = await stage()
    const kid = await activeIn(here)
    const before = await stateOf(here)
    expect((await must(here.licet('keys', 'promote', kid))).out).toContain('already')
    expect(await stateOf(here)).toBe(before)
  })

  it('with --dry-run judges all and changes nothing', async () => {
    const here = await stage()
    const kid = await certifiedKey(here)
    const before = await stateOf(here)
    expect(await here.licet('keys', 'promote', kid, '--dry-run')).toMatchObject({ exit: 1 })
    expect((await must(here.licet('keys', 'promote', kid, ...FORCE, '--dry-run'))).out).toContain(
      'Nothing was changed',
    )
    expect(await stateOf(here)).toBe(before)
  })

  it('promotes keys of statements and of lists, each with a canary of its kind', async () => {
    const here = await stage()
    for (const usage of ['statements', 'lists']) {
      const kid = await certifiedKey(here, '--usage', usage, '--product', 'cad-pro', '--max-term', '1')
      await must(here.licet('keys', 'promote', kid, ...FORCE))
      expect(await activeIn(here, usage)).toBe(kid)
    }
  })

  it('refuses a key that is not certified, not there, out of its window, or destroyed', async () => {
    const here = await stage()
    const { kid } = (await must(here.licet('keys', 'add', '--json'))).json()
    const later = await certifiedKey(here, '--from', '2027-01-01')
    const over = await certifiedKey(here, '--usage', 'lists', '--to', '2026-03-02')
    const destroyed = await certifiedKey(here, '--usage', 'statements')
    await must(here.licet('keys', 'retire', destroyed))
    here.pass(2 * DAY)
    const before = await stateOf(here)
    const why = async (name: string) =>
      (await here.licet('keys', 'promote', name, ...FORCE, '--json')).json().error
    expect(await why(kid)).toBe('not_certified')
    expect(await why('ffffffff')).toBe('key_unknown')
    expect(await why(later)).toBe('window_not_open')
    expect(await why(over)).toBe('window_closed')
    expect(await why(destroyed)).toBe('key_retired')
    expect(await stateOf(here)).toBe(before)
  })
})

describe('licet keys retire', () => {
  it('destroys the private part of a key that stood down and leaves it public', async () => {
    const here = await stage()
    const old = await activeIn(here)
    const text = await kidOfSale(here).then(() => here.files.get('sold.txt'))
    await must(here.licet('keys', 'promote', await certifiedKey(here), ...FORCE))
    await must(here.licet('keys', 'retire', old, '--reason', 'rotated'))
    expect(await keyIn(here, old)).toMatchObject({ status: 'retired', privatePart: 'destroyed' })
    expect((await here.inside(({ store }) => store.keys())).find(({ kid }) => kid === old)?.sealed).toBeNull()
    expect(await eventsOf(here, old)).toEqual(['created', 'stood_down', 'retired'])
    here.files.set('old.txt', text!)
    expect((await must(here.licet('verify', 'old.txt', '--json'))).json().valid).toBe(true)
    const { keyring } = await here.inside((authority) => authority.configuration.current(0))
    expect(keyring.certificatesOf(old)).toHaveLength(1)
    expect(await here.licet('keys', 'promote', old, ...FORCE)).toMatchObject({ exit: 1 })
  })

  it('said twice says so and changes nothing', async () => {
    const here = await stage()
    const kid = await certifiedKey(here)
    await must(here.licet('keys', 'retire', kid))
    const before = await stateOf(here)
    expect((await must(here.licet('keys', 'retire', kid))).out).toContain('already')
    expect(await stateOf(here)).toBe(before)
  })

  it('refuses the only key of its usage unless forced with a reason', async () => {
    const here = await stage()
    const kid = await activeIn(here)
    const before = await stateOf(here)
    const ran = await here.licet('keys', 'retire', kid, '--json')
    expect(ran.json()).toMatchObject({ error: 'last_key' })
    expect((await here.licet('keys', 'retire', kid, '--force', '--json')).json().error).toBe('reason_missing')
    expect(
      (await must(here.licet('keys', 'retire', kid, ...FORCE, '--dry-run', '--json'))).json(),
    ).toMatchObject({
      changed: true,
    })
    expect(await stateOf(here)).toBe(before)
    await must(here.licet('keys', 'retire', kid, ...FORCE))
    expect((await keyIn(here, kid)).status).toBe('retired')
    expect((await here.licet('license', 'list')).exit).toBe(0)
  })

  it('refuses a key that is not there', async () => {
    const here = await stage()
    expect((await here.licet('keys', 'retire', 'ffffffff', '--json')).json().error).toBe('key_unknown')
  })
})
