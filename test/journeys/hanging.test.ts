import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ACTIVITIES } from '../../src/marketplace/huawei/activities.ts'
import { FAMILY_NAMES } from '../../src/marketplace/huawei/desk/market.ts'
import { tourOf } from '../../src/marketplace/huawei/desk/tour.ts'
import { deskBefore, type ShopDesk } from '../support/desk.ts'
import { type Shop, shop } from '../support/shop.ts'

const ANSWERED_WITHIN_MS = 4_000

/** What the marketplace does not call by itself, or what takes days. */
const LEFT_OUT: readonly string[] = ['activate', 'wait']

describe('while no open API of the marketplace answers', () => {
  let seller: Shop
  let far: ShopDesk
  beforeAll(async () => {
    seller = await shop()
    const { url } = await seller.start('serve')
    const rest = () => new Promise<void>((resolve) => setTimeout(resolve, 5))
    far = await deskBefore(seller, `${url}/callbacks/huawei`, FAMILY_NAMES, 1_000, { rest })
    await far.desk.perform({ type: 'fail', count: 999_999, how: { type: 'silence' } })
  })
  afterAll(async () => {
    await seller?.remove()
    await far?.close()
  })

  it.each(FAMILY_NAMES)('every callback of %s is answered within four seconds, and well', async (family) => {
    const from = far.events.length
    const first = 1 + far.events.filter(({ type }) => type === 'status').length * 2
    for (const command of tourOf(family, first, false))
      if (!LEFT_OUT.includes(command.type)) await far.desk.perform(command)
    await far.desk.perform({ type: 'probe' })
    await far.desk.perform({ type: 'status' })
    const calls = far.events.slice(from).flatMap((event) => (event.type === 'call' ? [event] : []))
    expect(calls.length).toBeGreaterThan(6)
    expect(calls.filter(({ attempt }) => attempt.failure !== null)).toEqual([])
    expect(Math.max(...calls.map(({ attempt }) => attempt.tookMs))).toBeLessThan(ANSWERED_WITHIN_MS)
    const probes = far.events.slice(from).flatMap((event) => (event.type === 'probe' ? [event.failed] : []))
    expect(probes).toEqual([[]])
  })

  it('these were all calls that such a family has', () => {
    const called = far.events.flatMap((event) =>
      event.type === 'call' ? [event.activity.split(' ')[0]!] : [],
    )
    const known = [...ACTIVITIES.GET.keys(), ...ACTIVITIES.POST.keys()]
    expect([...new Set(called)].sort()).toEqual([...new Set(known)].sort())
  })

  it('it was called, and nothing of it came back', () => {
    // Its credentials were proven while it still answered.
    const asked = far.events.flatMap((event) =>
      event.type === 'open_api' && !event.target.endsWith('?orderId=MOCKPERIODYEARNEW') ? [event] : [],
    )
    expect(asked.length).toBeGreaterThan(0)
    expect(asked.every(({ status }) => status === null)).toBe(true)
  })
})
