import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { sendAlerts } from '../../src/runtime/alerts.ts'
import { NOON, openTestInstance, type TestInstance } from '../support/instance.ts'

let instance: TestInstance
const told: Record<string, unknown>[] = []
let status = 204
const server = createServer(async (request, response) => {
  told.push(JSON.parse(await text(request)))
  response.writeHead(status).end()
})
const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`

beforeEach(async () => {
  told.length = 0
  status = 204
  instance = await openTestInstance()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const alert = { kind: 'key_window', key: 'k', detail: { kid: '01020304' }, at: NOON } as const
  await instance.authority.store.queueAlert(alert)
})
afterEach(async () => {
  await new Promise((resolve) => {
    server.close(resolve)
    server.closeAllConnections()
  })
  await instance.close()
})

test('an alert tells its kind, its details and its time in whole seconds, once', async () => {
  await sendAlerts(instance.authority, url())
  await sendAlerts(instance.authority, url())
  expect(told).toEqual([{ kind: 'key_window', at: '2026-11-21T12:00:00Z', kid: '01020304' }])
})

test('an alert that was not accepted is told again, later', async () => {
  status = 500
  await sendAlerts(instance.authority, url())
  status = 204
  await sendAlerts(instance.authority, url())
  expect(told).toHaveLength(1)
  instance.clock.time += 2
  await sendAlerts(instance.authority, url())
  expect(told).toHaveLength(2)
})

test('what a webhook says besides is not read, and its connection not kept waiting', async () => {
  const cancelled: string[] = []
  const body = new ReadableStream({ cancel: () => void cancelled.push('body') })
  const answering = vi.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response(body))
  await sendAlerts(instance.authority, url())
  answering.mockRestore()
  expect(cancelled).toEqual(['body'])
  expect(await instance.authority.store.dueAlerts(instance.clock.time + 9_999, 10)).toEqual([])
})
