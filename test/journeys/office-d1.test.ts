import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Authority } from '../../src/authority/authority.ts'
import { operate, sellDirectly } from '../../src/authority/operate.ts'
import { parkedDemand } from '../../src/authority/parking.ts'
import { createRevocationLists } from '../../src/authority/revocations.ts'
import { sweep } from '../../src/authority/sweep.ts'
import { type LocalD1, startD1 } from '../support/d1.ts'
import { authorityOn, foundOnD1 } from '../support/d1-instance.ts'
import { FAULTS, type Fault, faultyD1 } from '../support/faulty-d1.ts'

/** Longer than a call takes, and shorter than 30 s. */
const STALL = 30

const BY = { who: 'operator:test', reason: 'fault' }

let d1: LocalD1
let sound: Authority
beforeAll(async () => {
  d1 = await startD1()
  await foundOnD1(d1.binding)
  sound = authorityOn(d1.binding)
})
afterAll(() => d1.close())

/** Of people and of the scheduler, who do it again where it failed; callbacks have a test of their own. */
interface Work {
  prepare(): Promise<void>
  run(authority: Authority): Promise<unknown>
  /** What a fault must not change. */
  state(): Promise<unknown>
}

let count = 0

/** A license that was sold by hand, and a call of the marketplace that waited for it. */
function soldByHand(): Work {
  const instance = `instance-${++count}`
  return {
    async prepare() {
      const command = { type: 'release' } as const
      const demand = { type: 'demand', test: false, instance, command, unknown: 'park', order: null } as const
      await sound.store.commit({ park: parkedDemand(sound.crypto, 'huawei', demand, sound.ambient.now()) })
    },
    run: (authority) => sell(authority, instance),
    async state() {
      await sweep(sound)
      const license = (await sound.store.byInstance('huawei', instance))!
      const events = (await sound.store.history(license.id)).map(({ event }) => event.type)
      const waiting = await sound.store.parkedFor('huawei', instance)
      return { status: license.status, revision: license.revision, events, waiting }
    },
  }
}

const sell = (authority: Authority, instance: string) =>
  sellDirectly(
    authority,
    {
      product: 'cad-pro',
      edition: 'standard',
      seats: 1,
      trial: false,
      binding: null,
      paidUntil: authority.ambient.now() + 30 * 86_400,
      instance: { channel: 'huawei', instance },
      order: null,
      customer: null,
    },
    BY,
  )

/** A list that has something new to say, asked for by two isolates. */
function listGivenOut(): Work {
  const given: string[] = []
  let before = 0
  return {
    async prepare() {
      const sold = await sell(sound, `instance-${++count}`)
      const id = sold.ok ? sold.value.license.id : ''
      await operate(sound, { id }, { type: 'freeze', cause: 'operator' }, BY)
      before = (await sound.store.listState(1001)).published?.number ?? 0
    },
    async run(authority) {
      const { catalog } = await authority.configuration.current(authority.ambient.now())
      const list = await createRevocationLists(authority).current(catalog.products[0]!)
      if (list.ok) given.push(list.value.text)
    },
    async state() {
      const { published } = await sound.store.listState(1001)
      return { texts: new Set(given).size, isNewer: published!.number > before }
    },
  }
}

/** By an isolate that knows its keys and channels; then once more by one whose database is sound, before and after all has landed. */
async function hurt(work: Work, fault: Fault | null, at: number) {
  await work.prepare()
  const database = faultyD1(d1.binding, fault, at, STALL)
  const authority = authorityOn(database.binding)
  await authority.configuration.current(authority.ambient.now())
  database.arm()
  await work.run(authority).catch(() => undefined)
  const calls = database.calls()
  await work.run(sound)
  await database.landed()
  await work.run(sound)
  return { state: await work.state(), calls }
}

describe.each(FAULTS)('when a call of D1 %s,', (fault) => {
  it.each([
    ['a sale by hand is made once, and what waited for it is done once', soldByHand],
    ['a revocation list is given out once under its number', listGivenOut],
  ])(
    '%s, whichever call it is',
    async (_, work) => {
      const clean = await hurt(work(), null, 0)
      expect(clean.calls).toBeGreaterThan(2)
      for (let at = 1; at <= clean.calls; at++)
        expect((await hurt(work(), fault, at)).state).toEqual(clean.state)
    },
    60_000,
  )
})
