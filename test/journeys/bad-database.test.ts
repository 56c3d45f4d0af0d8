import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { CAN_MOUNT, inOwnMounts } from '../support/own-mounts.ts'
import { BIN, type Program, program } from '../support/program.ts'
import { type Shop, shop } from '../support/shop.ts'

/** Makes the database what it must not be. */
type Harm = (path: string) => void

function replacedBy(make: (path: string, was: Buffer) => void): Harm {
  return (path) => {
    const was = readFileSync(path)
    rmSync(path)
    make(path, was)
  }
}

function changed(sql: string): Harm {
  return (path) => {
    const db = new Sqlite(path)
    db.exec(sql)
    db.close()
  }
}

const versioned = (version: string): Harm =>
  changed(`UPDATE settings SET value = '${version}' WHERE name = 'schema_version'`)

const locked: Harm = (path) => {
  const other = new Sqlite(path)
  other.exec('BEGIN IMMEDIATE')
  onTestFinished(() => void other.close())
}

const HARMS: readonly [string, Harm, RegExp][] = [
  ['missing', (path) => rmSync(path), /run licet init first/],
  ['a directory', replacedBy((path) => mkdirSync(path)), /cannot be opened/],
  ['empty', replacedBy((path) => writeFileSync(path, '')), /run licet init first/],
  ['no database', replacedBy((path) => writeFileSync(path, 'x'.repeat(9_000))), /is not an SQLite database/],
  [
    'damaged',
    replacedBy((path, was) => writeFileSync(path, was.fill(0xff, 4_096))),
    /is damaged; restore it from a backup/,
  ],
  [
    'of another program',
    replacedBy((path) => changed('CREATE TABLE notes (text TEXT)')(path)),
    /belongs to another program/,
  ],
  ['of a newer program', versioned('999'), /schema version 999, .*newer Licet/],
  ['of an older program', versioned('2'), /schema version 2, .*licet migrate --apply/],
  ['of a version nobody can read', versioned('two'), /belongs to another program/],
  ['locked by another process', locked, /is locked by another process/],
]

describe('licet serve on a database that cannot be used', () => {
  let seller: Shop
  beforeAll(async () => {
    seller = await shop()
  })
  afterAll(() => seller.remove())

  /** A copy of the seller's data directory, to be spoiled. */
  function copied(): Program {
    const made = program()
    onTestFinished(() => made.remove())
    cpSync(seller.data, made.data, { recursive: true })
    return made
  }

  /** One sentence for the person who started it, no stack. */
  function expectSentence({ code, stderr }: { code: number | null; stderr: string }, sentence: RegExp): void {
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(stderr).toMatch(sentence)
    expect(stderr).not.toMatch(/Error:|\.ts| at .*:\d/)
    expect(code).toBe(3)
  }

  it.each(HARMS)('that is %s says so in a sentence and ends with 3', async (_, harm, sentence) => {
    const made = copied()
    harm(join(made.data, 'licet.db'))
    expectSentence(await made.run('serve'), sentence)
  })

  it('in a directory that is not there says so in a sentence and ends with 3', async () => {
    const made = copied()
    rmSync(made.data, { recursive: true })
    expectSentence(await made.run('serve'), /licet init/)
  })

  const onDisk = (prepare: string, data: string) => {
    const [command, args] = inOwnMounts(`${prepare} && exec "${process.execPath}" "${BIN}" serve`)
    return spawnSync(command, args, {
      env: { ...process.env, LICET_DATA: data, LICET_PORT: '0', NO_COLOR: '1' },
      encoding: 'utf8',
      timeout: 30_000,
    })
  }

  it.skipIf(!CAN_MOUNT)('on a disk that is read-only says so in a sentence and ends with 3', () => {
    const { data } = copied()
    const prepare = `mount --bind "${data}" "${data}" && mount -o remount,bind,ro "${data}"`
    const { status, stderr } = onDisk(prepare, data)
    expectSentence({ code: status, stderr }, /read-only|cannot be (opened|written)/)
  })

  it.skipIf(!CAN_MOUNT)('on a disk that is full says so in a sentence and ends with 3', () => {
    const { data } = copied()
    const disk = join(data, '..', 'disk')
    mkdirSync(disk)
    const prepare = `mount -t tmpfs -o size=2m licet "${disk}" && cp -a "${data}/." "${disk}" && { head -c 4m /dev/zero > "${disk}/filler" 2>&-; true; }`
    const { status, stderr } = onDisk(prepare, disk)
    expectSentence({ code: status, stderr }, /no space left/)
  })
})
