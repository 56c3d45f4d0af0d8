import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { accessKeyId, addAccessKey, addChannel, removeAccessKey } from '../../src/authority/admin.ts'
import { receive } from '../../src/authority/receive.ts'
import { nodeCrypto } from '../../src/crypto/node.ts'
import { huaweiCaller } from '../../src/marketplace/huawei/caller.ts'
import { ACCESS_KEY } from '../support/instance.ts'
import { ADDRESS, arriving, type Desk, never, openDesk, PURCHASE } from './desk.ts'

const SECOND_KEY = 'access-key-of-the-tests-0002'

let desk: Desk
beforeEach(async () => {
  desk = await openDesk()
})
afterEach(() => desk.close())

function callerWith(accessKey: string) {
  const caller = huaweiCaller(nodeCrypto, ADDRESS, accessKey)
  desk.known.set(accessKey, caller)
  return caller
}

const buyBy = (accessKey: string) =>
  desk.send(callerWith(accessKey).getLicense({ ...PURCHASE, orderId: desk.newOrder() }, desk.moment()))

const idOf = (accessKey: string) => accessKeyId(nodeCrypto, accessKey)

describe('two live access keys', () => {
  beforeEach(async () => {
    expect(await addAccessKey(desk.authority, 'huawei', SECOND_KEY)).toEqual({
      ok: true,
      value: idOf(SECOND_KEY),
    })
  })

  test('both authenticate, and the answer is signed by the one that did', async () => {
    expect(await buyBy(ACCESS_KEY)).toMatchObject({ code: '000000', signedBy: ACCESS_KEY })
    expect(await buyBy(SECOND_KEY)).toMatchObject({ code: '000000', signedBy: SECOND_KEY })
  })

  test('a call that neither signed is answered by the newest', async () => {
    callerWith(SECOND_KEY)
    expect(await buyBy('a-key-nobody-added')).toMatchObject({ code: '000001', signedBy: SECOND_KEY })
  })

  test('a malformed call that one of them signed is answered by that one', async () => {
    callerWith(SECOND_KEY)
    const call = desk.caller.get({ activity: 'getLicense' }, desk.moment())
    expect(await desk.send(call)).toMatchObject({ code: '000002', signedBy: ACCESS_KEY })
  })

  test('a nonce is remembered per access key', async () => {
    const at = desk.moment()
    const status = { license: 'PL1', status: 'UNFREEZE' }
    const first = desk.caller.updateLicenseCodeStatus(status, at)
    const second = callerWith(SECOND_KEY).updateLicenseCodeStatus(status, at)
    expect(await desk.send(first)).toMatchObject({ code: '000000' })
    expect(await desk.send(second)).toMatchObject({ code: '000000' })
  })

  test('the removed one is refused as soon as a snapshot may be old, also by another process', async () => {
    const other = await desk.reopen()
    expect(await removeAccessKey(other.authority, 'huawei', idOf(ACCESS_KEY))).toEqual({
      ok: true,
      value: null,
    })
    await other.close()
    desk.clock.time += 1
    callerWith(SECOND_KEY)
    expect(await buyBy(ACCESS_KEY)).toMatchObject({ code: '000001', signedBy: SECOND_KEY })
  })

  test('removing one that is none of the channel is refused', async () => {
    expect(await removeAccessKey(desk.authority, 'huawei', '00000000')).toMatchObject({
      no: { reason: 'unknown_access_key' },
    })
    expect(await removeAccessKey(desk.authority, 'nowhere', idOf(ACCESS_KEY))).toMatchObject({
      no: { reason: 'unknown_channel' },
    })
  })
})

test('the last access key stays', async () => {
  expect(await removeAccessKey(desk.authority, 'huawei', idOf(ACCESS_KEY))).toMatchObject({
    no: { reason: 'last_access_key' },
  })
  expect(await buyBy(ACCESS_KEY)).toMatchObject({ code: '000000' })
})

describe('another channel', () => {
  const other = (accessKey: string) =>
    addChannel(desk.authority, { name: 'other', kind: 'huawei', timeZone: '+08:00', accessKey })

  test('does not share an access key', async () => {
    const keyId = idOf(ACCESS_KEY)
    expect(await other(ACCESS_KEY)).toEqual({
      ok: false,
      no: { reason: 'access_key_in_use', keyId, channel: 'huawei' },
    })
    await other(SECOND_KEY)
    expect(await addAccessKey(desk.authority, 'other', ACCESS_KEY)).toMatchObject({
      no: { reason: 'access_key_in_use' },
    })
  })

  test('has a key that this one refuses', async () => {
    await other(SECOND_KEY)
    expect(await buyBy(SECOND_KEY)).toMatchObject({ code: '000001', signedBy: ACCESS_KEY })
  })

  test('does not find an instance of this one', async () => {
    await other(SECOND_KEY)
    const { instance } = await desk.buy()
    const end = { orderId: PURCHASE.orderId, instanceId: instance }
    const call = callerWith(SECOND_KEY).expireLicense(end, desk.moment())
    const snapshot = await desk.authority.configuration.current(desk.clock.now())
    const channel = snapshot.channels.get('other')!
    const answer = await receive(desk.authority, snapshot, channel, arriving(call), never(), 'request-1')
    expect(JSON.parse(answer.body)).toMatchObject({ resultCode: '000003' })
    expect(await desk.authority.store.byId(instance)).toMatchObject({ status: 'active' })
  })
})

test.each([
  [{ name: 'Huawei' }, 'bad_channel_name'],
  [{ name: '' }, 'bad_channel_name'],
  [{ name: '../x' }, 'bad_channel_name'],
  [{ name: 'huawei' }, 'channel_exists'],
  [{ kind: 'bazaar' }, 'unknown_kind'],
  [{ timeZone: 'Mars/Olympus' }, 'bad_time_zone'],
  [{ timeZone: '+25:00' }, 'bad_time_zone'],
  [{ timeZone: '+0800' }, 'bad_time_zone'],
  [{ timeZone: '+08' }, 'bad_time_zone'],
  [{ timeZone: '' }, 'bad_time_zone'],
  [{ accessKey: '' }, 'empty_access_key'],
])('a channel with %o is refused: %s', async (changed, reason) => {
  const channel = { name: 'second', kind: 'huawei', timeZone: 'UTC', accessKey: SECOND_KEY, ...changed }
  expect(await addChannel(desk.authority, channel)).toMatchObject({ ok: false, no: { reason } })
  expect(await desk.authority.store.channels()).toHaveLength(1)
})

test.each(['Asia/Shanghai', 'UTC', '+08:00', '-03:30'])('a channel in %s dates an end', async (timeZone) => {
  const channel = { name: 'second', kind: 'huawei', timeZone, accessKey: SECOND_KEY }
  expect(await addChannel(desk.authority, channel)).toMatchObject({ ok: true })
  const snapshot = await desk.authority.configuration.current(desk.clock.now())
  const call = callerWith(SECOND_KEY).getLicense(PURCHASE, desk.moment())
  const second = snapshot.channels.get('second')!
  const answer = await receive(desk.authority, snapshot, second, arriving(call), never(), 'request-1')
  // The catalog has no offer of this channel: what matters is that the date was understood.
  expect(JSON.parse(answer.body)).toMatchObject({ resultCode: '000005' })
})
