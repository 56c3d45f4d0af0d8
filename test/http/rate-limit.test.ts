import { expect, test } from 'vitest'
import { ALLOWANCE, createRateLimit } from '../../src/http/rate-limit.ts'

const SMALL = { burst: 3, perSecond: 2, mostClients: 4 }

const asked = (limit: ReturnType<typeof createRateLimit>, client: string, times: number, at = 0) =>
  Array.from({ length: times }, () => limit.take(client, at))

test('a client may ask as often as the burst, and then is told how many seconds to wait', () => {
  expect(asked(createRateLimit(SMALL), 'a', 5)).toEqual([0, 0, 0, 1, 1])
})

test('what it may ask comes back with time, up to the burst and no further', () => {
  const limit = createRateLimit(SMALL)
  asked(limit, 'a', 3)
  expect(asked(limit, 'a', 2, 500)).toEqual([0, 1])
  expect(asked(limit, 'a', 5, 1_000_000)).toEqual([0, 0, 0, 1, 1])
})

test('being refused costs nothing: who waits as told is served', () => {
  const limit = createRateLimit({ ...SMALL, perSecond: 0.2 })
  asked(limit, 'a', 3)
  const wait = asked(limit, 'a', 50).at(-1)!
  expect(wait).toBe(5)
  expect(limit.take('a', wait * 1_000)).toBe(0)
})

test('one client does not use up what another may ask', () => {
  const limit = createRateLimit(SMALL)
  asked(limit, 'a', 10)
  expect(asked(limit, 'b', 3)).toEqual([0, 0, 0])
})

test('a clock that is set back gives nothing and shuts nobody out for longer', () => {
  const limit = createRateLimit(SMALL)
  asked(limit, 'a', 3, 1_000_000)
  expect(limit.take('a', 0)).toBe(1)
  expect(limit.take('a', 500)).toBe(0)
})

test('no more clients are remembered than fit, and whoever goes on asking is not forgotten', () => {
  const limit = createRateLimit(SMALL)
  asked(limit, 'loud', 3)
  asked(limit, 'quiet', 3)
  for (const client of ['c', 'd', 'e', 'f', 'g']) {
    expect(limit.take('loud', 0)).toBe(1)
    limit.take(client, 0)
  }
  expect(limit.take('loud', 0)).toBe(1)
  expect(limit.take('quiet', 0)).toBe(0)
})

test('a flood of addresses takes bounded memory and little time', () => {
  const limit = createRateLimit(ALLOWANCE)
  globalThis.gc?.()
  const before = process.memoryUsage().heapUsed
  const began = performance.now()
  for (let n = 0; n < 200_000; n++) limit.take(`2001:db8:${n.toString(16)}:0/64`, n)
  expect(performance.now() - began).toBeLessThan(2_000)
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(64 * 1024 * 1024)
  expect(limit.take('2001:db8:0:0/64', 200_000)).toBe(0)
})

test('what is given back may be taken again, and is never more than the burst', () => {
  const limit = createRateLimit(SMALL)
  asked(limit, 'a', 3)
  limit.giveBack('a')
  expect(asked(limit, 'a', 2)).toEqual([0, 1])
  for (let n = 0; n < 9; n++) limit.giveBack('a')
  limit.giveBack('nobody')
  expect(asked(limit, 'a', 4)).toEqual([0, 0, 0, 1])
  expect(asked(limit, 'nobody', 4)).toEqual([0, 0, 0, 1])
})
