import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newOutgoing } from '../../src/authority/outgoing/new-call.ts'
import { ambient, createLog, openInstance, readConfig } from '../../src/runtime/node.ts'
import { type OpenApi, openApi } from '../support/fake-huawei/open-api.ts'
import type { Running } from '../support/program.ts'
import { SHOP_KEY, type Shop, shop } from '../support/shop.ts'

const CREDENTIALS = { accessKeyId: 'AKOFTHEJOURNEY', secret: 'canary-secret-of-the-journey' }
const WRONG = 'canary-of-a-wrong-secret'
const TEXT = 'LC1-CANARY-TEXT-OF-THE-JOURNEY'

interface Listed {
  readonly items: readonly {
    readonly state: string
    readonly attempts: number
    readonly error: string | null
  }[]
}

/** In the order of a seller's morning: each step begins where the one before ended. */
describe('the credentials of a marketplace', { timeout: 60_000 }, () => {
  let seller: Shop
  let server: Running
  let far: OpenApi
  const said: string[] = []

  async function licet(...args: readonly string[]): Promise<{ code: number; stdout: string }> {
    const ran = await seller.run(...args)
    said.push(ran.stdout, ran.stderr)
    return ran
  }

  const set = (secret: string) => {
    const file = seller.file('pair.txt', `${CREDENTIALS.accessKeyId}\n${secret}\n`)
    return licet('channel', 'set-open-api', 'huawei', '--credentials-file', file, '--site', far.url)
  }

  const list = async () => (JSON.parse((await licet('outgoing', 'list', '--json')).stdout) as Listed).items

  const warnings = async () => {
    const ready = (await (await fetch(`${server.url}/readyz`)).json()) as { warnings: { warning: string }[] }
    return ready.warnings.map(({ warning }) => warning)
  }

  /** As a callback would. */
  async function queue(): Promise<void> {
    const read = readConfig({ LICET_DATA: seller.data })
    if (!read.ok) throw new Error(read.faults.join(' '))
    const { authority, close } = await openInstance(read.config, ambient, createLog('silent').log)
    const call = newOutgoing(authority, 'huawei', 'E', { type: 'upload_license', event: 'E', text: TEXT })
    await authority.store.commit({ outgoing: [call] }).finally(close)
  }

  beforeAll(async () => {
    seller = await shop()
    far = await openApi({ credentials: CREDENTIALS, accessKey: SHOP_KEY, nowMs: Date.now })
    server = (await seller.open()).server
  })
  afterAll(async () => {
    await seller?.remove()
    await far?.close()
  })

  it('are missing, and a call waits for them', async () => {
    await queue()
    await expect
      .poll(list, { timeout: 15_000 })
      .toMatchObject([{ state: 'waiting', error: 'no_credentials' }])
    expect(await warnings()).toContain('outgoing_calls_failing')
    expect((await licet('doctor')).stdout).toMatch(
      /^failed +channel huawei .*no open-API credentials, and calls wait/m,
    )
  })

  it('are wrong, and the doctor names the channel', async () => {
    expect(await set(WRONG)).toMatchObject({ code: 0 })
    const error = 'unauthorized APIGW.0301'
    await expect.poll(list, { timeout: 15_000 }).toMatchObject([
      { type: 'upload_license', state: 'waiting', error },
      { type: 'query_order', key: 'credentials', state: 'waiting', error },
    ])
    expect(await warnings()).toContain('outgoing_calls_failing')
    const { code, stdout } = await licet('doctor', '--json')
    const { checks } = JSON.parse(stdout) as { checks: object[] }
    expect(code).toBe(1)
    expect(checks).toContainEqual({
      check: 'channel huawei',
      status: 'failed',
      says: expect.stringContaining('refuses its credentials'),
    })
  })

  it('are right, and what waited is done at once', async () => {
    expect(await set(CREDENTIALS.secret)).toMatchObject({ code: 0 })
    // The call that proved them is gone.
    const done = { type: 'upload_license', state: 'done', error: null }
    await expect.poll(list, { timeout: 15_000 }).toMatchObject([done])
    expect(far.uploads.get('E')).toBe(TEXT)
    expect(await warnings()).not.toContain('outgoing_calls_failing')
    expect((await licet('doctor')).code).toBe(0)
  })

  it('are in no log, no output and no file, and neither is what was sent', async () => {
    expect(await server.stop()).toBe(0)
    const files = readdirSync(seller.data).map((name) => readFileSync(join(seller.data, name), 'latin1'))
    const everything = [...said, server.said(), ...files].join('\n')
    expect(server.said()).toContain('outgoing_done')
    for (const secret of [CREDENTIALS.secret, WRONG, CREDENTIALS.accessKeyId, TEXT])
      expect([secret, everything.includes(secret)]).toEqual([secret, false])
  })
})
