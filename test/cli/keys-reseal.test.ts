import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { emptyStage, type Stage, sold, stage } from './stage.ts'

const masterKey = ({ data }: Stage): string => readFileSync(`${data}/master.key`, 'utf8').trim()

describe('keys reseal', () => {
  test('makes a new master key, says where it lies, and loses nothing', async () => {
    const here = await stage()
    const id = await sold(here, '--customer', 'Ms Wang')
    const before = masterKey(here)
    const ran = await here.licet('keys', 'reseal', '--reason', 'an administrator has left')
    expect(ran.exit).toBe(0)
    expect(ran.out).toContain('Sealed anew: 5; nothing here opens under the old key any more.')
    expect(ran.out).toContain(`${here.data}/master.key: back it up`)
    expect(masterKey(here)).not.toBe(before)
    expect(here.stored()).not.toContain(before)
    for (const key of [before, masterKey(here)]) expect(`${ran.out}${ran.err}`).not.toContain(key)
    const shown = await here.licet('license', 'show', id, '--json')
    expect(shown.json()).toMatchObject({ id, status: 'active' })
    expect((await here.licet('license', 'reissue', id)).exit).toBe(0)
    const history = await here.inside(({ store }) => store.keyHistory())
    expect(history.at(-1)).toMatchObject({
      event: { type: 'resealed' },
      by: { who: 'operator:support', reason: 'an administrator has left' },
    })
  })

  test('tried as a dry run counts and changes nothing', async () => {
    const here = await stage()
    const before = masterKey(here)
    const ran = await here.licet('keys', 'reseal', '--dry-run', '--json')
    expect(ran.json()).toMatchObject({ dryRun: true, resealed: 4, unreadable: [] })
    expect(masterKey(here)).toBe(before)
    expect((await here.licet('keys', 'list')).exit).toBe(0)
  })

  test('is refused while the instance is open, with what to do', async () => {
    const here = await stage()
    const before = masterKey(here)
    const ran = await here.inside(() => here.licet('keys', 'reseal'))
    expect(ran).toMatchObject({ exit: 1, err: expect.stringContaining('stop licet serve first') })
    expect(masterKey(here)).toBe(before)
  }, 10_000)

  test('of a key that is not the right one says so, and changes nothing', async () => {
    const here = await stage()
    const wrong = `${'A'.repeat(43)}\n`
    writeFileSync(`${here.data}/master.key`, wrong)
    const ran = await here.licet('keys', 'reseal')
    expect(ran.exit).toBe(3)
    expect(ran.err.trim().split('\n')).toHaveLength(1)
    expect(ran.err).toContain('not the one this database was sealed under')
    expect(readFileSync(`${here.data}/master.key`, 'utf8')).toBe(wrong)
  })

  test('without an instance says so', async () => {
    const ran = await emptyStage().licet('keys', 'reseal')
    expect(ran).toMatchObject({ exit: 3, err: expect.stringContaining('licet init') })
  })

  test('where the environment gives one key asks for both', async () => {
    const refusal = { reason: 'one_key_in_environment' } as const
    const here = emptyStage({ reseal: async () => ({ ok: false, no: refusal }) })
    const ran = await here.licet('keys', 'reseal', '--json')
    expect(ran).toMatchObject({ exit: 2, err: expect.stringContaining('LICET_MASTER_KEY') })
    expect(ran.json()).toMatchObject({ error: 'one_key_in_environment' })
  })

  test('names what no key opens, with exit code 1', async () => {
    const report = {
      resealed: 3,
      unreadable: [{ kind: 'customer', name: '1ef6fc706daff69a' }],
      masterKeyFile: '/srv/master.key',
    } as const
    const here = emptyStage({ reseal: async () => ({ ok: true, value: report }) })
    const ran = await here.licet('keys', 'reseal')
    expect(ran.exit).toBe(1)
    expect(ran.out).toContain('customer 1ef6fc706daff69a')
  })
})
