import { expect, test } from 'vitest'
import { askFor } from '../../src/authority/ask-for-order.ts'
import { json } from '../support/fake-huawei/open-api.ts'
import { ORDER, type Outside, outside } from './outgoing-kit.ts'

const NOT_FOUND = json(200, { resultCode: '91380001', resultMsg: 'order not found' })
const HOUR = 3_600

async function asked({ instance }: Outside): Promise<string> {
  const { authority } = instance
  const order = { id: 'CS1', line: 'CS1-1' }
  const asking = askFor(authority, { channel: 'huawei', order, cause: 'notice', license: null })
  await authority.store.commit(asking)
  return asking.outgoing![0]!.id
}

const deadAlerts = async ({ instance }: Outside) =>
  (await instance.authority.store.dueAlerts(Number.MAX_SAFE_INTEGER, 99)).filter(
    ({ alert }) => alert.kind === 'outgoing_dead',
  )

test('an order that the marketplace does not find yet is learnt when it does', async () => {
  const here = await outside()
  const id = await asked(here)
  here.far.next(NOT_FOUND, NOT_FOUND)
  await here.deliver()
  expect(await here.entry(id)).toMatchObject({ state: 'waiting', error: '91380001' })
  here.far.orders.set('CS1', ORDER)
  await here.deliverFor(30)
  expect(await here.entry(id)).toMatchObject({ state: 'done', attempts: 3 })
  const [line] = await here.instance.authority.store.ordersNumbered('CS1')
  expect(line).toMatchObject({ state: 'learnt' })
  expect(await deadAlerts(here)).toEqual([])
})

test('one that it never finds is given up within hours, and support is told', async () => {
  const here = await outside()
  const id = await asked(here)
  here.far.next(...Array.from({ length: 20 }, () => NOT_FOUND))
  const { clock } = here.instance
  const begun = clock.time
  while ((await here.entry(id))?.state === 'waiting') {
    clock.time = (await here.entry(id))!.due!
    await here.deliver()
  }
  expect(await here.entry(id)).toMatchObject({ state: 'dead', attempts: 15, error: '91380001' })
  expect(clock.time - begun).toBeGreaterThan(2 * HOUR)
  expect(clock.time - begun).toBeLessThan(6 * HOUR)
  expect(await deadAlerts(here)).toHaveLength(1)
})
