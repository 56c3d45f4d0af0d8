import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Authority } from '../../src/authority/authority.ts'
import { nodeCrypto } from '../../src/crypto/node.ts'
import type { License } from '../../src/domain/license.ts'
import { createApp } from '../../src/http/app.ts'
import {
  expireTimeOf,
  type HuaweiCall,
  type HuaweiCaller,
  huaweiCaller,
  type Moment,
} from '../../src/marketplace/huawei/caller.ts'
import { OPTIONS } from '../http/server.ts'
import { type LocalD1, startD1 } from '../support/d1.ts'
import { authorityOn, foundOnD1 } from '../support/d1-instance.ts'
import { FAULTS, type Fault, faultyD1 } from '../support/faulty-d1.ts'
import { ACCESS_KEY } from '../support/instance.ts'

const ADDRESS = 'https://licenses.example.com/callbacks/huawei'
const DAY_MS = 86_400_000

/** 30 s and the 4 s of a callback, a hundred times as fast; the wait is longer where the machine is slow. */
const STALL = 300
const DEADLINE = 150

let d1: LocalD1
let soundly: Send
beforeAll(async () => {
  d1 = await startD1()
})
beforeEach(foundAnew)
afterAll(() => d1.close())

async function foundAnew(): Promise<void> {
  await d1.empty()
  await foundOnD1(d1.binding)
  soundly = sender(authorityOn(d1.binding), 4_000)
}

const caller: HuaweiCaller = huaweiCaller(nodeCrypto, ADDRESS, ACCESS_KEY)

let moments = 0
/** No two are of one millisecond. */
const moment = (): Moment => ({ nowMs: Date.now() + ++moments, nonce: randomBytes(16).toString('hex') })

const inDays = (days: number): string => expireTimeOf(Date.now() + days * DAY_MS)

interface Answered {
  readonly resultCode?: string
  readonly license?: string
  readonly instanceId?: string
}

type Send = (call: HuaweiCall) => Promise<Answered>

/** What is no answer of the marketplace's kind counts as failed. */
function sender(authority: Authority, callbackDeadline: number): Send {
  const app = createApp(authority, { ...OPTIONS, callbackDeadline, builtAt: 0 })
  return async ({ url, method, headers, body }) => {
    const response = await app.fetch(new Request(url, { method, headers, body }))
    return response.status === 200 ? ((await response.json()) as Answered) : {}
  }
}

type Build = (moment: Moment) => HuaweiCall

/** As the marketplace: signed anew for each try, until it is done, by isolates whose database is sound. */
async function deliver(build: Build, first: Send = soundly): Promise<Answered> {
  let answered = await first(build(moment()))
  for (let tries = 0; answered.resultCode !== '000000'; tries++) {
    if (tries === 40) throw new Error(`never delivered: ${answered.resultCode}`)
    await pause(25)
    answered = await soundly(build(moment()))
  }
  return answered
}

/** Delivers by an isolate that meets the fault: one that has only begun, or one that knows its keys and channels. */
async function hurt(isolate: 'new' | 'warm', build: Build, fault: Fault | null, at: number) {
  const database = faultyD1(d1.binding, fault, at, STALL)
  const authority = authorityOn(database.binding)
  if (isolate === 'warm') await authority.configuration.current(authority.ambient.now())
  database.arm()
  const answered = await deliver(build, sender(authority, fault === null ? 4_000 : DEADLINE))
  await database.landed()
  return { answered, calls: database.calls() }
}

let orders = 0
const newOrder = (): string => `CS-FAULT-${++orders}`

const purchaseOf = (orderId: string): Build => {
  const expireTime = inDays(30)
  const fields = { customerId: 'customer-1', productId: 'OFFI-GOLD', amount: 5, expireTime }
  return (at) => caller.getLicense({ ...fields, orderId }, at)
}

async function buy(): Promise<{ readonly order: string; readonly instanceId: string }> {
  const order = newOrder()
  const { instanceId } = await deliver(purchaseOf(order))
  return { order, instanceId: instanceId! }
}

/** What a fault must not change: everything but ids and times. */
async function stateOf(instanceId: string) {
  const { store } = authorityOn(d1.binding)
  const license = (await store.byInstance('huawei', instanceId))!
  const { status, revision, orders } = license
  const events = (await store.history(license.id)).map(({ event }) => event.type)
  const code = await store.newestCode(license.id)
  return { status, revision, orders: orders.length, events, code: code?.revision }
}

async function allLicenses(): Promise<readonly License[]> {
  const { store } = authorityOn(d1.binding)
  const all: License[] = []
  for (let next: string | null = null; ; ) {
    const page = await store.page(next, 200)
    all.push(...page.items)
    if (page.next === null) return all
    next = page.next
  }
}

/** A change of a license that was sold before, as the marketplace asks for it. */
interface Change {
  /** What has to have happened before. */
  readonly after: readonly Build[]
  readonly build: Build
}

const CHANGES: Readonly<Record<string, (instanceId: string, order: string) => Change>> = {
  renewal: (instanceId) => ({ after: [], build: renewalOf(instanceId, 60) }),
  freeze: (instanceId, orderId) => ({
    after: [],
    build: (at) => caller.expireLicense({ orderId, instanceId }, at),
  }),
  reinstatement: (instanceId, orderId) => ({
    after: [(at) => caller.expireLicense({ orderId, instanceId }, at)],
    build: renewalOf(instanceId, 90),
  }),
  release: (instanceId, orderId) => ({
    after: [],
    build: (at) => caller.releaseLicense({ orderId, instanceId }, at),
  }),
}

function renewalOf(instanceId: string, days: number): Build {
  const fields = { orderId: newOrder(), instanceId, expireTime: inDays(days) }
  return (at) => caller.refreshLicense(fields, at)
}

async function changed(name: string, fault: Fault | null, at: number) {
  const { order, instanceId } = await buy()
  const { after, build } = CHANGES[name]!(instanceId, order)
  for (const one of after) await deliver(one)
  const { calls } = await hurt('warm', build, fault, at)
  return { state: await stateOf(instanceId), calls }
}

async function bought(fault: Fault | null, at: number) {
  const order = newOrder()
  const { answered, calls } = await hurt('new', purchaseOf(order), fault, at)
  expect(await deliver(purchaseOf(order))).toEqual(answered)
  return { state: await stateOf(answered.instanceId!), calls }
}

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index + 1)

const AT_ONCE = 4

/** The same at every call of the database, a few at a time. */
async function everywhere<T>(calls: number, run: (at: number) => Promise<T>): Promise<readonly T[]> {
  const results: T[] = []
  const places = range(calls)
  for (let from = 0; from < calls; from += AT_ONCE)
    results.push(...(await Promise.all(places.slice(from, from + AT_ONCE).map(run))))
  return results
}

describe.each(FAULTS)('when a call of D1 %s,', (fault) => {
  it('a purchase makes one license, whichever call it is', async () => {
    const clean = await bought(null, 0)
    expect(clean.calls).toBeGreaterThan(5)
    const before = (await allLicenses()).length
    const states = await everywhere(clean.calls, async (at) => (await bought(fault, at)).state)
    for (const state of states) expect(state).toEqual(clean.state)
    expect(await allLicenses()).toHaveLength(before + clean.calls)
  }, 60_000)

  it.each(Object.keys(CHANGES))('a %s is done once, whichever call it is', async (name) => {
    const clean = await changed(name, null, 0)
    expect(clean.calls).toBeGreaterThan(2)
    const states = await everywhere(clean.calls, async (at) => (await changed(name, fault, at)).state)
    for (const state of states) expect(state).toEqual(clean.state)
  }, 60_000)
})
