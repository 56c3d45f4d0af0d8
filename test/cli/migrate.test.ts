import { rmSync, writeFileSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { run } from '../../src/cli/main.ts'
import { readConfig } from '../../src/runtime/config.ts'
import { shareInstance } from '../../src/runtime/instance-lock.ts'
import { nodeShell } from '../../src/runtime/shell.ts'
import { SCHEMA_VERSION } from '../../src/store/schema.ts'
import { instanceOfVersion2 } from '../support/version-2.ts'

interface Desk {
  readonly database: string
  readonly config: ReturnType<typeof instanceOfVersion2>
  licet(...argv: string[]): Promise<{ exit: number; out: string; err: string }>
}

/** The command line over a database of version 2. */
function desk(): Desk {
  const config = instanceOfVersion2()
  return {
    config,
    database: config.database,
    async licet(...argv) {
      let [out, err] = ['', '']
      const shell = nodeShell(readConfig({ LICET_DATA: config.data }))
      const told = {
        out(text: string) {
          out += text
        },
        err(text: string) {
          err += text
        },
      }
      return { exit: await run(argv, Object.assign(shell, told)), out, err }
    },
  }
}

describe('licet migrate', () => {
  it('--plan tells what would be done, to what, and to back up first', async () => {
    const { licet, database } = desk()
    const { exit, out } = await licet('migrate', '--plan')
    expect(exit).toBe(0)
    expect(out).toContain(
      `The database ${database} has schema version 2; this program's is ${SCHEMA_VERSION}.`,
    )
    expect(out).toMatch(/ {2}3 engines: .*changes licenses \(6 rows\).*stop licet serve first/s)
    expect(out).toMatch(/Back up the database first; then run: npx licet migrate --apply/)
    const document = JSON.parse((await licet('migrate', '--plan', '--json')).out)
    expect(document).toMatchObject({ version: 2, target: SCHEMA_VERSION, steps: [{ version: 3 }] })
  })

  it('--apply does it, step by step, and says so', async () => {
    const { licet } = desk()
    const { exit, out, err } = await licet('migrate', '--apply')
    expect([exit, err]).toEqual([0, expect.stringContaining('Bringing the schema to version 3 (6 rows')])
    expect(out).toContain(`from schema version 2 to ${SCHEMA_VERSION}`)
    expect((await licet('license', 'list')).exit).toBe(0)
    expect((await licet('migrate', '--plan')).out).toContain('There is nothing to do.')
    const again = JSON.parse((await licet('migrate', '--apply', '--json')).out)
    expect(again).toMatchObject({ from: SCHEMA_VERSION, version: SCHEMA_VERSION, applied: [] })
  })

  it('is what every other command asks for on an older database, in a sentence', async () => {
    const { licet } = desk()
    for (const argv of [['license', 'list'], ['serve'], ['keys', 'list'], ['keys', 'reseal', '--dry-run']]) {
      const { exit, err } = await licet(...argv)
      expect([argv, exit, err.trim().split('\n').length]).toEqual([argv, 3, 1])
      expect(err).toContain('back it up, then run licet migrate --apply')
    }
  })

  it('refuses while a server runs where that would matter, and changes nothing', async () => {
    const { licet, config } = desk()
    const release = shareInstance(config)
    onTestFinished(release)
    const { exit, err, out } = await licet('migrate', '--apply', '--json')
    expect([exit, JSON.parse(out).error]).toEqual([1, 'in_use'])
    expect(err).toContain('stop licet serve first')
    expect(JSON.parse((await licet('migrate', '--plan', '--json')).out).version).toBe(2)
  })

  it('refuses a newer database in a sentence, with exit 3', async () => {
    const { licet, database } = desk()
    const db = new Sqlite(database)
    db.exec("UPDATE settings SET value = '99' WHERE name = 'schema_version'")
    db.close()
    for (const option of ['--plan', '--apply']) {
      const { exit, err } = await licet('migrate', option)
      expect([exit, err]).toEqual([3, expect.stringContaining('use a newer Licet')])
    }
  })

  it('says of an empty database that it is one, and takes nothing for it', async () => {
    const { licet, database } = desk()
    for (const file of ['', '-wal', '-shm']) rmSync(`${database}${file}`, { force: true })
    writeFileSync(database, '')
    const { exit, err } = await licet('migrate', '--plan')
    expect([exit, err]).toEqual([3, expect.stringContaining('run licet init first')])
  })

  it('leaves a database of another program alone', async () => {
    const { licet, database } = desk()
    const db = new Sqlite(database)
    db.exec('ALTER TABLE settings RENAME TO preferences')
    db.close()
    const { exit, err } = await licet('migrate', '--apply')
    expect([exit, err]).toEqual([3, expect.stringContaining('belongs to another program')])
  })

  it.each([[[]], [['--plan', '--apply']]])('wants one of its two options, not %j', async (options) => {
    const { exit, err } = await desk().licet('migrate', ...options)
    expect([exit, err]).toEqual([2, expect.stringContaining('either --plan or --apply')])
  })
})
