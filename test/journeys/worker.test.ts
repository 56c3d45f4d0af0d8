import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { legacyCrypto } from '../../src/crypto/legacy.ts'
import { nodeCrypto } from '../../src/crypto/node.ts'
import { utf8 } from '../../src/format/bytes.ts'
import { huaweiKitCaller } from '../../src/marketplace/huawei/caller-kit.ts'
import { saas1Caller } from '../../src/marketplace/huawei/caller-saas-1.ts'
import { decryptSensitive } from '../../src/marketplace/huawei/sensitive.ts'
import { tenantOf } from '../authority/kit-desk.ts'
import { lineOf } from '../support/calling-shop.ts'
import { type FakeHuawei, fakeHuawei } from '../support/fake-huawei/index.ts'
import { openApi } from '../support/fake-huawei/open-api.ts'
import { type Program, program } from '../support/program.ts'
import { CATALOG, expireTime, purchase, SHOP_KEY } from '../support/shop.ts'
import { type Bundle, bundledWorker, type RunningWorker, startWorker } from '../support/worker.ts'

const OPERATOR_TOKEN = randomBytes(24).toString('base64url')
const MASTER_KEY = randomBytes(32).toString('base64url')

/** Those that workerd has in full, and that this may ever need. */
const OF_WORKERD = ['async_hooks', 'buffer', 'crypto', 'events', 'path', 'stream', 'url', 'util', 'zlib'].map(
  (name) => `node:${name}`,
)

const SHORT = { channel: 'huawei', marketplaceProduct: 'OFFI-SHORT', product: 'no-grace', edition: 'only' }
const WITH_SHORT = { ...CATALOG, offers: [...CATALOG.offers, SHORT] }

let bundle: Bundle
let worker: RunningWorker
let seller: Program
let huawei: FakeHuawei

/** A command line on the operator's machine, which works on the Worker. */
const licet = (...args: readonly string[]) => seller.run(...args, '--remote', worker.url)
const json = <T>(...args: readonly string[]) => seller.json<T>(...args, '--remote', worker.url)

async function must(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await licet(...args)
  if (code !== 0) throw new Error(`licet ${args.join(' ')} ended with ${code}: ${stderr}`)
  return stdout
}

/** What the alert URL was told. */
const alerts: string[] = []
const webhook = createServer((request, response) => {
  request.setEncoding('utf8').on('data', (text) => alerts.push(text))
  response.end()
})

beforeAll(async () => {
  bundle = await bundledWorker()
  await new Promise<void>((listening) => webhook.listen(0, '127.0.0.1', listening))
  const { port } = webhook.address() as AddressInfo
  worker = await startWorker(bundle, {
    LICET_ALERT_URL: `http://127.0.0.1:${port}/alerts`,
    LICET_PUBLIC_URL: 'https://licenses.example.com',
    LICET_MASTER_KEY: MASTER_KEY,
    LICET_OPERATOR_TOKEN: OPERATOR_TOKEN,
    LICET_LOG_LEVEL: 'warn',
  })
  seller = program({ LICET_OPERATOR_TOKEN: OPERATOR_TOKEN, LICET_MASTER_KEY: MASTER_KEY })
  await must('init')
  await must('channel', 'add', 'huawei', '--kind', 'huawei', '--access-key-file', seller.file('k', SHOP_KEY))
  await must('catalog', 'apply', seller.file('catalog.json', JSON.stringify(WITH_SHORT)))
  const address = `${worker.url}/callbacks/huawei`
  huawei = fakeHuawei({ address, accessKey: SHOP_KEY, timeCompression: 36_000 })
}, 120_000)
afterAll(async () => {
  await seller?.remove()
  await worker?.close()
  webhook.close()
})

const validate = async (code: string) => {
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify({ code })
  const response = await fetch(`${worker.url}/v1/validate`, { method: 'POST', headers, body })
  return (await response.json()) as Record<string, unknown> & { license: Record<string, unknown> }
}

const verify = (text: string, ...args: readonly string[]) =>
  seller.run('verify', seller.file('license.txt', text), '--product', '1001', ...args)

describe('the bundle of the Worker', () => {
  it('has at most 350 KB gzip', () => {
    expect(gzipSync(bundle.text).byteLength).toBeLessThanOrEqual(350_000)
  })

  it('imports no builtin but those that workerd has', () => {
    const imported = [...bundle.text.matchAll(/^import\b[^'"]*["']([^'"]+)["'];?$/gm)].map(([, name]) => name)
    expect(imported).toContain('node:crypto')
    expect(imported.filter((name) => !OF_WORKERD.includes(name!))).toEqual([])
    expect(bundle.text).not.toMatch(/\brequire\(["']/)
  })
})

describe('the life of a license on a Worker', () => {
  it('goes purchase, renewal, freeze, reinstatement, release, and every verdict says so', async () => {
    const first = purchase('CS-LIFE-1', 30)
    const bought = await huawei.getLicense(first)
    expect(bought.failure).toBeNull()
    const text = bought.license!
    const instanceId = bought.instanceId!
    expect((await verify(text)).code).toBe(0)
    expect((await huawei.getLicense(first)).body).toBe(bought.body)

    const renewal = { orderId: 'CS-LIFE-2', instanceId, expireTime: expireTime(60) }
    expect((await huawei.refreshLicense(renewal)).resultCode).toBe('000000')
    const later = await validate(text)
    expect(later).toMatchObject({ valid: true, license: { seats: 5 } })
    expect((await verify(later.currentCode as string, '--at', inDays(45))).code).toBe(0)

    await huawei.expireLicense({ orderId: 'CS-LIFE-1', instanceId })
    expect(await validate(text)).toMatchObject({ valid: false, reason: 'frozen' })
    await huawei.refreshLicense({ orderId: 'CS-LIFE-3', instanceId, expireTime: expireTime(90) })
    expect(await validate(text)).toMatchObject({ valid: true, standing: 'active' })
    await huawei.releaseLicense({ orderId: 'CS-LIFE-1', instanceId })
    expect(await validate(text)).toMatchObject({ valid: false, reason: 'released' })
    const history = JSON.stringify(await json('license', 'history', instanceId))
    for (const event of ['issued', 'renewed', 'frozen', 'reinstated', 'released'])
      expect(history).toContain(event)
  })

  it('answers the same request byte for byte, twenty times at once', async () => {
    const call = huawei.caller.getLicense(purchase('CS-TWENTY'), huawei.moment())
    const answers = await Promise.all(Array.from({ length: 20 }, () => huawei.send(call)))
    expect(answers[0]?.failure).toBeNull()
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1)
  })

  it('answers a purchase of SaaS 1.0, encrypted, and again byte for byte', async () => {
    const { newInstance } = saas1Caller(nodeCrypto, `${worker.url}/callbacks/huawei`, SHOP_KEY)
    const wanted = { ...purchase('CS-SHOWN'), customerName: '张三' }
    const opens = async () => huawei.send(newInstance(wanted, huawei.moment()))
    const { failure, body } = await opens()
    expect(failure).toBeNull()
    const { instanceId, appInfo } = JSON.parse(body)
    expect(decryptSensitive(legacyCrypto, '1', utf8(SHOP_KEY), appInfo.userName)).toBe(instanceId)
    expect((await verify(appInfo.memo)).code).toBe(0)
    expect((await opens()).body).toBe(body)
  })

  it('gives one license to twenty different calls for one order line at once', async () => {
    const wanted = purchase('CS-TWENTY-2')
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => huawei.send(huawei.caller.getLicense(wanted, huawei.moment()))),
    )
    const good = answers.filter(({ failure }) => failure === null)
    expect(new Set(good.map(({ body }) => body)).size).toBe(1)
    expect((await huawei.getLicense(wanted)).body).toBe(good[0]?.body)
  })

  it('is ended by the cron trigger when the marketplace never calls', async () => {
    const short = { ...purchase('CS-SHORT', 3 / 86_400), productId: 'OFFI-SHORT' }
    const { instanceId } = await huawei.getLicense(short)
    await pause(3_500)
    await worker.cron()
    const { status } = await json<{ status: string }>('license', 'show', instanceId!)
    expect(status).toBe('frozen')
    expect(JSON.stringify(await json('license', 'history', instanceId!))).toContain('scheduler')
  })

  it('of an order that nothing in the catalog matches is reported by the next cron trigger', async () => {
    const unknown = { ...purchase('CS-UNKNOWN'), productId: 'OFFI-NOBODY-KNOWS' }
    expect((await huawei.send(huawei.caller.getLicense(unknown, huawei.moment()))).resultCode).toBe('000005')
    await worker.cron()
    expect(alerts.map((text) => JSON.parse(text))).toEqual([
      expect.objectContaining({ kind: 'parked_order', order: 'CS-UNKNOWN' }),
    ])
    await worker.cron()
    expect(alerts).toHaveLength(1)
  })

  it('outlives a rotation of the key that signed it', async () => {
    const { license } = await huawei.getLicense(purchase('CS-ROTATED'))
    await must('keys', 'rotate')
    await pause(1_100)
    const { license: next } = await huawei.getLicense(purchase('CS-AFTER'))
    expect((await verify(license!)).code).toBe(0)
    expect((await verify(next!)).code).toBe(0)
    expect(kidOf(await verifyJson(next!))).not.toBe(kidOf(await verifyJson(license!)))
    expect(await validate(license!)).toMatchObject({ valid: true })
  })
})

const verifyJson = async (text: string) => JSON.parse((await verify(text, '--json')).stdout)
const kidOf = ({ license }: { license: { kid: string } }) => license.kid

const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString()

describe('what a command signs and shows for a Worker', () => {
  it('names the address of the Worker, not the one that the operator reaches it by', async () => {
    const { instanceId } = await huawei.getLicense(purchase('CS-STATED'))
    const stated = await json<{ statement: string }>(
      'license',
      'statement',
      instanceId!,
      '--until',
      inDays(7),
    )
    const claims = JSON.parse(Buffer.from(stated.statement.split('.')[1]!, 'base64url').toString())
    expect(claims.iss).toBe('https://licenses.example.com')
    expect(await must('channel', 'list')).toContain('https://licenses.example.com/callbacks/huawei')
  })
})

describe('a Worker', () => {
  it('is ready, and publishes its keys and its revocation list', async () => {
    const ready = await fetch(`${worker.url}/readyz`)
    expect([ready.status, await ready.json()]).toMatchObject([200, { status: 'ok' }])
    const { certificates } = (await (await fetch(`${worker.url}/v1/keys`)).json()) as {
      certificates: unknown[]
    }
    expect(certificates.length).toBeGreaterThan(2)
    const list = await fetch(`${worker.url}/v1/revocations/cad-pro`)
    expect([list.status, list.headers.get('content-type')]).toEqual([200, 'application/jwt'])
    await list.body?.cancel()
  })
})

describe('what the marketplace tells a Worker', () => {
  const listed = (...args: readonly string[]) => json<{ items: { cause?: string }[] }>(...args)

  it('of an enterprise, below the production address, is kept', async () => {
    const kit = huaweiKitCaller(nodeCrypto, `${worker.url}/callbacks/huawei`, SHOP_KEY, 2)
    const { body } = await huawei.send(kit.tenantSync(tenantOf('T'), huawei.moment()))
    expect(JSON.parse(body).resultCode).toBe('000000')
    const { items } = await listed('kit', 'list', '--channel', 'huawei')
    expect(items).toMatchObject([{ kind: 'tenant', facts: { name: '示例公司' } }])
  })

  it('by the notice of an order is asked for and learnt at the cron trigger', async () => {
    const credentials = { accessKeyId: 'AKOFTHEWORKER', secret: 'canary-secret-of-the-worker' }
    const far = await openApi({ credentials, accessKey: SHOP_KEY, nowMs: Date.now })
    onTestFinished(() => far.close())
    const pair = seller.file('pair', Object.values(credentials).join('\n'))
    await must('channel', 'set-open-api', 'huawei', '--credentials-file', pair, '--site', far.url)
    const line = lineOf('CS-TOLD')
    const orderLine = [{ ...line, chargingMode: 'ONE_TIME', productInfo: [{ productId: 'OFFI-GOLD' }] }]
    far.orders.set('CS-TOLD', { orderId: 'CS-TOLD', orderType: 'NEW', createTime: expireTime(0), orderLine })
    expect((await huawei.orderNotify(line)).failure).toBeNull()
    await worker.cron()
    const noticed = (await listed('order', 'list')).items.filter(({ cause }) => cause === 'notice')
    expect(noticed).toMatchObject([{ number: 'CS-TOLD', state: 'learnt', license: null }])
  })
})
