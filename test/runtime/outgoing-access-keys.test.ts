import { expect, test } from 'vitest'
import { addAccessKey, removeAccessKey } from '../../src/authority/admin.ts'
import { json } from '../support/fake-huawei/open-api.ts'
import { NOON } from '../support/instance.ts'
import { type Outside, outside } from './outgoing-kit.ts'

const usage = {
  type: 'push_usage',
  records: [
    {
      ...{ instance: 'i', serial: 's', recordedAt: NOON, from: NOON - 60, to: NOON, value: '1.5' },
      relatedPackage: null,
    },
  ],
} as const

const REFUSED = json(401, { error_code: 'MKT.0151' })

async function addKey({ instance }: Outside, secret: string): Promise<string> {
  const added = await addAccessKey(instance.authority, 'huawei', secret)
  if (!added.ok) throw new Error(added.no.reason)
  return added.value
}

test('usage is signed by the key of the base interfaces, also when the key of the kit is newer', async () => {
  const here = await outside()
  await addKey(here, 'the-access-key-of-the-kit')
  const id = await here.queue(usage)
  await here.deliver()
  expect(await here.entry(id)).toMatchObject({ state: 'done', attempts: 1 })
  expect(here.far.received.map(({ fault }) => fault === null)).toEqual([false, true])
  const nonces = here.far.received.map(({ headers }) => headers.nonce)
  expect(new Set(nonces).size).toBe(2)
})

test('the newest key alone is asked where it is right', async () => {
  const here = await outside()
  const id = await here.queue(usage)
  await here.deliver()
  expect(await here.entry(id)).toMatchObject({ state: 'done' })
  expect(here.far.received).toHaveLength(1)
})

test('usage that every key is refused for names the keys, and not AK and SK', async () => {
  const here = await outside()
  await addKey(here, 'the-access-key-of-the-kit')
  here.far.next(REFUSED, REFUSED)
  const id = await here.queue(usage)
  await here.deliver()
  expect(await here.entry(id)).toMatchObject({ state: 'waiting', error: 'unauthorized MKT.0151 access_key' })
  expect(here.far.received).toHaveLength(2)
})

test('the key that was missing makes that usage due at once, also what was given up for it', async () => {
  const here = await outside({ accessKey: 'the-access-key-that-was-missing' })
  const { clock } = here.instance
  const dead = await here.queue(usage)
  while ((await here.entry(dead))?.state === 'waiting') {
    clock.time = (await here.entry(dead))!.due!
    await here.deliver()
  }
  const waiting = await here.queue(usage, 'later')
  await here.deliver()
  expect(await here.entry(waiting)).toMatchObject({
    attempts: 1,
    error: 'unauthorized APIGW.0301 access_key',
  })
  await addKey(here, 'the-access-key-that-was-missing')
  await here.deliver()
  expect(await here.entry(dead)).toMatchObject({ state: 'done', attempts: 1 })
  expect(await here.entry(waiting)).toMatchObject({ state: 'done', attempts: 2 })
})

test('what is wrong with the usage itself is asked under one key alone', async () => {
  const here = await outside()
  await addKey(here, 'the-access-key-of-the-kit')
  here.far.next(json(200, { error_code: '94060999' }))
  const id = await here.queue(usage)
  await here.deliver()
  expect(await here.entry(id)).toMatchObject({ state: 'dead', error: '94060999' })
  expect(here.far.received).toHaveLength(1)
})

test('a key that was removed signs no more', async () => {
  const here = await outside()
  const kit = await addKey(here, 'the-access-key-of-the-kit')
  await removeAccessKey(here.instance.authority, 'huawei', kit)
  const id = await here.queue(usage)
  await here.deliver()
  expect(await here.entry(id)).toMatchObject({ state: 'done' })
  expect(here.far.received).toHaveLength(1)
})

test('a marketplace that is slow to refuse is not asked under every key', async () => {
  const here = await outside()
  await addKey(here, 'the-access-key-of-the-kit')
  await addKey(here, 'one-more-access-key')
  here.far.next((response, received) => {
    here.instance.clock.time += 21
    return REFUSED(response, received)
  })
  const id = await here.queue(usage)
  await here.deliver()
  expect(await here.entry(id)).toMatchObject({ state: 'waiting', error: 'unauthorized MKT.0151 access_key' })
  expect(here.far.received).toHaveLength(1)
})

test('a call that AK and SK sign is made once, however many keys there are', async () => {
  const here = await outside()
  await addKey(here, 'the-access-key-of-the-kit')
  here.far.next(json(401, { error_code: 'APIGW.0301' }))
  const id = await here.queue({ type: 'query_code', code: 'PL0001' })
  await here.deliver()
  expect(await here.entry(id)).toMatchObject({ error: 'unauthorized APIGW.0301' })
  expect(here.far.received).toHaveLength(1)
})
