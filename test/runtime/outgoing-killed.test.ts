import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { OutgoingCall } from '../../src/authority/outgoing/port.ts'
import { outside } from './outgoing-kit.ts'

const DELIVER = fileURLToPath(new URL('../support/deliver-once.ts', import.meta.url))

const CALLS: readonly OutgoingCall[] = [
  { type: 'upload_license', event: 'EV-1', text: 'LC1-TEXT' },
  {
    type: 'push_usage',
    records: [
      {
        ...{ instance: 'i', serial: 'sn-1', recordedAt: 9, from: 1, to: 9, value: '1' },
        relatedPackage: null,
      },
    ],
  },
]

test.each(
  CALLS,
)('a $type whose process is killed between its answer and its end is made again, with the same key', {
  timeout: 30_000,
}, async (call) => {
  const { instance, far, queue, deliver, entry } = await outside()
  const id = await queue(call)
  const env = { ...process.env, LICET_DATA: instance.config.data, LICET_PUBLIC_URL: 'https://a.example' }
  const child = spawn(process.execPath, [DELIVER, `${instance.clock.time}`], { env, stdio: 'inherit' })
  far.next((response) => {
    // All is done on this side, and the answer is on its way.
    response.writeHead(200, { 'content-type': 'application/json' }).write('{"error_code":"CBC.0000"')
    child.kill('SIGKILL')
  })
  expect(await once(child, 'exit')).toEqual([null, 'SIGKILL'])
  expect(await entry(id)).toMatchObject({ state: 'waiting', attempts: 1, error: null })
  await deliver()
  expect(far.received).toHaveLength(1)
  instance.clock.time += 60
  await deliver()
  expect(await entry(id)).toMatchObject({ state: 'done', attempts: 2 })
  expect(far.received.map(({ fault }) => fault)).toEqual([null, null])
  const [before, after] = far.received.map(({ target, body }) => [
    target,
    // The boundary of multipart is drawn each time.
    body.toString().replace(/[0-9a-f]{32}/g, ''),
  ])
  expect(after).toEqual(before)
  await deliver()
  expect(far.received).toHaveLength(2)
})
