import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Authority } from '../../src/authority/authority.ts'
import { newOutgoing } from '../../src/authority/outgoing/new-call.ts'
import { ambient, createLog, openInstance, readConfig } from '../../src/runtime/node.ts'
import { type Behaviour, json, type OpenApi, openApi } from '../support/fake-huawei/open-api.ts'
import { type Program, program } from '../support/program.ts'
import { CATALOG, expireTime, SHOP_KEY } from '../support/shop.ts'
import { bundledWorker, type RunningWorker, startWorker } from '../support/worker.ts'

const TOKEN = randomBytes(24).toString('base64url')
const MASTER_KEY = randomBytes(32).toString('base64url')
const CREDENTIALS = { accessKeyId: 'AKOFTHEWORKER', secret: 'canary-secret-of-the-worker' }

let worker: RunningWorker
let seller: Program
let far: OpenApi

async function must<T>(...args: readonly string[]): Promise<T> {
  const { code, stdout, stderr } = await seller.run(...args, '--remote', worker.url, '--json')
  if (code !== 0) throw new Error(`licet ${args.join(' ')} ended with ${code}: ${stderr}`)
  return JSON.parse(stdout)
}

beforeAll(async () => {
  far = await openApi({ credentials: CREDENTIALS, accessKey: SHOP_KEY, nowMs: Date.now })
  worker = await startWorker(await bundledWorker(), {
    LICET_PUBLIC_URL: 'https://licenses.example.com',
    LICET_MASTER_KEY: MASTER_KEY,
    LICET_OPERATOR_TOKEN: TOKEN,
    LICET_LOG_LEVEL: 'silent',
  })
  seller = program({ LICET_OPERATOR_TOKEN: TOKEN, LICET_MASTER_KEY: MASTER_KEY })
  await must('init')
  await must('channel', 'add', 'huawei', '--kind', 'huawei', '--access-key-file', seller.file('k', SHOP_KEY))
  const pair = seller.file('pair', `${CREDENTIALS.accessKeyId}\n${CREDENTIALS.secret}\n`)
  await must('channel', 'set-open-api', 'huawei', '--credentials-file', pair, '--site', far.url)
}, 120_000)
afterAll(async () => {
  await seller?.remove()
  await worker?.close()
  await far?.close()
})

async function inside<T>(work: (authority: Authority) => Promise<T>): Promise<T> {
  const read = readConfig({
    ...{ LICET_DATA: seller.data, LICET_PUBLIC_URL: 'https://licenses.example.com' },
    ...{ LICET_MASTER_KEY: MASTER_KEY, LICET_OPERATOR_TOKEN: TOKEN },
  })
  if (!read.ok) throw new Error(read.faults.join(' '))
  const config = { ...read.config, database: worker.url }
  const opened = await openInstance(config, ambient, createLog('silent').log)
  return work(opened.authority).finally(() => opened.close())
}

const queue = (event: string, text: string) =>
  inside(async (authority) => {
    const call = newOutgoing(authority, 'huawei', event, { type: 'upload_license', event, text })
    await authority.store.commit({ outgoing: [call] })
  })

interface Listed {
  readonly items: readonly { readonly key: string; readonly state: string; readonly error: string | null }[]
}
const entry = async (key: string) =>
  (await must<Listed>('outgoing', 'list')).items.find((one) => one.key === key)

describe('a Worker', () => {
  it('makes the calls that are due at its cron trigger', async () => {
    await queue('EV-1', 'LC1-TEXT')
    await queue('EV-2', 'long '.repeat(400))
    await worker.cron()
    expect(far.received.map(({ fault }) => fault)).toEqual([null, null, null])
    // The credentials were proven.
    expect(far.received.filter(({ target }) => target.includes('MOCKPERIODYEARNEW'))).toHaveLength(1)
    expect(far.uploads.get('EV-2')).toBe('long '.repeat(400))
    expect(await entry('EV-1')).toMatchObject({ state: 'done', error: null })
  })

  const FAILURES: readonly [string, Behaviour, string][] = [
    ['redirect', (response) => void response.writeHead(302, { location: '/elsewhere' }).end(), 'redirect'],
    [
      'answer of 100 MB',
      async (response) => {
        for (let n = 0; n < 100 && !response.destroyed; n++) {
          response.write(Buffer.alloc(1 << 20))
          await new Promise(setImmediate)
        }
        response.end()
      },
      'answer_too_large',
    ],
    ['refused signature', json(401, { error_code: 'APIGW.0301' }), 'unauthorized APIGW.0301'],
    ['cut line', (response) => void response.destroy(), 'no_connection'],
  ]
  const failing: Behaviour = (response, received) => {
    const [, behaviour] = FAILURES.find(([name]) => received.target.includes(encodeURIComponent(name)))!
    return behaviour(response, received)
  }

  it('keeps calls that failed, and makes them again', async () => {
    for (const [name] of FAILURES) await queue(name, 'T')
    far.next(...FAILURES.map(() => failing))
    await worker.cron()
    for (const [name, , error] of FAILURES)
      expect([name, await entry(name)]).toMatchObject([name, { state: 'waiting', error }])
    // The first wait is two to four seconds.
    await new Promise((resolve) => setTimeout(resolve, 4_500))
    await worker.cron()
    for (const [name] of FAILURES) expect([name, await entry(name)]).toMatchObject([name, { state: 'done' }])
  })

  it('makes a license of a code, once however many ask, and finds a release that was missed', async () => {
    await must('catalog', 'apply', seller.file('catalog', JSON.stringify(CATALOG)))
    const facts = { status: 'ALIVE', productId: 'OFFI-GOLD', orderId: 'CS-PL', amount: 5 } as const
    far.codes.set('PL1', { ...facts, expireTime: expireTime(30), activateTime: null })
    const ask = async () => {
      const headers = { 'content-type': 'application/json' }
      const body = JSON.stringify({ marketplaceCode: 'PL1' })
      const response = await fetch(`${worker.url}/v1/activate`, { method: 'POST', headers, body })
      return (await response.json()) as {
        text: string | null
        reason: string | null
        license: { id: string }
      }
    }
    const [first, ...others] = await Promise.all([ask(), ask(), ask()])
    expect(first!.text).toMatch(/^LC1-/)
    for (const other of others) expect(other.text).toBe(first!.text)
    far.codes.set('PL1', { ...far.codes.get('PL1')!, status: 'RELEASED' })
    await must('marketplace', 'reconcile', '--now')
    // One round asks, and the next one hears.
    await worker.cron()
    await worker.cron()
    expect(await ask()).toMatchObject({ text: null, reason: 'released', license: { id: first!.license.id } })
  })
})
