import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ambient } from '../../src/runtime/ambient.ts'
import { openRemote } from '../../src/store/d1/remote.ts'
import { type FakeHuawei, fakeHuawei } from '../support/fake-huawei/index.ts'
import { type Program, program } from '../support/program.ts'
import { CATALOG, purchase, SHOP_KEY } from '../support/shop.ts'
import { type Bundle, bundledWorker, type RunningWorker, startWorker } from '../support/worker.ts'

const TOKEN = randomBytes(24).toString('base64url')

let bundle: Bundle
let worker: RunningWorker
let seller: Program

const licet = (...args: readonly string[]) => seller.run('--remote', worker.url, ...args)

/** One that has what a seller's engineer has on the first day: no master key, no token in the environment. */
beforeAll(async () => {
  bundle = await bundledWorker()
  worker = await startWorker(bundle, {
    LICET_PUBLIC_URL: 'https://licenses.example.com',
    LICET_OPERATOR_TOKEN: TOKEN,
    LICET_LOG_LEVEL: 'silent',
  })
  seller = program({ LICET_OPERATOR_TOKEN: '' })
}, 120_000)
afterAll(async () => {
  await seller?.remove()
  await worker?.close()
})

describe('an instance on a Worker, made from the command line', () => {
  it('needs the operator token', async () => {
    const { code, stderr } = await licet('init')
    expect([code, stderr]).toEqual([3, expect.stringContaining('LICET_OPERATOR_TOKEN')])
    const wrong = seller.file('wrong', `${randomBytes(24).toString('base64url')}\n`)
    const refused = await licet('init', '--operator-token-file', wrong)
    expect([refused.code, refused.stderr]).toEqual([
      3,
      expect.stringContaining('operator token is not the one'),
    ])
    expect(refused.stderr).not.toContain(readFileSync(wrong, 'utf8').trim())
  })

  it('gets its keys, and is told where its master key goes', async () => {
    const file = seller.file('token', `${TOKEN}\nwhatever follows\n`)
    const { code, stdout } = await licet('init', '--operator-token-file', file)
    expect(code).toBe(0)
    expect(stdout).toContain(`wrangler secret put LICET_MASTER_KEY < ${join(seller.data, 'master.key')}`)
    const again = await licet('init', '--operator-token-file', file)
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('holds keys already')])
  })

  it('is worked on by the same commands as one of this machine', async () => {
    const file = seller.file('token', TOKEN)
    const run = async (...args: readonly string[]) => {
      const { code, stdout, stderr } = await licet(...args, '--operator-token-file', file)
      if (code !== 0) throw new Error(`licet ${args.join(' ')} ended with ${code}: ${stderr}`)
      return stdout
    }
    await run('channel', 'add', 'huawei', '--kind', 'huawei', '--access-key-file', seller.file('k', SHOP_KEY))
    await run('catalog', 'apply', seller.file('catalog.json', JSON.stringify(CATALOG)))
    const terms = ['--product', 'cad-pro', '--edition', 'standard', '--perpetual', '--customer', '张三']
    const { id, text } = JSON.parse(await run('license', 'issue', ...terms, '--json'))
    expect((await seller.run('verify', seller.file('license.txt', text))).code).toBe(0)
    expect(await run('channel', 'list')).toContain('huawei')
    expect(await run('catalog', 'show')).toContain('CAD Pro')
    expect(await run('license', 'list')).toContain(id)
    await run('license', 'freeze', id, '--reason', 'unpaid')
    expect(await run('license', 'history', id)).toContain('unpaid')
    await run('keys', 'add', '--usage', 'lists')
    expect(await run('keys', 'list')).toContain('pending')
  })

  it('is moved there from this machine, and back, row for row', async () => {
    const token = seller.file('token', TOKEN)
    const home = program()
    const there = await startWorker(bundle, { LICET_OPERATOR_TOKEN: TOKEN, LICET_LOG_LEVEL: 'silent' })
    try {
      await home.run('init')
      await home.run('catalog', 'apply', home.file('catalog.json', JSON.stringify(CATALOG)))
      const terms = ['--product', 'cad-pro', '--edition', 'standard', '--perpetual', '--customer', '张三']
      await home.run('license', 'issue', ...terms)
      const away = ['--remote', there.url, '--operator-token-file', token]
      const [out, back] = ['out', 'back'].map((name) => join(home.data, `${name}.jsonl`))
      for (const move of [
        ['export', out!],
        ['import', out!, ...away],
        ['export', back!, ...away],
      ])
        expect((await home.run(...move)).stderr).not.toContain('failed')
      expect(rowsOf(back!)).toEqual(rowsOf(out!))
      expect(rowsOf(out!).length).toBeGreaterThan(5)
    } finally {
      await home.remove()
      await there.close()
    }
  })
})

/** One loss, in the order of its hours: each step begins where the one before ended. */
describe('the day the database of a Worker is lost', { timeout: 120_000 }, () => {
  const variables = {
    LICET_PUBLIC_URL: 'https://licenses.example.com',
    LICET_OPERATOR_TOKEN: TOKEN,
    LICET_MASTER_KEY: randomBytes(32).toString('base64url'),
    LICET_LOG_LEVEL: 'silent',
  }
  let office: Program
  let lost: RunningWorker
  let spare: RunningWorker
  let huawei: FakeHuawei
  let kept: Sold
  let since: Sold

  beforeAll(async () => {
    office = program(variables)
    lost = await startWorker(bundle, variables)
    spare = await startWorker(bundle, variables)
    const licet = async (...words: string[]) => office.json(...words, '--remote', lost.url)
    await licet('init')
    const key = office.file('k', SHOP_KEY)
    await licet('channel', 'add', 'huawei', '--kind', 'huawei', '--access-key-file', key)
    await licet('catalog', 'apply', office.file('catalog.json', JSON.stringify(CATALOG)))
    huawei = calling(lost)
  })
  afterAll(async () => {
    await office?.remove()
    await lost?.close()
    await spare?.close()
  })

  interface Sold {
    readonly body: string
    readonly id: string
    readonly license: string
  }

  const calling = ({ url }: RunningWorker): FakeHuawei =>
    fakeHuawei({ address: `${url}/callbacks/huawei`, accessKey: SHOP_KEY, timeCompression: 36_000 })

  const call = (order: string) => huawei.send(huawei.caller.getLicense(purchase(order), huawei.moment()))

  async function sell(order: string): Promise<Sold> {
    const { body, instanceId, license, failure } = await call(order)
    if (failure !== null) throw new Error(failure)
    return { body, id: instanceId!, license: license! }
  }

  async function ask({ license }: Sold) {
    const headers = { 'content-type': 'application/json' }
    const request = { method: 'POST', headers, body: JSON.stringify({ code: license }) }
    const response = await fetch(`${spare.url}/v1/validate`, request)
    return { status: response.status, verdict: (await response.json()) as object }
  }

  const ready = async (): Promise<number> => {
    const response = await fetch(`${spare.url}/readyz`)
    await response.body?.cancel()
    return response.status
  }

  it('is backed up from the command line', async () => {
    kept = await sell('CS-KEPT')
    const backup = join(office.data, '..', 'backup.jsonl')
    const { rows } = await office.json<{ rows: object }>('backup', backup, '--remote', lost.url)
    expect(rows).toMatchObject({ licenses: 1, license_events: 1, customers: 1 })
    since = await sell('CS-SINCE')
    expect(since.id).not.toBe(kept.id)
  })

  it('is restored into another, which answers its first call right', async () => {
    expect(await ready()).toBe(503)
    const backup = join(office.data, '..', 'backup.jsonl')
    const restored = await office.json('restore', backup, '--remote', spare.url)
    expect(restored).toMatchObject({ raised: 1, exhausted: [] })
    huawei = calling(spare)
    const first = await sell('CS-FIRST')
    expect((await office.run('verify', office.file('first.txt', first.license))).code).toBe(0)
    expect([kept.id, since.id]).not.toContain(first.id)
    expect((await sell('CS-KEPT')).body).toBe(kept.body)
    expect(await ready()).toBe(200)
    expect((await ask(kept)).verdict).toMatchObject({ valid: true, license: { revision: 1_001 } })
    expect((await ask(since)).verdict).toMatchObject({ valid: false, reason: 'not_issued' })
  })

  it('serves nothing while a restore in place has not ended, and goes on when it has', async () => {
    await marked(spare, ambient.now())
    await expect.poll(ready, { timeout: 5_000 }).toBe(503)
    expect((await ask(kept)).status).toBe(503)
    expect((await call('CS-KEPT')).resultCode).toBe('000005')
    expect((await call('CS-MEANWHILE')).failure).not.toBeNull()
    const ended = await office.json('restore', '--in-place', '--remote', spare.url)
    expect(ended).toMatchObject({ raised: 2, exhausted: [] })
    await expect.poll(ready, { timeout: 5_000 }).toBe(200)
    expect((await sell('CS-KEPT')).body).toBe(kept.body)
    expect((await ask(kept)).verdict).toMatchObject({ valid: true, license: { revision: 2_001 } })
  })
})

/** As a restore leaves it that was killed behind its first step. */
async function marked({ url }: RunningWorker, since: number): Promise<void> {
  const store = await openRemote(url, { token: TOKEN, fetch, ambient })
  await store.moving().beginRestore(since)
  await store.close()
}

/** Every row but those of the settings, which hold a count of changes. */
function rowsOf(file: string): readonly string[] {
  const [, ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n')
  return lines.filter((line) => line.startsWith('{"table"') && !line.startsWith('{"table":"settings"'))
}
