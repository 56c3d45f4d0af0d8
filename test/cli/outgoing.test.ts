import { expect, test } from 'vitest'
import { newOutgoing } from '../../src/authority/outgoing/new-call.ts'
import { dueCalls } from '../support/due-calls.ts'
import { START, type Stage, stage } from './stage.ts'

/** Queues calls; those named in `dead` are given up. Answers with their ids. */
function queued({ inside }: Stage, keys: readonly string[], dead: readonly string[] = []): Promise<string[]> {
  return inside(async (authority) => {
    const orders = keys.map((key) =>
      newOutgoing(authority, 'huawei', key, { type: 'query_order', order: key, line: null }),
    )
    await authority.store.commit({ outgoing: orders })
    for (const call of await dueCalls(authority.store, START, 99)) {
      if (!dead.includes(call.key)) continue
      const { id, attempts } = (await authority.store.claimCall(call, START + 60))!
      const ending = { id, attempts, state: 'dead', error: '000002', at: START } as const
      await authority.store.commit({ ending })
    }
    return orders.map(({ id }) => id)
  })
}

test('nothing is listed where there is nothing', async () => {
  const { licet } = await stage()
  expect((await licet('outgoing', 'list')).out).toBe('There is no call.\n')
  expect((await licet('outgoing', 'list', '--dead')).out).toBe('No call is dead.\n')
  expect((await licet('outgoing', 'list', '--json')).json()).toEqual({ items: [], next: null })
})

test('calls are listed with what became of them, and what they say is not', async () => {
  const here = await stage()
  const [waiting, dead] = await queued(here, ['CS-1', 'CS-2'], ['CS-2'])
  const { items } = (await here.licet('outgoing', 'list', '--json')).json()
  const common = { channel: 'huawei', type: 'query_order', queuedAt: '2026-03-01T00:00:00Z' }
  expect(items).toHaveLength(2)
  expect(items).toContainEqual({
    ...common,
    ...{ id: waiting, key: 'CS-1', state: 'waiting', attempts: 0, error: null, failedAt: null },
    nextTry: '2026-03-01T00:00:00Z',
  })
  expect(items).toContainEqual({
    ...common,
    ...{ id: dead, key: 'CS-2', state: 'dead', attempts: 1, error: '000002', nextTry: null },
    failedAt: '2026-03-01T00:00:00Z',
  })
  const { out } = await here.licet('outgoing', 'list', '--dead')
  expect(out).toMatch(new RegExp(`^CALL .*\\n${dead} .* CS-2 .* dead .* 000002 +-\\n$`))
})

test('a long list comes in pages', async () => {
  const here = await stage()
  const ids = await queued(here, ['a', 'b', 'c'])
  const first = (await here.licet('outgoing', 'list', '--limit', '2', '--json')).json()
  const rest = (await here.licet('outgoing', 'list', '--after', first.next, '--json')).json()
  const seen = [...first.items, ...rest.items].map(({ id }: { id: string }) => id)
  expect([...seen].sort()).toEqual([...ids].sort())
  const { out } = await here.licet('outgoing', 'list', '--limit', '2')
  expect(out).toContain(`more: licet outgoing list --limit 2 --after ${first.next}`)
})

test('a dead call is made again, or all of them', async () => {
  const here = await stage()
  const [one] = await queued(here, ['a', 'b', 'c'], ['a', 'b', 'c'])
  expect((await here.licet('outgoing', 'retry', one!, '--json')).json()).toEqual({ revived: 1 })
  const due = () => here.inside(({ store }) => dueCalls(store, START, 9))
  expect((await due()).map(({ id }) => id)).toEqual([one])
  expect((await here.licet('outgoing', 'retry', '--all-dead', '--json')).json()).toEqual({ revived: 2 })
  expect(await due()).toHaveLength(3)
})

test.each([
  ['nothing', [], 2, 'unreadable'],
  ['both', ['0123456789abcdef', '--all-dead'], 2, 'unreadable'],
  ['what is no id', ['x'], 2, 'unreadable'],
  ['an id with a line break', ['0123456789abcdef\n'], 2, 'unreadable'],
  ['a call that is not there', ['0123456789abcdef'], 1, 'unknown_call'],
])('to retry %s is refused', async (_, given, exit, error) => {
  const { licet } = await stage()
  const refused = await licet('outgoing', 'retry', ...given, '--json')
  expect(refused.exit).toBe(exit)
  expect(refused.json()).toMatchObject({ error })
})

test('to retry a call that waits is refused', async () => {
  const here = await stage()
  const [one] = await queued(here, ['a'])
  const refused = await here.licet('outgoing', 'retry', one!, '--json')
  expect(refused.json()).toMatchObject({ error: 'call_not_dead' })
})
