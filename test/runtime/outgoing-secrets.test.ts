import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { MOST_TRIES } from '../../src/authority/outgoing/waiting.ts'
import { type Behaviour, json } from '../support/fake-huawei/open-api.ts'
import { ACCESS_KEY } from '../support/instance.ts'
import { CREDENTIALS, outside } from './outgoing-kit.ts'

const TEXT = 'LC1-CANARY-OF-A-LICENSE-TEXT'
const SECRETS = [CREDENTIALS.secret, CREDENTIALS.accessKeyId, ACCESS_KEY, TEXT, 'Signature=', 'echo of']

/** Far sides that say everything they know, wherever an answer has room for it. */
const echo = (where: (everything: string) => Behaviour): Behaviour => {
  return (response, received) => {
    const { headers, body, target } = received
    const everything = `echo of ${JSON.stringify(headers)} ${body} ${target} ${CREDENTIALS.secret}`
    return where(everything)(response, received)
  }
}

const ECHOES: readonly Behaviour[] = [
  echo((all) => (response) => void response.end(all)),
  echo((all) => json(200, { error_code: all })),
  echo((all) => json(401, { error_code: 'APIGW.0301', error_msg: all })),
  echo((all) => json(403, all)),
  echo((all) => json(500, { error_code: '92020001', error_msg: all, [all]: all })),
  echo(
    (all) => (response) => void response.writeHead(302, { location: `/${encodeURIComponent(all)}` }).end(),
  ),
  echo((all) => (response) => void response.writeHead(200, all.replace(/\W/g, ' ')).end('rubbish')),
  echo((all) => (response) => {
    response.socket!.end(`${all}\r\n\r\n`)
  }),
]

test('whatever the far side answers, no secret gets into a log, an alert, a list or a file', async () => {
  const { far, instance, queue, deliver, entry } = await outside()
  const { store } = instance.authority
  const usage = {
    instance: 'i',
    serial: 's',
    recordedAt: 9,
    from: 1,
    to: 9,
    value: '1',
    relatedPackage: null,
  }
  const ids = [
    await queue({ type: 'upload_license', event: 'E', text: TEXT }),
    await queue({ type: 'push_usage', records: [usage] }),
  ]
  const errors = new Set<string>()
  for (let n = 0; n <= MOST_TRIES; n++) {
    const behaviour = ECHOES[n % ECHOES.length]!
    far.next(behaviour, behaviour)
    await deliver()
    for (const id of ids) errors.add((await entry(id))!.error ?? '')
    instance.clock.time += 3_600
  }
  expect(errors.size).toBeGreaterThan(5)
  expect(await entry(ids[0]!)).toMatchObject({ state: 'dead' })
  const alerts = await store.dueAlerts(instance.clock.time, 99)
  expect(alerts).toHaveLength(2)
  const listed = await store.outgoingCalls(null, null, 9)
  const told = JSON.stringify([instance.lines, [...errors], alerts, listed, await store.callTroubles()])
  const { data } = instance.config
  const files = Buffer.concat(readdirSync(data).map((name) => readFileSync(join(data, name))))
  for (const secret of SECRETS) {
    expect([secret, told.includes(secret)]).toEqual([secret, false])
    expect([secret, files.includes(secret)]).toEqual([secret, false])
  }
})
