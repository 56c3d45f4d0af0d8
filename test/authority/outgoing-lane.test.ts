import { expect, test } from 'vitest'
import type { QueuedCall } from '../../src/authority/outgoing/calls.ts'
import { createLane, type Heard } from '../../src/authority/outgoing/lane.ts'
import { createPlaces } from '../../src/authority/outgoing/places.ts'
import type { OutgoingType } from '../../src/authority/outgoing/port.ts'
import { inTurns, lanesOf } from '../../src/authority/outgoing/turns.ts'

const call = (n: number, type: OutgoingType = 'query_order', channel = 'huawei'): QueuedCall => ({
  ...{ id: String(n).padStart(16, '0'), channel, type, key: `${n}`, sealed: 's', at: n, attempts: 0, due: n },
})
const calls = (from: number, count: number, type?: OutgoingType, channel?: string) =>
  Array.from({ length: count }, (_, n) => call(from + n, type, channel))

/** A lane whose calls end when the test says so. */
function lane(abreast = 4) {
  const begun: number[] = []
  const failures: unknown[] = []
  const ends: ((heard: Heard | Error) => void)[] = []
  const one = createLane(
    abreast,
    ({ at }) => {
      begun.push(at)
      return new Promise((resolve, reject) => {
        ends.push((heard) => (heard instanceof Error ? reject(heard) : resolve(heard)))
      })
    },
    (thrown) => failures.push(thrown),
  )
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve))
  return {
    ...{ one, begun, failures },
    /** The calls that were begun first end. */
    async end(...heard: readonly (Heard | Error)[]) {
      for (const each of heard) {
        ends.shift()!(each)
        await turn()
      }
    },
  }
}

const times = <T>(count: number, one: T): T[] => Array.from({ length: count }, () => one)

test('a lane makes four calls at once, and the next as soon as one has ended', async () => {
  const { one, begun, end } = lane()
  one.take(calls(1, 7))
  expect([begun, one.room()]).toEqual([[1, 2, 3, 4], 0])
  await end('answer', 'nothing')
  expect(begun).toEqual([1, 2, 3, 4, 5, 6])
})

test('what hangs in a lane leaves its other places to those that come later', async () => {
  const { one, begun, end } = lane()
  one.take(calls(1, 1))
  one.take(calls(11, 4))
  expect(begun).toEqual([1, 11, 12, 13])
  one.take(calls(21, 2))
  await end('answer', 'answer')
  expect(begun).toEqual([1, 11, 12, 13, 21, 22])
})

test('after eight silences in a row a lane makes one call at a time, and leaves the rest', async () => {
  const { one, begun, end } = lane()
  one.take(calls(1, 20))
  await end(...times(8, 'silence' as const))
  await one.ended()
  expect(begun).toHaveLength(8)
  one.take(calls(31, 5))
  await end('silence')
  one.take(calls(41, 5))
  expect(begun.slice(8)).toEqual([31, 41])
})

test('one answer opens a silent lane', async () => {
  const { one, begun, end } = lane()
  one.take(calls(1, 20))
  await end(...times(8, 'silence' as const))
  one.take(calls(31, 9))
  await end('nothing')
  expect(begun.slice(8)).toEqual([31, 32])
  await end('answer')
  expect(begun.slice(8)).toEqual([31, 32, 33, 34, 35, 36])
})

test('silences that are no row close no lane', async () => {
  const { one, begun, end } = lane()
  one.take(calls(1, 40))
  for (let n = 0; n < 5; n++) await end(...times(7, 'silence' as const), 'answer')
  expect(begun).toHaveLength(40)
})

test('when a call throws, the rest is left, and those under way end', async () => {
  const { one, begun, failures, end } = lane()
  one.take(calls(1, 9))
  await end(new Error('gone'), 'answer', 'answer', 'answer')
  await one.ended()
  expect([begun, failures]).toEqual([[1, 2, 3, 4], [new Error('gone')]])
  one.take(calls(11, 1))
  expect(begun).toEqual([1, 2, 3, 4, 11])
})

test('where one call of a lane is made at a time, it is silent after two', async () => {
  const { one, begun, end } = lane(1)
  one.take(calls(1, 9))
  await end('silence', 'silence')
  await one.ended()
  expect([begun, one.room()]).toEqual([[1, 2], 1])
})

test('places are given in the order they were asked for, and come free also by what throws', async () => {
  const places = createPlaces(2)
  const begun: number[] = []
  const ends: ((thrown?: Error) => void)[] = []
  const work = (n: number) => () => {
    begun.push(n)
    return new Promise<number>((resolve, reject) =>
      ends.push((thrown) => (thrown ? reject(thrown) : resolve(n))),
    )
  }
  const all = [1, 2, 3, 4].map((n) => places(work(n)))
  await Promise.resolve()
  expect(begun).toEqual([1, 2])
  ends[1]!(new Error('gone'))
  await expect(all[1]).rejects.toThrow('gone')
  expect(begun).toEqual([1, 2, 3])
  ends[0]!()
  expect(await all[0]).toBe(1)
  expect(begun).toEqual([1, 2, 3, 4])
})

const takenOf = (most: number, room: number, all: readonly QueuedCall[][]) =>
  Object.fromEntries(
    inTurns(
      lanesOf(all.flat(), () => room),
      most,
    ).map(({ name, calls }) => [name, calls.map(({ at }) => at)]),
  )
const taken = (most: number, ...all: readonly QueuedCall[][]) => takenOf(most, 4, all)

const sums = (lanes: Record<string, readonly number[]>) =>
  Object.fromEntries(Object.entries(lanes).map(([name, calls]) => [name, calls.length]))

test('ten lanes that a buyer waits for leave a place to each other one', () => {
  const sales = Array.from({ length: 10 }, (_, n) => calls(n * 100, 90, 'query_order', `c${n}`))
  const chosen = sums(taken(40, ...sales, calls(2_001, 400, 'push_usage'), calls(3_001, 400, 'query_code')))
  expect([chosen['push_usage huawei'], chosen['query_code huawei']]).toEqual([1, 1])
  expect(Object.values(chosen).reduce((sum, one) => sum + one)).toBe(40)
})

test('a lane that makes one call at a time has no larger share than one', () => {
  const all = [calls(1, 90), calls(101, 90, 'push_usage')]
  expect(sums(takenOf(10, 1, all))).toEqual({ 'query_order huawei': 5, 'push_usage huawei': 5 })
  expect(sums(takenOf(10, 4, all))).toEqual({ 'query_order huawei': 8, 'push_usage huawei': 2 })
})

test('lanes take turns, with more for those a buyer waits for', () => {
  const usage = calls(1, 400, 'report_software_usage')
  const codes = calls(501, 400, 'query_code', 'two')
  const sales = calls(901, 90, 'query_order', 'two')
  const chosen = taken(12, usage, codes, sales)
  expect(chosen).toEqual({
    'query_order two': [901, 902, 903, 904, 905, 906, 907, 908],
    'report_software_usage huawei': [1, 2],
    'query_code two': [501, 502],
  })
  expect(Object.keys(chosen)[0]).toBe('query_order two')
})

test('what one lane leaves of its turns is for the others, and no more than there is', () => {
  expect(taken(40, calls(1, 100, 'query_code'), calls(200, 1))).toEqual({
    'query_order huawei': [200],
    'query_code huawei': calls(1, 39).map(({ at }) => at),
  })
  expect(taken(40, calls(1, 2), calls(3, 3, 'push_usage'))).toEqual({
    'query_order huawei': [1, 2],
    'push_usage huawei': [3, 4, 5],
  })
  expect(taken(40)).toEqual({})
})

test('a place that is left goes to a buyer', () => {
  const all = [calls(1, 9, 'query_code'), calls(11, 9, 'push_usage'), calls(21, 9, 'upload_license', 'two')]
  expect(taken(1, ...all)).toEqual({ 'upload_license two': [21] })
})
