import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parkedDemand } from '../../src/authority/parking.ts'
import { Unreadable } from '../../src/cli/shell.ts'
import { called, examined, failing } from './doctor-kit.ts'
import { DAY, emptyStage, START, stage } from './stage.ts'

test('a new instance is well but for its development root', async () => {
  const here = await stage()
  const { exit, status, of } = await examined(here)
  expect([exit, status]).toEqual([0, 'warning'])
  for (const check of ['configuration', 'database', 'clock', 'key ', 'channel huawei', 'parked', 'dead'])
    expect([check, of(check).status]).toEqual([check, 'ok'])
  expect(of('root')).toMatchObject({ status: 'warning', says: expect.stringContaining('development root') })
  expect(of('channel huawei').says).toContain('no open-API credentials')
  expect((await here.licet('doctor')).out).toMatch(/^ +CHECK +SAYS\nok +configuration /)
})

test('a channel that is called well is well', async () => {
  const here = await stage()
  await called(here, null)
  expect((await examined(here)).of('channel huawei')).toMatchObject({
    status: 'ok',
    says: expect.stringContaining('site cn'),
  })
})

test.each([
  ['refused credentials', 'unauthorized APIGW.0301', 'failed', 'refuses its credentials'],
  ['a marketplace that is out', 'timeout', 'warning', 'timeout at 2026-03-01T00:00:00Z'],
])('%s are named with the channel', async (_, error, status, says) => {
  const here = await stage()
  await called(here, error)
  const ran = await examined(here)
  expect(ran.of('channel huawei')).toMatchObject({ status, says: expect.stringContaining(says) })
  expect(ran.exit).toBe(status === 'failed' ? 1 : 0)
})

test('calls that wait for credentials are a failure', async () => {
  const here = await stage()
  await failing(here, 'no_credentials', 'waiting')
  expect((await examined(here)).of('channel huawei')).toMatchObject({
    status: 'failed',
    says: expect.stringContaining('calls wait; "licet channel set-open-api huawei"'),
  })
})

test('credentials that do not open are named, and the rest is looked at', async () => {
  const here = await stage()
  await called(here, null)
  await here.inside(({ store }) => store.setOpenApi('huawei', { site: 'cn', sealed: 'x', since: START }))
  const { exit, of } = await examined(here)
  expect(of('channel huawei')).toMatchObject({
    status: 'failed',
    says: expect.stringContaining('do not open'),
  })
  expect([exit, of('parked').status]).toEqual([1, 'ok'])
})

test('dead and parked calls are counted', async () => {
  const here = await stage()
  await called(here, '92020005', 'dead')
  await here.inside(async ({ store, crypto }) => {
    const command = { type: 'release' } as const
    const instance = 'unknown'
    const demand = { type: 'demand', test: false, instance, command, unknown: 'park', order: null } as never
    await store.commit({ park: parkedDemand(crypto, 'huawei', demand, START) })
  })
  const { of } = await examined(here)
  expect(of('dead')).toMatchObject({ status: 'warning', says: expect.stringMatching(/^1;/) })
  expect(of('parked')).toMatchObject({ status: 'warning', says: expect.stringMatching(/^1;/) })
})

test('keys whose window closes are named with their days', async () => {
  const here = await stage()
  const { of } = await examined(here)
  const days = Number(/(\d+) more days/.exec(of('key ').says)![1])
  here.pass((days - 10) * DAY)
  expect((await examined(here)).of('key ')).toMatchObject({ status: 'warning' })
  here.pass(11 * DAY)
  const late = await examined(here)
  expect(late.of('key ')).toMatchObject({ status: 'failed' })
  expect(late.of('keys')).toMatchObject({ status: 'failed' })
  expect(late.exit).toBe(1)
})

test('a clock before this program was made is wrong', async () => {
  const here = await stage({ builtAt: START + 1 })
  expect((await examined(here)).of('clock')).toMatchObject({ status: 'failed' })
})

test.each([
  ['no instance', () => emptyStage(), 'database'],
  [
    'a database that is none',
    async () => {
      const here = await stage()
      for (const name of readdirSync(here.data)) {
        if (!name.startsWith('licet.db')) continue
        rmSync(join(here.data, name))
        writeFileSync(join(here.data, name), 'rubbish'.repeat(999))
      }
      return here
    },
    'database',
  ],
  [
    'a wrong configuration',
    () => stage({ open: () => Promise.reject(new Unreadable('LICET_PORT must be a number.')) }),
    'configuration',
  ],
] as const)('%s is a failure with a sentence', async (_, make, check) => {
  const { exit, of } = await examined(await make())
  expect(exit).toBe(1)
  expect(of(check)).toMatchObject({ status: 'failed', says: expect.stringMatching(/^[A-Z/].{10,}/) })
})
