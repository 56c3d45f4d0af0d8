import { copyFileSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { beforeEach, describe, expect, it } from 'vitest'
import { emptyStage, type Ran, type Stage, sold, stage } from './stage.ts'

let from: Stage
let license: string
let file: string

beforeEach(async () => {
  from = await stage()
  license = await sold(from)
  file = join(from.data, 'today.jsonl')
})

/** Another machine, with this master key and nothing else. */
function elsewhere(): Stage {
  const made = emptyStage()
  copyFileSync(join(from.data, 'master.key'), join(made.data, 'master.key'))
  return made
}

const saysOf = ({ err }: Ran): string => err.trim()

describe('licet backup', () => {
  it('writes a file for its owner alone, and says what is in it', async () => {
    const ran = await from.licet('backup', file)
    expect([ran.exit, ran.err]).toEqual([0, ''])
    expect(ran.out).toContain('1 licenses')
    expect(ran.out).toContain('with the master key alone')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readdirSync(from.data).filter((name) => name.endsWith('.new'))).toEqual([])
  })

  it('tells a program the counts', async () => {
    const { rows, bytes } = (await from.licet('backup', file, '--json')).json()
    expect(rows).toMatchObject({ licenses: 1, signing_keys: 3, channels: 1 })
    expect(bytes).toBe(statSync(file).size)
  })

  it('replaces nothing', async () => {
    writeFileSync(file, 'mine')
    const ran = await from.licet('backup', file)
    expect([ran.exit, ran.json === undefined, readFileSync(file, 'utf8')]).toEqual([2, false, 'mine'])
    expect(saysOf(ran)).toContain('exists already, and nothing is replaced')
  })

  it('says where it cannot write', async () => {
    const ran = await from.licet('backup', join(from.data, 'nowhere', 'b.jsonl'))
    expect([ran.exit, saysOf(ran)]).toEqual([2, expect.stringContaining('there is no directory')])
  })

  it('goes into a file, never to standard output', async () => {
    expect((await from.licet('backup', '-')).exit).toBe(2)
  })

  it('of an instance that was never made is refused', async () => {
    const ran = await emptyStage().licet('backup', file)
    expect([ran.exit, existsSync(file)]).toEqual([3, false])
  })
})

describe('licet import', () => {
  it('makes the same instance elsewhere, revisions as they were', async () => {
    await from.licet('export', file)
    const to = elsewhere()
    const ran = await to.licet('import', file, '--json')
    expect(ran.json()).toMatchObject({ resumedAt: 0 })
    const show = ['license', 'show', license, '--json']
    expect((await to.licet(...show)).json()).toEqual((await from.licet(...show)).json())
    expect(await sold(to)).not.toBe(license)
    expect((await to.licet('keys', 'rotate')).exit).toBe(0)
  })

  it('wants the master key in its place first', async () => {
    await from.licet('export', file)
    const to = emptyStage()
    const ran = await to.licet('import', file)
    expect([ran.exit, saysOf(ran)]).toEqual([3, expect.stringContaining('The master key is missing')])
    expect(readdirSync(to.data)).toEqual([])
  })

  it('refuses another master key before anything is written', async () => {
    await from.licet('export', file)
    const to = emptyStage()
    await emptyStage().licet('init')
    writeFileSync(join(to.data, 'master.key'), `${'A'.repeat(43)}\n`, { mode: 0o600 })
    const ran = await to.licet('import', file)
    expect([ran.exit, saysOf(ran)]).toEqual([1, expect.stringContaining('The master key is not the one of')])
    expect((await to.licet('init')).exit).toBe(0)
  })

  it.each<[string, string]>([
    ['{}\n', 'is no export of Licet'],
    ['{"format":"licet-export","version":7}\n', 'is of format 7, this program reads 1: use a newer Licet'],
  ])('says what is wrong with %j', async (text, sentence) => {
    writeFileSync(file, text)
    const ran = await elsewhere().licet('import', file)
    expect([ran.exit, saysOf(ran)]).toEqual([2, expect.stringContaining(sentence)])
  })

  it('says that there is no such file', async () => {
    const ran = await elsewhere().licet('import', file)
    expect([ran.exit, saysOf(ran)]).toEqual([2, expect.stringContaining('there is no such file')])
  })

  it('refuses an instance that is there', async () => {
    await from.licet('export', file)
    const ran = await from.licet('import', file)
    expect([ran.exit, saysOf(ran)]).toEqual([1, expect.stringContaining('holds something already')])
  })
})

describe('a database whose import has not ended', () => {
  /** As an import leaves it that was killed. */
  async function half(begunBy: 'import' | 'restore' = 'import'): Promise<Stage> {
    await from.licet('export', file)
    const to = elsewhere()
    await to.licet('import', file)
    const db = new Sqlite(join(to.data, 'licet.db'))
    const mark = db.prepare('INSERT INTO settings VALUES (?, ?)')
    mark.run('importing', '{"lines":3,"digest":"00"}')
    if (begunBy === 'restore') mark.run('restoring', '9999999999')
    db.close()
    return to
  }

  it.each([
    ['license', 'list'],
    ['keys', 'list'],
    ['init'],
    ['keys', 'reseal'],
    ['backup', '/nowhere'],
  ])('is refused by %s', async (...words) => {
    const ran = await (await half()).licet(...words)
    expect([ran.exit, saysOf(ran)]).toEqual([
      3,
      expect.stringContaining('The import into this database has not ended'),
    ])
  })

  it('is no database to restore in place', async () => {
    const ran = await (await half()).licet('restore', '--in-place')
    expect([ran.exit, saysOf(ran)]).toEqual([1, expect.stringContaining('again with the same file')])
  })

  it('is told apart when a restore began it, which an import does not end', async () => {
    const to = await half('restore')
    expect(saysOf(await to.licet('license', 'list'))).toContain(
      'The restore into this database has not ended',
    )
    const ran = await to.licet('import', file)
    expect([ran.exit, saysOf(ran)]).toEqual([1, expect.stringContaining('run "licet restore" again')])
  })

  it('does not go on with another file', async () => {
    const ran = await (await half()).licet('import', file)
    expect([ran.exit, saysOf(ran)]).toEqual([1, expect.stringContaining('An import of another file')])
  })
})

describe('licet restore', () => {
  it('raises every revision, and the history says so', async () => {
    await from.licet('backup', file)
    const to = elsewhere()
    expect((await to.licet('restore', file, '--json')).json()).toMatchObject({ raised: 1, exhausted: [] })
    const { items } = (await to.licet('license', 'history', license, '--json')).json()
    expect(items.at(-1)).toMatchObject({ revision: 1_001, event: 'restored', by: 'operator:support' })
  })

  it('in place does so for a database that another tool brought back', async () => {
    expect((await from.licet('restore', '--in-place', '--json')).json()).toMatchObject({ raised: 1 })
    const { items } = (await from.licet('license', 'history', license, '--json')).json()
    expect(items.at(-1)).toMatchObject({ revision: 1_001 })
  })

  it('that was interrupted behind its import ends when it is run again, and raises nothing twice', async () => {
    await from.licet('restore', '--in-place')
    const db = new Sqlite(join(from.data, 'licet.db'))
    const since = db.prepare('SELECT max(at) FROM license_events').pluck().get()
    db.prepare("INSERT INTO settings VALUES ('restoring', ?)").run(String(since))
    db.close()
    expect((await from.licet('license', 'list')).exit).toBe(3)
    expect((await from.licet('restore', '--in-place', '--json')).json()).toMatchObject({ raised: 0 })
    expect((await from.licet('license', 'list')).exit).toBe(0)
  })

  it('from a file says so when the rows are there already, and the file was not read', async () => {
    const db = new Sqlite(join(from.data, 'licet.db'))
    db.prepare("INSERT INTO settings VALUES ('restoring', '9999999999')").run()
    db.close()
    writeFileSync(file, 'something else')
    const ran = await from.licet('restore', file)
    expect([ran.exit, ran.out]).toEqual([0, expect.stringContaining(`${file} was not read`)])
    expect(ran.out).toContain('Raised the revision of 1 licenses')
  })

  it('names a license that is near the last revision', async () => {
    const db = new Sqlite(join(from.data, 'licet.db'))
    db.pragma('foreign_keys = OFF')
    db.exec('UPDATE licenses SET revision = 65535; UPDATE license_events SET revision = 65535')
    db.close()
    const ran = await from.licet('restore', '--in-place')
    expect([ran.exit, ran.out]).toEqual([1, expect.stringContaining(`${license} is near revision 65535`)])
  })

  it('tells of root manifests that the backup does not know', async () => {
    await from.licet('backup', file)
    const to = elsewhere()
    const [known] = JSON.parse(readFileSync(join(from.data, 'root-manifests.json'), 'utf8'))
    writeFileSync(join(to.data, 'root-manifests.json'), JSON.stringify([known, known]))
    expect((await to.licet('restore', file)).out).toContain('run "licet keys import"')
  })

  it.each([
    ['no file and no --in-place', ['restore']],
    ['both', ['restore', 'x.jsonl', '--in-place']],
  ])('with %s is wrong usage', async (_, words) => {
    expect((await from.licet(...words)).exit).toBe(2)
  })
})
