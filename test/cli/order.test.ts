import { describe, expect, it } from 'vitest'
import { askFor } from '../../src/authority/ask-for-order.ts'
import type { Sale } from '../../src/authority/marketplace.ts'
import type { OrderNote } from '../../src/authority/orders.ts'
import { parkedSale } from '../../src/authority/parking.ts'
import { dueCalls } from '../support/due-calls.ts'
import { DAY, START, type Stage, sold, stage } from './stage.ts'

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
        givenUp: null,
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

  it('says why the question what it is was given up, and how it is asked again', async () => {
    const { licet, inside } = await stage()
    const order = { id: 'CS1', line: 'CS1-1' }
    const asked = { channel: 'huawei', order, cause: 'opening', license: null } as const
    const id = await inside(async (authority) => {
      await authority.store.commit(askFor(authority, asked))
      const [due] = await dueCalls(authority.store, START, 1)
      const { attempts, id } = (await authority.store.claimCall(due!, START + 60))!
      expect((await licet('order', 'show', 'CS1')).out).toMatch(
        /^state +asked: the marketplace is being asked/m,
      )
      await authority.store.commit({ ending: { id, attempts, state: 'dead', error: '91380001', at: START } })
      return id
    })
    const { out } = await licet('order', 'show', 'CS1')
    expect(out).toMatch(
      new RegExp(
        `^state +asked: asking was given up: 91380001; "licet outgoing retry ${id}" asks again$`,
        'm',
      ),
    )
    expect((await licet('order', 'show', 'CS1', '--json')).json().lines).toMatchObject([
      { state: 'asked', givenUp: { call: id, error: '91380001' } },
    ])
    expect((await licet('outgoing', 'retry', id)).exit).toBe(0)
    expect((await licet('order', 'show', 'CS1')).out).toMatch(
      /^state +asked: the marketplace is being asked/m,
    )
  })

  it('of which another question was given up is still being asked', async () => {
    const { licet, inside } = await noted(note(1, { cause: 'opening' }))
    await inside(async (authority) => {
      const asked = { channel: 'huawei', order: note(1).order, cause: 'notice', license: null } as const
      await authority.store.commit(askFor(authority, asked))
      const [due] = await dueCalls(authority.store, START, 1)
      const { attempts, id } = (await authority.store.claimCall(due!, START + 60))!
      await authority.store.commit({ ending: { id, attempts, state: 'dead', error: '91380001', at: START } })
    })
    expect((await licet('order', 'show', 'CS1')).out).not.toContain('given up')
  })

  it('finds a purchase that no offer sells, and says what would let it pass', async () => {
    const { licet, inside } = await stage()
    const sale = {
      ...{ type: 'sale', order: { id: 'CS-GET', line: '' }, customer: null, test: false },
      ...{ marketplaceProduct: 'OFFI-NEW', sku: null, quantity: '5', paidUntil: START + DAY, trial: false },
    } as const
    await inside(async ({ store, crypto }) => {
      const park = parkedSale(crypto, 'huawei', sale as unknown as Sale, 'no_matching_offer', START)
      await store.commit({ park })
    })
    const ran = await licet('order', 'show', 'CS-GET')
    expect([ran.exit, ran.err]).toEqual([0, ''])
    expect(ran.out).toMatch(/^order +CS-GET$/m)
    expect(ran.out).toMatch(/^passes with +an offer of channel "huawei" for marketplaceProduct "OFFI-NEW"/m)
    expect((await licet('order', 'show', 'CS-GET', '--json')).json()).toEqual({
      number: 'CS-GET',
      lines: [],
      parked: [expect.objectContaining({ channel: 'huawei', why: 'no_matching_offer', quantity: '5' })],
    })
  })

  it("finds a license that was sold under a number of the seller's own", async () => {
    const here = await stage()
    const license = await sold(here, '--order', 'DIRECT-77')
    const { out, exit } = await here.licet('order', 'show', 'DIRECT-77')
    expect(exit).toBe(0)
    expect(out).toMatch(/^state +applied: sold without a marketplace/m)
    expect(out).toMatch(new RegExp(`^license +${license}$`, 'm'))
    expect((await here.licet('order', 'show', 'DIRECT-77', '--json')).json()).toMatchObject({
      lines: [{ number: 'DIRECT-77', channel: null, cause: 'sale', state: 'applied', license }],
    })
  })
})
