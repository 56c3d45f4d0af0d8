import { describe, expect, it } from 'vitest'
import type { OrderNote } from '../../src/authority/orders.ts'
import { DAY, START, type Stage, stage } from './stage.ts'

const note = (n: number, over: Partial<OrderNote> = {}): OrderNote => ({
  channel: 'huawei',
  order: { id: `CS${n}`, line: `CS${n}-1` },
  cause: 'notice',
  license: null,
  state: 'asked',
  at: START + n,
  learnt: null,
  ...over,
})

const learnt = {
  kind: 'CHANGE',
  orderedAt: START,
  charging: 'PERIOD',
  paidUntil: START + DAY,
  marketplaceProduct: 'OFFI123',
  sku: 'sku-gold',
  quantity: '5',
} as const

async function noted(...notes: readonly OrderNote[]): Promise<Stage> {
  const made = await stage()
  await made.inside((authority) => authority.store.commit({ notes }))
  return made
}

describe('licet order list', () => {
  it('says that there is none', async () => {
    const { licet } = await stage()
    expect(await licet('order', 'list')).toMatchObject({ exit: 0, out: 'There is no order yet.\n' })
    expect((await licet('order', 'list', '--json')).json()).toEqual({ items: [], next: null })
  })

  it('goes on where it ended', async () => {
    const { licet } = await noted(note(1), note(2), note(3))
    const first = (await licet('order', 'list', '--limit', '2', '--json')).json()
    expect(first.items.map(({ number }: { number: string }) => number)).toEqual(['CS1', 'CS2'])
    const second = (await licet('order', 'list', '--after', first.next, '--json')).json()
    expect(second.items.map(({ number }: { number: string }) => number)).toEqual(['CS3'])
    expect(second.next).toBeNull()
    expect((await licet('order', 'list', '--limit', '2')).out).toContain(`--after ${first.next}`)
  })

  it('shows one line for each, sales among them', async () => {
    const { licet } = await noted(note(1, { state: 'applied', cause: 'upgrade' }))
    const sale = ['--channel', 'huawei', '--instance', 'I1', '--order', 'CS7', '--until', '2027-03-01']
    await licet('license', 'issue', '--product', 'cad-pro', '--edition', 'standard', ...sale)
    const { out } = await licet('order', 'list')
    expect(out).toMatch(/^ORDER +LINE +CHANNEL +CAUSE +STATE +LICENSE +NOTED$/m)
    expect(out).toMatch(/^CS1 +CS1-1 +huawei +upgrade +applied +- /m)
    expect(out).toMatch(/^CS7 +- +huawei +sale +applied +[0-9a-f]{16} /m)
  })

  it.each([
    ['a limit of 0', '--limit', '0'],
    ['a limit of words', '--limit', 'many'],
  ])('refuses %s', async (_, ...more) => {
    const { licet } = await stage()
    expect((await licet('order', 'list', ...more)).exit).toBe(2)
  })

  it('shows an empty page after what is no place', async () => {
    const { licet } = await noted(note(1))
    expect((await licet('order', 'list', '--after', 'nowhere', '--json')).json()).toEqual({
      items: [],
      next: null,
    })
  })
})

describe('licet order show', () => {
  it('shows all lines of a number, with what was learnt', async () => {
    const second = note(1, {
      order: { id: 'CS1', line: 'CS1-2' },
      cause: 'renewal',
      state: 'applied',
      learnt,
    })
    const { licet } = await noted(note(1), second)
    const { number, lines } = (await licet('order', 'show', 'CS1', '--json')).json()
    expect(number).toBe('CS1')
    expect(lines).toEqual([
      expect.objectContaining({ line: 'CS1-1', state: 'asked', kind: null, learntAt: null }),
      {
        number: 'CS1',
        line: 'CS1-2',
        channel: 'huawei',
        cause: 'renewal',
        state: 'applied',
        license: null,
        notedAt: '2026-03-01T00:00:01Z',
        learntAt: '2026-03-01T00:00:01Z',
        kind: 'CHANGE',
        orderedAt: '2026-03-01T00:00:00Z',
        charging: 'PERIOD',
        paidUntil: '2026-03-02T00:00:00Z',
        marketplaceProduct: 'OFFI123',
        sku: 'sku-gold',
        quantity: '5',
      },
    ])
  })

  it('tells a person what the state means', async () => {
    const { licet } = await noted(note(1, { state: 'waiting', learnt }))
    expect((await licet('order', 'show', 'CS1')).out).toMatch(/^state +waiting: the catalog or its license/m)
  })

  it('does not know an order that was never named', async () => {
    const { licet } = await noted(note(1))
    const ran = await licet('order', 'show', 'CS', '--json')
    expect(ran.exit).toBe(1)
    expect(ran.json()).toMatchObject({ error: 'order_unknown' })
  })
})
