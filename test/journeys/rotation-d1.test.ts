import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rotateKey } from '../../src/authority/keys/rotate.ts'
import { type LocalD1, startD1 } from '../support/d1.ts'
import { authorityOn, foundOnD1 } from '../support/d1-instance.ts'
import { FAULTS, type Fault, faultyD1 } from '../support/faulty-d1.ts'

/** Longer than a call takes, and shorter than 30 s. */
const STALL = 50

let d1: LocalD1
beforeAll(async () => {
  d1 = await startD1()
})
afterAll(() => d1.close())

describe.each(FAULTS)('when a call of D1 %s,', (fault) => {
  it('a rotation ends with one active key and nothing under way, whichever call it is', async () => {
    const clean = await rotated(null, 0)
    expect(clean).toBeGreaterThan(10)
    for (let at = 1; at <= clean; at++) {
      await rotated(fault, at)
      const codes = (await keys()).filter(({ usage }) => usage === 'codes')
      expect(codes).toHaveLength(2)
      expect(codes.filter(({ status }) => status === 'active')).toHaveLength(1)
      expect(codes.filter(({ status, sealed }) => status !== 'active' && sealed !== null)).toEqual([])
      expect(await authorityOn(d1.binding).store.setting('rotation:codes')).toBeNull()
    }
  }, 60_000)
})

const keys = () => authorityOn(d1.binding).store.keys()

/** Run again, as its person would who looked and found it unfinished; answers with the calls of the first run. */
async function rotated(fault: Fault | null, at: number): Promise<number> {
  await d1.empty()
  const root = await foundOnD1(d1.binding)
  const sound = authorityOn(d1.binding)
  const [before] = await activeCodes()
  const database = faultyD1(d1.binding, fault, at, STALL)
  const order = { by: { who: 'operator:test', reason: 'fault' }, dryRun: false }
  database.arm()
  const first = await rotateKey(authorityOn(database.binding), 'codes', [root], order).catch(() => null)
  await database.landed()
  const [now] = await activeCodes()
  const isUnderWay = (await sound.store.setting('rotation:codes')) !== null
  if (isUnderWay || now?.kid === before?.kid)
    expect(await rotateKey(sound, 'codes', [root], order)).toMatchObject({ ok: true })
  else if (fault === null) expect(first).toMatchObject({ ok: true })
  return database.calls()
}

const activeCodes = async () =>
  (await keys()).filter(({ usage, status }) => usage === 'codes' && status === 'active')
