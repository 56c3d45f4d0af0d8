import { execFile } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { newPostgres } from '../support/databases.ts'
import { page, shellLines } from '../support/documented.ts'
import { hasPostgres } from '../support/postgres.ts'
import { purchase, type Shop, shop } from '../support/shop.ts'

interface History {
  readonly items: readonly { readonly event: string; readonly revision: number }[]
}

const OPERATIONS = page('docs/operations.md')
const BIN = fileURLToPath(new URL('../../bin/licet.js', import.meta.url))
const BACKUP = fileURLToPath(new URL('../support/sqlite-backup.mjs', import.meta.url))

/** What the shell finds on the machine of the seller: the service manager does nothing here, the test does its work. */
const TOOLS: Readonly<Record<string, string>> = {
  npx: `shift; exec "${process.execPath}" "${BIN}" "$@"`,
  systemctl: 'exit 0',
  sqlite3: `command -p sqlite3 "$@" 2>/dev/null || exec "${process.execPath}" "${BACKUP}" "$@"`,
}

describe('the runbook, by a real shell', { timeout: 120_000 }, () => {
  let seller: Shop
  let desk: string

  beforeEach(async () => {
    seller = await shop()
    desk = mkdtempSync(join(tmpdir(), 'licet-desk-'))
    mkdirSync(join(desk, 'bin'))
    mkdirSync(join(desk, 'backup'))
    for (const [name, script] of Object.entries(TOOLS)) {
      writeFileSync(join(desk, 'bin', name), `#!/bin/sh\n${script}\n`)
      chmodSync(join(desk, 'bin', name), 0o755)
    }
  })
  afterEach(async () => {
    await seller.remove()
    rmSync(desk, { recursive: true })
  })

  /** All lines in one shell, which stops at the first that fails. */
  async function perform(lines: readonly string[], more: NodeJS.ProcessEnv = {}): Promise<void> {
    expect(lines.length).toBeGreaterThan(1)
    const path = [join(desk, 'bin'), process.env.PATH].join(delimiter)
    const env = { ...process.env, PATH: path, LICET_DATA: seller.data, ...more }
    await promisify(execFile)('/bin/sh', ['-euc', lines.join('\n')], { cwd: desk, env })
  }

  it('gives a new master key, and business goes on', async () => {
    const before = readFileSync(join(seller.data, 'master.key'), 'utf8')
    await perform(shellLines(OPERATIONS, 'A new master key'))
    expect(readFileSync(join(seller.data, 'master.key'), 'utf8')).not.toBe(before)
    const { huawei } = await seller.open()
    expect(await huawei.getLicense(purchase('CS-AFTER'))).toMatchObject({ failure: null })
  })

  it.each([
    'Restore from a backup',
    'Restore with another tool',
  ])('"%s" brings yesterday back without reviving the key that was retired since', async (section) => {
    const [backUp, restore] = halves(shellLines(OPERATIONS, section))
    expect(await seller.run('keys', 'rotate', '--usage', 'statements')).toMatchObject({ code: 0 })
    const { server, huawei } = await seller.open()
    const sold = await huawei.getLicense(purchase('CS-KEPT'))
    await perform(backUp)
    const retired = (await activeKeys()).find(({ usage }) => usage === 'codes')!.kid
    expect(await seller.run('keys', 'rotate', '--usage', 'codes')).toMatchObject({ code: 0 })
    await server.stop()
    await perform(restore)
    const history = await seller.json<History>('license', 'history', sold.instanceId!)
    expect(history.items.at(-1)).toMatchObject({ event: 'restored', revision: 1_001 })
    expect((await activeKeys()).map(({ usage }) => usage).sort()).toEqual(['lists', 'statements'])
    expect(await seller.run('keys', 'rotate', '--usage', 'codes')).toMatchObject({ code: 0 })
    expect((await activeKeys()).map(({ kid }) => kid)).not.toContain(retired)
    const { huawei: again } = await seller.open()
    expect(await again.getLicense(purchase('CS-KEPT'))).toMatchObject({ instanceId: sold.instanceId })
    expect(await again.getLicense(purchase('CS-NEXT'))).toMatchObject({ failure: null })
  })

  it('moves to another engine, and business goes on there', async ({ skip }) => {
    const postgres = (await hasPostgres()) ? await newPostgres() : skip('no PostgreSQL for this machine')
    const { server, huawei } = await seller.open()
    const order = purchase('CS-MOVED')
    const before = await huawei.send(huawei.caller.getLicense(order, huawei.moment()))
    await server.stop()
    await perform(shellLines(OPERATIONS, 'Move to another engine'), {
      NEW_DATABASE_URL: postgres.LICET_DATABASE_URL,
    })
    const { huawei: there } = await seller.open(postgres)
    const again = await there.send(there.caller.getLicense(order, there.moment()))
    expect(again.body).toBe(before.body)
    expect(await there.getLicense(purchase('CS-THERE'))).toMatchObject({ failure: null })
  })

  async function activeKeys(): Promise<readonly { kid: string; usage: string; status: string }[]> {
    const { items } = await seller.json<{ items: { kid: string; usage: string; status: string }[] }>(
      'keys',
      'list',
    )
    return items.filter(({ status }) => status === 'active')
  }
})

/** The section backs up first, and restores from where the service is stopped. */
function halves(lines: readonly string[]): [readonly string[], readonly string[]] {
  const stop = lines.findIndex((line) => line.startsWith('systemctl stop'))
  return [lines.slice(0, stop), lines.slice(stop)]
}
