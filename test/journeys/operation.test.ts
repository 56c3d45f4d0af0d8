import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { type Program, program } from '../support/program.ts'
import { purchase, SHOP_KEY, shop } from '../support/shop.ts'

describe('running the program', () => {
  const made: Program[] = []
  const own = <P extends Program>(one: P): P => {
    made.push(one)
    return one
  }
  afterEach(async () => {
    for (const one of made.splice(0)) await one.remove()
  })

  it('starts on an empty directory, makes an instance and says what to do next', async () => {
    const server = await own(program()).start('start')
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
    const ready = (await (await fetch(`${server.url}/readyz`)).json()) as { warnings: unknown[] }
    expect(JSON.stringify(ready.warnings)).toContain('development_root')
    for (const said of ['channel add', 'catalog apply', 'demo', 'master.key', 'back up']) {
      expect(server.said().toLowerCase()).toContain(said)
    }
    expect(await server.stop()).toBe(0)
  })

  it('starts again on what it made', async () => {
    const one = own(program())
    await (await one.start('start')).stop()
    const again = await one.start('start')
    expect((await fetch(`${again.url}/readyz`)).status).toBe(200)
  })

  it('shows a change by the command line to a running server within two seconds', async () => {
    const one = own(program())
    await one.run('init')
    const server = await one.start()
    expect((await fetch(`${server.url}/callbacks/huawei`)).status).toBe(404)
    const keyFile = one.file('key', SHOP_KEY)
    const added = await one.run('channel', 'add', 'huawei', '--kind', 'huawei', '--access-key-file', keyFile)
    expect(added.code).toBe(0)
    await new Promise((resolve) => setTimeout(resolve, 2_000))
    expect((await fetch(`${server.url}/callbacks/huawei`)).status).toBe(200)
  })

  it('freezes what is past grace without being called', async () => {
    const one = own(await shop())
    const until = new Date(Date.now() + 3_000).toISOString()
    const sale = ['--product', 'no-grace', '--edition', 'only', '--until', until]
    const { id } = await one.json<{ id: string }>('license', 'issue', ...sale)
    await one.open()
    const status = async () => (await one.json<{ status: string }>('license', 'show', id)).status
    expect(await status()).toBe('active')
    await expect.poll(status, { timeout: 20_000, interval: 500 }).toBe('frozen')
    const history = await one.json('license', 'history', id)
    expect(JSON.stringify(history)).toContain('scheduler')
  })

  it.each([
    ['is missing', (file: string) => rmSync(file)],
    ['is another one', (file: string) => writeFileSync(file, `${'A'.repeat(43)}\n`)],
    ['is damaged', (file: string) => writeFileSync(file, 'not a key\n')],
  ])('does not start when the master key %s, and says so in one sentence', async (_, spoil) => {
    const one = own(await shop())
    spoil(join(one.data, 'master.key'))
    const { code, stderr } = await one.run('serve')
    expect(code).toBe(3)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(stderr).toContain('master key')
  })

  it('keeps no secret in plain text in any of its files', async () => {
    const one = own(await shop())
    const { huawei } = await one.open()
    const sold = await huawei.getLicense({ ...purchase('CS-SECRET'), customerName: 'canary-customer-张三' })
    expect(sold.failure).toBeNull()
    const masterKey = readFileSync(join(one.data, 'master.key'), 'utf8').trim()
    for (const name of ['licet.db', 'licet.db-wal', 'development-root.jwe', 'root-manifests.json']) {
      const bytes = readFileSync(join(one.data, name))
      for (const secret of [SHOP_KEY, 'canary-customer', masterKey])
        expect(bytes.includes(secret)).toBe(false)
    }
  })
})
