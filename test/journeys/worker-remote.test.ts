import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Program, program } from '../support/program.ts'
import { CATALOG, SHOP_KEY } from '../support/shop.ts'
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

/** Every row but those of the settings, which hold a count of changes. */
function rowsOf(file: string): readonly string[] {
  const [, ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n')
  return lines.filter((line) => line.startsWith('{"table"') && !line.startsWith('{"table":"settings"'))
}
