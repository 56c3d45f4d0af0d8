import { beforeEach, expect, test } from 'vitest'
import type { Store } from '../../src/authority/ports.ts'
import { type HeldLease, heldLease, newHolder } from '../../src/runtime/held-lease.ts'
import { NOON } from '../support/instance.ts'
import { freshSqlite } from '../support/store-sqlite.ts'

let time: number
let store: Store
beforeEach(async () => {
  time = NOON
  store = (await freshSqlite()).store
})

/** A process whose clock is ahead of ours by so many seconds. */
const processOf = (holder: string, ahead = 0, over: Partial<Store> = {}): HeldLease =>
  heldLease({ ...store, ...over }, { now: () => time + ahead }, { name: 'scheduler', holder, seconds: 12 })

/** Each in its turn asks for more time, every three seconds. */
async function heartbeats(count: number, ...processes: HeldLease[]): Promise<void> {
  for (let n = 0; n < count; n++) {
    for (const one of processes) await one.renew()
    time += 3
  }
}

const held = (...processes: HeldLease[]) => processes.map((one) => one.isHeld())

test('of several processes the first has it, as long as it asks for more time', async () => {
  const [a, b, c] = [processOf('a'), processOf('b'), processOf('c')]
  await heartbeats(20, a, b, c)
  expect(held(a, b, c)).toEqual([true, false, false])
})

test('a process that died is followed by exactly one other, within twelve seconds and a heartbeat', async () => {
  const [a, b, c] = [processOf('a'), processOf('b'), processOf('c')]
  await heartbeats(1, a, b, c)
  await heartbeats(3, b, c)
  expect(held(b, c)).toEqual([false, false])
  await heartbeats(2, b, c)
  expect(held(a, b, c)).toEqual([false, true, false])
})

test('a process that stood still knows that it has it no more, before it asks', async () => {
  const a = processOf('a')
  await a.renew()
  time += 12
  expect(a.isHeld()).toBe(false)
})

test('a process that cannot ask keeps it until it runs out, and no longer', async () => {
  let out = false
  const failing = {
    takeLease: async (...given: Parameters<Store['takeLease']>) => (out ? fail() : store.takeLease(...given)),
  }
  const a = processOf('a', 0, failing)
  await a.renew()
  out = true
  time += 11
  await expect(a.renew()).rejects.toThrow('out')
  expect(a.isHeld()).toBe(true)
  time += 1
  expect(a.isHeld()).toBe(false)
})

test.each([8, -8, -60])('a clock that is %i s ahead takes it from nobody who lives', async (ahead) => {
  const [a, b] = [processOf('a'), processOf('b', ahead)]
  await heartbeats(20, a, b)
  expect(held(a, b)).toEqual([true, false])
})

test('a clock that is far ahead takes it and keeps it: they do not take turns', async () => {
  const [a, b] = [processOf('a'), processOf('b', 600)]
  await a.renew()
  await b.renew()
  await heartbeats(1, a, b)
  for (let n = 0; n < 20; n++) {
    await heartbeats(1, a, b)
    expect(held(a, b)).toEqual([false, true])
  }
})

test('a process that died with its clock an hour ahead is followed as soon as any other', async () => {
  const [a, b, c] = [processOf('a', 3_600), processOf('b'), processOf('c')]
  await heartbeats(3, a, b, c)
  await heartbeats(3, b, c)
  expect(held(b, c)).toEqual([false, false])
  await heartbeats(2, b, c)
  expect(held(b, c)).toEqual([true, false])
})

test('a process whose clock was set back an hour keeps it while it lives', async () => {
  let ahead = 3_600
  const a = heldLease(store, { now: () => time + ahead }, { name: 'scheduler', holder: 'a', seconds: 12 })
  const b = processOf('b')
  await heartbeats(3, a, b)
  ahead = 0
  await heartbeats(20, a, b)
  expect(held(a, b)).toEqual([true, false])
})

test('what is given back is somebody else at once', async () => {
  const [a, b] = [processOf('a'), processOf('b')]
  await a.renew()
  await a.giveBack()
  await b.renew()
  expect(held(a, b)).toEqual([false, true])
})

test('who has it not asks without writing', async () => {
  await processOf('a').renew()
  const b = processOf('b', 0, { takeLease: fail })
  await b.renew()
  expect(b.isHeld()).toBe(false)
})

test('processes have names of their own', () => {
  let n = 0
  const random = (length: number) => new Uint8Array(length).fill(n++)
  expect(newHolder({ random })).toBe('0000000000000000')
  expect(newHolder({ random })).toBe('0101010101010101')
})

function fail(): never {
  throw new Error('out')
}
