import { describe, expect, it } from 'vitest'
import type { Demand, Sale } from '../../src/authority/marketplace.ts'
import { parkedDemand, parkedOrder, parkedSale } from '../../src/authority/parking.ts'
import { nodeCrypto } from '../../src/crypto/node.ts'
import { START, type Stage, sold, stage } from './stage.ts'

describe('licet license list', () => {
  it('says so when there is none', async () => {
    const { licet } = await stage()
    expect((await licet('license', 'list')).out).toBe('There is no license yet.\n')
    expect((await licet('license', 'list', '--json')).json()).toEqual({ items: [], next: null })
  })

  it('lists the licenses page by page, each once, oldest first', async () => {
    const made = await stage()
    const ids: string[] = []
    for (let count = 0; count < 5; count++) {
      ids.push(await sold(made))
      made.pass(1)
    }
    const listed: string[] = []
    let after: string[] = []
    for (let page = 0; page < 3; page++) {
      const { items, next } = (await made.licet('license', 'list', '--limit', '2', ...after, '--json')).json()
      listed.push(...items.map(({ id }: { id: string }) => id))
      after = ['--after', next]
      expect(next === null).toBe(page === 2)
    }
    expect(listed).toEqual(ids)
  })

  it('tells a person how to go on', async () => {
    const made = await stage()
    await sold(made)
    made.pass(1)
    await sold(made)
    const { out } = await made.licet('license', 'list', '--limit', '1')
    const more = /^more: licet (license list --limit 1 --after \S+)$/m.exec(out)
    expect((await made.licet(...more![1]!.split(' '))).out).toContain('cad-pro')
  })

  it('shows each as `license show` does, without its text, customer and devices', async () => {
    const made = await stage()
    const id = await sold(made, '--channel', 'huawei', '--instance', 'I1')
    const document = (await made.licet('license', 'show', id, '--json')).json()
    const { text, customer, devices, applications, ...shown } = document
    expect((await made.licet('license', 'list', '--json')).json()).toEqual({ items: [shown], next: null })
    expect([text, customer, devices, applications]).toEqual([expect.any(String), null, 0, []])
  })

  it.each([
    ['a cursor of nothing', ['--after', 'nonsense'], 2],
    ['no limit', ['--limit', '0'], 2],
    ['too large a limit', ['--limit', '1001'], 2],
    ['a limit in words', ['--limit', 'all'], 2],
    ['a page of what waits', ['--parked', '--after', 'x'], 2],
    ['an argument', ['all'], 2],
  ])('%s', async (_, more, exit) => {
    const made = await stage()
    await sold(made)
    const ran = await made.licet('license', 'list', ...more, '--json')
    expect(ran.exit).toBe(exit)
    if (exit === 0) expect(ran.json()).toEqual({ items: [], next: null })
  })
})

const renewal: Demand = {
  type: 'demand',
  test: false,
  instance: 'I1',
  command: { type: 'renew', order: 'O2', paidUntil: START + 86_400 * 800 },
  unknown: 'park',
  order: null,
}

const purchase: Sale = {
  type: 'sale',
  test: false,
  order: { id: 'O3', line: '1' },
  marketplaceProduct: 'OFFI999',
  sku: null,
  quantity: '70000',
  paidUntil: null,
  trial: false,
  customer: '{"name":"Zhang San"}',
}

const park = ({ inside }: Stage, ...calls: ReturnType<typeof parkedDemand>[]) =>
  inside(async ({ store }) => {
    for (const call of calls) await store.commit({ park: call })
  })

describe('licet license list --parked', () => {
  it('says so when nothing waits', async () => {
    const { licet } = await stage()
    expect((await licet('license', 'list', '--parked')).out).toBe('Nothing waits.\n')
  })

  it('shows what waits and what would let it pass', async () => {
    const made = await stage()
    await park(
      made,
      parkedDemand(nodeCrypto, 'huawei', renewal, START),
      parkedSale(nodeCrypto, 'huawei', purchase, 'no_matching_offer', START + 1),
      parkedSale(
        nodeCrypto,
        'huawei',
        { ...purchase, order: { id: 'O4', line: '' } },
        'bad_quantity',
        START + 2,
      ),
    )
    const { items, next } = (await made.licet('license', 'list', '--parked', '--json')).json()
    expect(next).toBeNull()
    expect(items).toMatchObject([
      {
        channel: 'huawei',
        instance: 'I1',
        order: 'O2',
        why: 'unknown_instance',
        since: '2026-03-01T00:00:00Z',
        asks: 'renew',
      },
      {
        instance: null,
        order: 'O3',
        why: 'no_matching_offer',
        asks: 'issue',
        marketplaceProduct: 'OFFI999',
        sku: null,
      },
      { order: 'O4', why: 'bad_quantity', quantity: '70000' },
    ])
    const remedies = items.map(({ remedy }: { remedy: string }) => remedy)
    expect(remedies[0]).toContain('licet license issue --channel huawei --instance I1')
    expect(remedies[1]).toContain('marketplaceProduct "OFFI999" without a sku')
    expect(remedies[2]).toContain('"amount"')
    const { out } = await made.licet('license', 'list', '--parked')
    for (const remedy of remedies) expect(out).toContain(remedy)
    expect(out).not.toContain('Zhang San')
  })

  it('tells what the marketplace sends again from what the server applies by itself', async () => {
    const made = await stage()
    const order = { id: 'O5', line: '1' }
    const learnt = { order, marketplaceProduct: 'OFFI999', sku: 'gold', quantity: '1' }
    await park(
      made,
      parkedSale(nodeCrypto, 'huawei', purchase, 'no_matching_offer', START),
      parkedOrder(nodeCrypto, 'huawei', learnt, 'no_matching_offer', START + 1),
    )
    const { items } = (await made.licet('license', 'list', '--parked', '--json')).json()
    expect(items).toMatchObject([
      { order: 'O3', remedy: expect.stringMatching(/next re-send then passes$/) },
      { order: 'O5', remedy: expect.stringMatching(/"gold" .*applies it by itself$/) },
    ])
  })

  it('says how many more wait', async () => {
    const made = await stage()
    await park(
      made,
      parkedDemand(nodeCrypto, 'huawei', renewal, START),
      parkedDemand(nodeCrypto, 'huawei', { ...renewal, instance: 'I2' }, START),
    )
    expect((await made.licet('license', 'list', '--parked', '--limit', '1')).out).toContain('1 more wait')
  })

  it('empties when the license comes, and the license is as the call wanted', async () => {
    const made = await stage()
    await park(made, parkedDemand(nodeCrypto, 'huawei', renewal, START))
    const sale = ['--product', 'cad-pro', '--edition', 'standard', '--until', '2027-03-01', '--json']
    const named = ['--channel', 'huawei', '--instance', 'I1']
    const document = (await made.licet('license', 'issue', ...sale, ...named)).json()
    expect(document).toMatchObject({ revision: 2, paidUntil: '2028-05-09T00:00:00Z' })
    expect((await made.licet('license', 'list', '--parked', '--json')).json().items).toEqual([])
    const shown = (await made.licet('license', 'show', ...named, '--json')).json()
    expect(shown.text).toBe(document.text)
  })
})
