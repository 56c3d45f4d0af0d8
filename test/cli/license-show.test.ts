import { describe, expect, it } from 'vitest'
import { DAY, type Stage, sold, stage } from './stage.ts'

const show = async ({ licet }: Stage, id: string) => (await licet('license', 'show', id, '--json')).json()

/** A code that a License 2.0 callback met before its terms were known. */
async function met({ inside }: Stage): Promise<string> {
  const id = 'aaaabbbbccccdddd'
  const origin = { channel: 'huawei', instance: 'PL1', order: null }
  await inside(async ({ store }) =>
    store.commit({
      change: {
        before: null,
        after: {
          status: 'pending',
          id,
          origin,
          revision: 1,
          handOverFloor: 0,
          codes: null,
          orders: [],
          createdAt: 1_772_323_200,
          held: {},
          mark: null,
        },
        events: [{ type: 'met', id, origin, at: 1_772_323_200 }],
        by: { who: 'callback:huawei', reason: null },
        code: null,
        customer: null,
      },
    }),
  )
  return id
}

describe('licet license show', () => {
  it.each([
    ['PL0123456789', /--channel and --instance/],
    ['0123456789abcdef', /"licet license list"/],
  ])('says of %s how it may be found', async (name, hint) => {
    const { exit, err } = await (await stage()).licet('license', 'show', name)
    expect(exit).toBe(1)
    expect(err).toContain(`There is no license "${name}"`)
    expect(err).toMatch(hint)
  })

  it('prints the license as validation does, with its status and its text', async () => {
    const made = await stage()
    const id = await sold(made, '--seats', '5', '--channel', 'huawei', '--instance', 'I1', '--order', 'O1')
    expect(await show(made, id)).toEqual({
      id,
      product: 'cad-pro',
      edition: 'standard',
      features: ['render'],
      seats: 5,
      trial: false,
      revision: 1,
      issuedAt: '2026-03-01T00:00:00Z',
      paidUntil: '2027-03-01T00:00:00Z',
      worksUntil: '2027-03-04T00:00:00Z',
      status: 'active',
      valid: true,
      standing: 'active',
      reason: null,
      freezeReason: null,
      channel: 'huawei',
      instance: 'I1',
      order: 'O1',
      bound: false,
      text: expect.stringMatching(/^LC1-\S+ LK1-\S+$/),
      devices: 0,
      applications: [],
      customer: null,
    })
  })

  it('tells a person the same', async () => {
    const made = await stage()
    const id = await sold(made, '--customer', '张三')
    const { out } = await made.licet('license', 'show', id)
    for (const shown of [
      id,
      'active',
      '2027-03-01T00:00:00Z',
      '2027-03-04T00:00:00Z',
      'cad-pro',
      'render',
      '张三',
      'LC1-',
    ])
      expect(out).toContain(shown)
  })

  it.each([
    ['before the paid end', 365 * DAY - 1, 'active', true],
    ['from the paid end on', 365 * DAY, 'grace', true],
    ['after the grace', 368 * DAY, 'expired', false],
  ])('judges by the clock %s', async (_, seconds, standing, valid) => {
    const made = await stage()
    const id = await sold(made)
    made.pass(seconds)
    expect(await show(made, id)).toMatchObject({
      standing,
      valid,
      reason: valid ? null : standing,
      status: 'active',
    })
  })

  it('makes up nothing for a license whose terms are not known yet', async () => {
    const made = await stage()
    const id = await met(made)
    expect(await show(made, id)).toMatchObject({
      status: 'pending',
      valid: false,
      reason: 'not_yet_valid',
      product: null,
      text: null,
      paidUntil: null,
    })
    const { out } = await made.licet('license', 'show', id)
    expect(out).toContain('not known yet')
    expect(out).not.toContain('perpetual')
  })

  it('finds by channel and instance', async () => {
    const made = await stage()
    const id = await sold(made, '--channel', 'huawei', '--instance', 'I1')
    const found = await made.licet('license', 'show', '--channel', 'huawei', '--instance', 'I1', '--json')
    expect(found.json().id).toBe(id)
  })

  it.each([
    ['an id that is not there', ['0123456789abcdef'], 1],
    ['what is no id', ['../../etc/passwd'], 1],
    ['an instance that is not there', ['--channel', 'huawei', '--instance', 'I9'], 1],
    ['no name', [], 2],
    ['half a name', ['--channel', 'huawei'], 2],
    ['two ids', ['0123456789abcdef', '0123456789abcdef'], 2],
  ])('refuses %s', async (_, name, exit) => {
    const { licet } = await stage()
    for (const verb of ['show', 'history']) {
      const ran = await licet('license', verb, ...name)
      expect(ran).toMatchObject({ exit, out: '' })
      expect(ran.err).not.toBe('')
    }
  })

  it('lets no name from outside steer the terminal', async () => {
    const made = await stage()
    const id = await sold(made, '--channel', 'huawei', '--instance', 'I\u001b[2J\nfaked')
    const { out } = await made.licet('license', 'show', id)
    expect(out).not.toContain('\u001b')
    expect(out).not.toMatch(/^faked/m)
  })
})

describe('licet license history', () => {
  it('tells every change, oldest first', async () => {
    const made = await stage()
    const id = await sold(made, '--seats', '0', '--order', 'O1')
    made.pass(DAY)
    await made.licet('license', 'freeze', id, '--reason', 'disputed')
    await made.licet('license', 'reinstate', id)
    await made.licet('license', 'extend', id, '--until', '2028-01-01')
    await made.licet('license', 'reissue', id, '--leaked', '--fingerprint', 'board')
    await made.licet('license', 'release', id)
    const document = (await made.licet('license', 'history', id, '--json')).json()
    const by = { by: 'operator', reason: null }
    const at = '2026-03-02T00:00:00Z'
    const facts = {
      order: 'O1',
      product: 'cad-pro',
      edition: 'standard',
      seats: 'unlimited',
      paidUntil: '2027-03-01T00:00:00Z',
    }
    expect(document).toEqual({
      id,
      items: [
        { revision: 1, at: '2026-03-01T00:00:00Z', event: 'issued', ...by, facts },
        { revision: 2, at, event: 'frozen', by: 'operator', reason: 'disputed', facts: { as: 'operator' } },
        { revision: 3, at, event: 'reinstated', ...by, facts: {} },
        { revision: 4, at, event: 'renewed', ...by, facts: { paidUntil: '2028-01-01T00:00:00Z' } },
        { revision: 5, at, event: 'reissued', ...by, facts: { leaked: true, bound: true } },
        { revision: 6, at, event: 'released', ...by, facts: {} },
      ],
    })
    const { out } = await made.licet('license', 'history', id)
    expect(out.trimEnd().split('\n')).toHaveLength(7)
    expect(out).toContain('disputed')
  })

  it('tells how a code was met', async () => {
    const made = await stage()
    const { items } = (await made.licet('license', 'history', await met(made), '--json')).json()
    expect(items).toMatchObject([
      { event: 'met', by: 'callback:huawei', facts: { channel: 'huawei', instance: 'PL1' } },
    ])
  })
})
