import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SceneReport } from '../../src/authority/marketplace-check.ts'
import { type Program, program, type Ran, type Running } from '../support/program.ts'
import { CATALOG, SHOP_KEY } from '../support/shop.ts'

interface Document {
  readonly ok: boolean
  readonly hints: readonly string[]
  readonly scenes: readonly SceneReport[]
}

/** As the README leads a seller: each step begins where the one before ended. */
describe('before the button is pressed, a fresh npm start', { timeout: 60_000 }, () => {
  let seller: Program
  let server: Running
  let keyFile: string
  const said: string[] = []

  async function check(...more: string[]): Promise<Ran> {
    const address = `${server.url}/callbacks/huawei`
    const given = ['--kind', 'huawei', '--access-key-file', keyFile, ...more]
    const ran = await seller.run('marketplace', 'check', address, ...given)
    said.push(ran.stdout, ran.stderr)
    return ran
  }

  const licenses = async () => {
    const listed = await Promise.all([
      seller.json<{ items: unknown[] }>('license', 'list'),
      seller.json<{ items: unknown[] }>('license', 'list', '--parked'),
      seller.json<{ items: unknown[] }>('order', 'list'),
      seller.json<{ items: unknown[] }>('outgoing', 'list'),
    ])
    return listed.flatMap(({ items }) => items)
  }

  beforeAll(async () => {
    seller = program()
    keyFile = seller.file('huawei.key', `${SHOP_KEY}\n`)
    server = await seller.start('start')
  })
  afterAll(() => seller?.remove())

  it('is told that it has no channel', async () => {
    const { code, stdout } = await check('--json')
    expect(code).toBe(1)
    expect((JSON.parse(stdout) as Document).hints).toEqual([expect.stringContaining('licet channel add')])
  })

  it('is told that it has nothing to sell, and passes what sells nothing', async () => {
    const file = ['--access-key-file', keyFile]
    expect((await seller.run('channel', 'add', 'huawei', '--kind', 'huawei', ...file)).code).toBe(0)
    await expect.poll(async () => (await check('--family', 'license-2')).code, { timeout: 20_000 }).toBe(0)
    const { code, stdout } = await check('--json')
    const { hints, scenes } = JSON.parse(stdout) as Document
    expect(code).toBe(1)
    expect(hints).toEqual([expect.stringContaining('licet catalog apply')])
    const failed = scenes.filter(({ result }) => result === 'fail').map(({ family }) => family)
    expect([...new Set(failed)]).toEqual(['license-1', 'saas-1'])
  })

  it('passes every scene of every family', async () => {
    const catalogFile = seller.file('catalog.json', JSON.stringify(CATALOG))
    expect((await seller.run('catalog', 'apply', catalogFile)).code).toBe(0)
    await expect.poll(async () => (await check('--family', 'license-1')).code, { timeout: 20_000 }).toBe(0)
    const { code, stdout } = await check('--json')
    const { ok, hints, scenes } = JSON.parse(stdout) as Document
    expect(scenes.filter(({ result }) => result !== 'pass').map(({ scene }) => scene)).toEqual([
      'https',
      'domain',
    ])
    expect({ code, ok, hints }).toEqual({ code: 0, ok: true, hints: [] })
    expect(new Set(scenes.map(({ family }) => family)).size).toBe(9)
  })

  it('has changed nothing for any of it', async () => {
    expect(await licenses()).toEqual([])
  })

  it('and has told nobody the access key or a signature', () => {
    const everything = [...said, server.said()].join('\n')
    expect(everything).toContain('getLicense')
    expect(everything).not.toContain(SHOP_KEY)
    expect(everything).not.toMatch(/authToken=|signature=[0-9A-F]/i)
  })

  it('is unreachable once it has stopped', async () => {
    await server.stop()
    const { code, stderr } = await check()
    expect(code).toBe(3)
    expect(stderr).toContain('No server answers')
  })
})
