import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Authority } from '../../src/authority/authority.ts'
import type { Repeating } from '../../src/runtime/repeat.ts'
import { startRounds } from '../../src/runtime/rounds.ts'
import { NOON, openTestInstance, type TestInstance } from '../support/instance.ts'

let first: TestInstance
let second: TestInstance
const rounds: Repeating[] = []
beforeEach(async () => {
  first = await openTestInstance()
  second = await first.reopen()
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(async () => {
  await Promise.all(rounds.splice(0).map((one) => one.stop()))
  vi.useRealTimers()
  await second.close()
  await first.close()
})

/** The server's rounds, without its sockets. */
function start(authority: Authority): Repeating {
  const one = startRounds(authority, null)
  rounds.push(one)
  return one
}

/** Both processes read one clock. */
async function pass(seconds: number): Promise<void> {
  for (let n = 0; n < seconds; n++) {
    first.clock.time += 1
    await vi.advanceTimersByTimeAsync(1_000)
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
  }
}

const alert = (key: string) =>
  first.authority.store.queueAlert({ kind: 'key_window', key, detail: { kid: key }, at: NOON })

/** Alerts told, of each process; without a webhook the log is told. */
const told = () => [first, second].map(({ lines }) => lines.filter(({ event }) => event === 'alert').length)

/** A process whose database has gone away. */
function mortal(authority: Authority): { authority: Authority; die(): void } {
  let dead = false
  const store = new Proxy(authority.store, {
    get: (all, name) => (dead ? () => Promise.reject(new Error('gone')) : Reflect.get(all, name)),
  })
  return {
    authority: { ...authority, store },
    die() {
      dead = true
    },
  }
}

test('each alert is told once, by the process that came first', async () => {
  start(first.authority)
  await pass(1)
  start(second.authority)
  for (const key of ['a', 'b', 'c']) {
    await alert(key)
    await pass(4)
  }
  expect(told()).toEqual([3, 0])
})

test('one process sweeps', async () => {
  const due = [first, second].map(({ authority }) => vi.spyOn(authority.store, 'due'))
  start(first.authority)
  await pass(1)
  start(second.authority)
  await pass(30)
  expect(due[0]!.mock.calls.length).toBeGreaterThan(4)
  expect(due[1]).not.toHaveBeenCalled()
})

test('another takes over within fifteen seconds of its death, and not before it is dead', async () => {
  const one = mortal(first.authority)
  start(one.authority)
  await pass(1)
  start(second.authority)
  await pass(3)
  one.die()
  await alert('a')
  await pass(8)
  expect(told()).toEqual([0, 0])
  await pass(8)
  expect(told()).toEqual([0, 1])
  expect(second.lines.filter(({ event }) => event === 'lease_taken')).toHaveLength(3)
})

test('a process that ends hands over at once', async () => {
  const one = start(first.authority)
  await pass(1)
  start(second.authority)
  await pass(3)
  await one.stop()
  await alert('a')
  await pass(5)
  expect(told()).toEqual([0, 1])
})

test('two that both believe to have the lease tell an alert once', async () => {
  const believing = (authority: Authority): Authority => ({
    ...authority,
    store: { ...authority.store, takeLease: async () => true, leases: async () => [] },
  })
  for (const { authority } of [first, second]) start(believing(authority))
  for (const key of ['a', 'b', 'c', 'd', 'e']) await alert(key)
  await pass(5)
  const [one, two] = told()
  expect(one! + two!).toBe(5)
})
