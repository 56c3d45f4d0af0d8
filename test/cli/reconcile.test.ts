import { expect, test } from 'vitest'
import { DAY, START, type Stage, stage } from './stage.ts'

/** Codes of the marketplace, as activations and questions leave them. */
async function watched(here: Stage): Promise<string[]> {
  const ids: string[] = []
  for (const code of ['PL1', 'PL2', 'PL3']) {
    const sale = ['--product', 'cad-pro', '--edition', 'flagship', '--until', '2027-01-01']
    const issued = await here.licet(
      'license',
      'issue',
      ...sale,
      '--channel',
      'huawei',
      '--instance',
      code,
      '--json',
    )
    ids.push(issued.json().id)
  }
  await here.inside(({ store }) =>
    store.commit({
      codes: [
        { license: ids[0]!, due: START + DAY, told: { at: START, said: 'alive' } },
        {
          ...{ license: ids[1]!, due: START + DAY, told: { at: START - 9 * DAY, said: 'released' } },
          repair: { at: START - 9 * DAY, events: 'released' },
        },
        { license: ids[2]!, due: START + DAY },
      ],
    }),
  )
  return ids
}

test('without a code there is nothing to compare', async () => {
  const here = await stage()
  expect((await here.licet('marketplace', 'reconcile')).out).toContain('0 codes of marketplaces')
})

test('what was made up for is shown with its license', async () => {
  const here = await stage()
  const ids = await watched(here)
  const report = (await here.licet('marketplace', 'reconcile', '--json')).json()
  expect(report).toEqual({
    ...{ codes: 3, live: 3, said: { alive: 1, released: 1 }, neverAsked: 1, overdue: 1 },
    repairs: [
      {
        ...{ license: ids[1], channel: 'huawei', said: 'released', repaired: 'released' },
        repairedAt: '2026-02-20T00:00:00Z',
      },
    ],
  })
  const { out } = await here.licet('marketplace', 'reconcile')
  expect(out).toContain('1 were not confirmed for two days')
  expect(out).toMatch(new RegExp(`^${ids[1]} .* released +released `, 'm'))
  const lately = (await here.licet('marketplace', 'reconcile', '--days', '3', '--json')).json()
  expect(lately.repairs).toEqual([])
})

test('all of them are due at once where support says so', async () => {
  const here = await stage()
  await watched(here)
  const due = () => here.inside(async ({ store }) => (await store.codesDue(START, 9)).length)
  expect(await due()).toBe(0)
  expect(await here.licet('marketplace', 'reconcile', '--now')).toMatchObject({ exit: 0 })
  expect(await due()).toBe(3)
})

test('only those are said to be asked about whose marketplace can be called', async () => {
  const here = await stage()
  await watched(here)
  const said = async () => (await here.licet('marketplace', 'reconcile', '--now')).out
  const without = await said()
  expect(without).toContain('0 live ones are asked about')
  expect(without).toContain('3 are not: their channel has no AK and SK')
  here.files.set('ak-sk', 'AKOFTHETESTS\nsecret\n')
  const set = ['channel', 'set-open-api', 'huawei', '--credentials-file', 'ak-sk', '--site', 'intl']
  expect(await here.licet(...set)).toMatchObject({ exit: 0 })
  const after = await said()
  expect(after).toContain('3 live ones are asked about')
  expect(after).not.toContain('are not')
  expect((await here.licet('marketplace', 'reconcile')).out).not.toContain('asked about as soon')
})

test('a channel that is not there is refused', async () => {
  const here = await stage()
  expect(await here.licet('marketplace', 'reconcile', '--channel', 'nobody', '--now')).toMatchObject({
    exit: 1,
  })
  expect(await here.licet('marketplace', 'reconcile', '--days', '0')).toMatchObject({ exit: 2 })
})
