import Sqlite from 'better-sqlite3'
import { expect, it, onTestFinished } from 'vitest'
import { operate } from '../../src/authority/operate.ts'
import { receive } from '../../src/authority/receive.ts'
import { nodeCrypto } from '../../src/crypto/node.ts'
import { expireTimeOf, type HuaweiCall, huaweiCaller } from '../../src/marketplace/huawei/caller.ts'
import { ACCESS_KEY, openTestInstance } from '../support/instance.ts'

const LICENSES = 400
/** Bytes of a license with four events (docs/performance.md); what a database takes without any is left out. */
const MOST = 1_536
const BY = { who: 'operator', reason: null }
const DAY_MS = 86_400_000

/** Every field a marketplace sends of a buyer, as long as it sends them. */
const BUYER = {
  orderLineId: '1',
  customerId: '68cbc86abc2018ab880d92f36422fa0e',
  customerName: 'buyer-of-the-tests',
  userId: '1f2b3c4d5e6f708192a3b4c5d6e7f809',
  userName: 'operator-of-the-buyer',
  mobilePhone: 'JmxVc2rjcrG5u2h1Yl1wZ7Rk3hLw9pXo',
  email: 'k8mY2wTfZcQ1xVnB4rJs6dLh0gPaUe7iOqCzXwKtNyM=',
  productId: 'OFFI-GOLD',
  amount: 25,
}

it('a license that was sold, renewed, frozen and reinstated takes at most 1.5 KB', async () => {
  const instance = await openTestInstance()
  onTestFinished(() => instance.close())
  const { authority, clock, config } = instance
  const caller = huaweiCaller(nodeCrypto, 'http://127.0.0.1/x', ACCESS_KEY)
  const snapshot = await authority.configuration.current(clock.now())
  const channel = snapshot.channels.get('huawei')!
  const never = new Promise(() => undefined)
  const end = (days: number) => expireTimeOf(clock.nowMs() + days * DAY_MS)

  async function answered({ url }: HuaweiCall) {
    const query = url.slice(url.indexOf('?') + 1)
    const call = { method: 'GET', query, contentType: null, body: null } as const
    return JSON.parse((await receive(authority, snapshot, channel, call, never, 'request')).body)
  }

  async function live(number: number): Promise<void> {
    const moment = (which: string) => ({ nowMs: clock.nowMs(), nonce: `nonce-${which}-${number}` })
    const orderId = `CS2611${String(number).padStart(11, '0')}`
    const sale = { ...BUYER, orderId, expireTime: end(365) }
    const { instanceId } = await answered(caller.getLicense(sale, moment('sale')))
    const renewal = { orderId: orderId.replace('CS', 'CR'), instanceId, expireTime: end(730) }
    await answered(caller.refreshLicense(renewal, moment('renewal')))
    for (const type of ['freeze', 'reinstate'] as const)
      await operate(authority, { id: instanceId }, { type, cause: 'operator' }, BY)
  }

  await live(0)
  await Promise.all(Array.from({ length: LICENSES - 1 }, (_, n) => live(n + 1)))
  const db = new Sqlite(config.database)
  onTestFinished(() => void db.close())
  expect(db.prepare('SELECT count(*) FROM license_events').pluck().get()).toBe(4 * LICENSES)
  db.exec('DELETE FROM replay_marks; VACUUM')
  // Pages of few tables are never quite full; of a hundred thousand licenses these bytes are most of what there is.
  const kept = `SELECT sum(payload) FROM dbstat JOIN sqlite_master USING (name) WHERE tbl_name IN
    ('licenses', 'license_events', 'customers', 'answers', 'answer_forms')`
  expect(Number(db.prepare(kept).pluck().get()) / LICENSES).toBeLessThan(MOST - 100)
})
