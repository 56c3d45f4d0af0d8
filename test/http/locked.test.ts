import Sqlite from 'better-sqlite3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Desk, inDays, openDesk } from '../authority/desk.ts'
import { type Listening, listen, pause } from './server.ts'

let desk: Desk
let server: Listening
beforeAll(async () => {
  desk = await openDesk()
  server = await listen(desk.authority)
})
afterAll(async () => {
  await server.close()
  await desk.close()
})

/** Milliseconds within which an answer counts as given at once. */
const AT_ONCE = 400

test('while another process holds the database, every callback is answered in time and health at once', async () => {
  const { instance } = await desk.buy()
  const other = new Sqlite(desk.config.database)
  other.exec('BEGIN IMMEDIATE')
  const renewal = (n: number) =>
    desk.caller.refreshLicense(
      { orderId: `R-${n}`, instanceId: instance, expireTime: inDays(60 + n) },
      desk.moment(),
    )
  const timed = async (work: () => Promise<Response>) => {
    const began = performance.now()
    const response = await work()
    const body = await response.text()
    return { body, took: performance.now() - began }
  }
  const calls = Array.from({ length: 5 }, async (_, n) => {
    await pause(n * 300)
    return timed(() => server.call(renewal(n)))
  })
  for (let look = 0; look < 10; look++) {
    await pause(200)
    expect((await timed(() => fetch(`${server.url}/healthz`))).took).toBeLessThan(AT_ONCE)
  }
  for (const { body, took } of await Promise.all(calls)) {
    expect(JSON.parse(body)).toMatchObject({ resultCode: '000005' })
    expect(took).toBeLessThan(4_000)
  }
  other.exec('ROLLBACK')
  other.close()
  const again = await timed(() => server.call(renewal(4)))
  expect(JSON.parse(again.body)).toMatchObject({ resultCode: '000000' })
}, 20_000)

test('a lock that is let go within the deadline delays a call and fails none', async () => {
  const other = new Sqlite(desk.config.database)
  other.exec('BEGIN IMMEDIATE')
  const purchase = desk.buy({ orderId: desk.newOrder() })
  await pause(1_000)
  other.exec('ROLLBACK')
  other.close()
  expect(await purchase).toMatchObject({ code: '000000' })
}, 20_000)
