import { gzipSync } from 'node:zlib'
import { beforeEach, describe, expect, it } from 'vitest'
import { importAll } from '../../../src/authority/move/import.ts'
import type { Store } from '../../../src/authority/ports.ts'
import { purchase, sale } from '../../store/contract/samples.ts'
import { newDatabasePath, openedAt } from '../../support/store-sqlite.ts'
import { exported, HOST, imported, linesOf, sealedAgain, sourceOf } from './kit.ts'

let file: string
let lines: string[]
let target: Store

beforeEach(async () => {
  const from = openedAt(newDatabasePath())
  await from.commit({ ...purchase(1), testCode: { license: 'x', revision: 1, digest: 'dd' } })
  await from.commit({ change: { ...sale(2), customer: '密封' } })
  file = await exported(from)
  lines = linesOf(file)
  target = openedAt(newDatabasePath())
})

type Change = (row: Record<string, unknown>) => void

/** A file whose first row of a table was changed by somebody who wrote a new digest. */
function changed(table: string, change: Change): string {
  const at = lines.findIndex((line) => line.startsWith(`{"table":"${table}"`))
  const row = JSON.parse(lines[at]!)
  change(row)
  return sealedAgain(lines.with(at, JSON.stringify(row)))
}

function withHeader(change: Change): string {
  const header = JSON.parse(lines[0]!)
  change(header)
  return sealedAgain(lines.with(0, JSON.stringify(header)))
}

const lineOf = (table: string): number =>
  lines.findIndex((line) => line.startsWith(`{"table":"${table}"`)) + 1

describe('a file is refused, and nothing is written,', () => {
  async function refusal(bad: string | Uint8Array): Promise<object> {
    const made = await imported(target, bad)
    expect(await target.moving().isEmpty()).toBe(true)
    expect(await target.unfinished()).toBeNull()
    if (made.ok) throw new Error('it was taken')
    return made.no
  }

  it.each([
    ['is empty', ''],
    ['is of another program', '{"name":"licet"}\n'],
    ['has a byte order mark', '\ufeff{"format":"licet-export"}\n'],
    ['is a database', 'SQLite format 3\0\n'],
  ])('that %s', async (_, bad) => {
    expect(await refusal(bad)).toEqual({ reason: 'not_an_export' })
  })
  it('that is compressed', async () => {
    expect(await refusal(gzipSync(file))).toEqual({ reason: 'compressed' })
  })
  it('that is of a newer format', async () => {
    const bad = withHeader((header) => Object.assign(header, { version: 2 }))
    expect(await refusal(bad)).toEqual({ reason: 'newer_format', version: 2, known: 1 })
  })
  it.each([1, 99])('that is of schema %d', async (schema) => {
    const bad = withHeader((header) => Object.assign(header, { schema }))
    expect(await refusal(bad)).toMatchObject({ reason: 'other_schema', schema, program: '1.2.3' })
  })
  it('that was made under another master key', async () => {
    const bad = withHeader((header) => Object.assign(header, { master_key_check: 'of another' }))
    expect(await refusal(bad)).toEqual({ reason: 'other_master_key' })
  })
  it('that names a table nobody knows', async () => {
    const bad = withHeader((header) => (header.tables as string[]).push('extras'))
    expect(await refusal(bad)).toEqual({ reason: 'unknown_table', line: 1, table: 'extras' })
  })
  it('that leaves a table out', async () => {
    const bad = withHeader((header) => (header.tables as string[]).shift())
    expect(await refusal(bad)).toEqual({ reason: 'missing_table', table: 'channels' })
  })
  it.each([1, 0.5, 0.9])('that is cut off within its last line, %d of it left', async (part) => {
    const last = lines.at(-1)!.length
    const bad = file.slice(0, file.length - 1 - Math.floor(last * (1 - part)))
    expect(await refusal(bad)).toEqual({ reason: 'truncated', line: lines.length - 1 })
  })
  it('that is cut off between two lines, at any of them', async () => {
    for (let kept = 1; kept < lines.length; kept++) {
      const bad = lines.slice(0, kept).map((line) => `${line}\n`)
      expect(await refusal(bad.join(''))).toEqual({ reason: 'truncated', line: kept })
    }
  })
  it('that has a line which is no JSON', async () => {
    expect(await refusal(sealedAgain(lines).replace('{"table":"customers"', '{table:"customers"'))).toEqual({
      reason: 'unreadable_line',
      line: lineOf('customers'),
    })
  })
  it('that has a line which is no UTF-8', async () => {
    const bad = Buffer.from(file)
    bad[bad.indexOf('密封')] = 0xff
    expect(await refusal(bad)).toEqual({ reason: 'unreadable_line', line: lineOf('customers') })
  })
  it('that has an empty line', async () => {
    expect(await refusal(`${lines[0]}\n\n`)).toEqual({ reason: 'unreadable_line', line: 2 })
  })
  it('that has a row of an unknown table', async () => {
    const bad = changed('customers', (row) => Object.assign(row, { table: 'extras' }))
    expect(await refusal(bad)).toEqual({
      reason: 'unknown_table',
      line: lineOf('customers'),
      table: 'extras',
    })
  })
  it.each(['color', '__proto__', 'TABLE'])('that has a row with a column %s', async (column) => {
    const bad = changed('customers', (row) =>
      Object.defineProperty(row, column, { value: 'x', enumerable: true }),
    )
    expect(await refusal(bad)).toMatchObject({ reason: 'unknown_column', table: 'customers', column })
  })
  it.each<[string, unknown]>([
    ['revision', '1'],
    ['revision', 1.5],
    ['revision', 2 ** 53],
    ['revision', null],
    ['revision', undefined],
    ['revision', true],
    ['status', 7],
    ['status', ['active']],
    ['instance', {}],
    ['paid_until', 'never'],
  ])('that has a license with %s %j', async (column, value) => {
    const bad = changed('licenses', (row) => Object.assign(row, { [column]: value }))
    expect(await refusal(bad)).toEqual({
      reason: 'wrong_value',
      line: lineOf('licenses'),
      table: 'licenses',
      column,
    })
  })
  it('that has a row out of order', async () => {
    const bad = sealedAgain([...lines.slice(0, -1), lines[lineOf('licenses') - 1]!, lines.at(-1)!])
    expect(await refusal(bad)).toMatchObject({ reason: 'out_of_order', table: 'licenses' })
  })
  it('that had a letter changed', async () => {
    expect(await refusal(file.replace('密封', '密码'))).toEqual({ reason: 'damaged' })
  })
  it('that lost a line', async () => {
    expect(await refusal(`${lines.toSpliced(lineOf('customers') - 1, 1).join('\n')}\n`)).toEqual({
      reason: 'damaged',
    })
  })
  it('that says it has more rows than it has', async () => {
    const bad = withHeader((header) => Object.assign(header, { rows: 4_711 }))
    expect(await refusal(bad)).toEqual({ reason: 'damaged' })
  })
  it.each(['{}', '', '{"table":"customers"}'])('that goes on with "%s" behind its end', async (more) => {
    expect(await refusal(`${file}${more}\n`)).toMatchObject({ line: lines.length + 1 })
  })
})

describe('of a stream, which cannot be looked through before,', () => {
  it.each<[string, (file: string) => string]>([
    ['cut off', (whole) => whole.slice(0, -5)],
    ['damaged', (whole) => whole.replace('密封', '密码')],
  ])('one that is %s leaves the database unfinished', async (_, spoil) => {
    const made = await imported(target, spoil(file), false)
    expect(made.ok).toBe(false)
    expect(await target.unfinished()).toMatchObject({ type: 'import' })
  })
  it('one that repeats a row is refused, and the row is there once', async () => {
    const row = lines[lineOf('licenses') - 1]!
    const bad = sealedAgain(lines.toSpliced(lineOf('licenses'), 0, row)).replace(
      /"rows":(\d+)\}\n/,
      (_, rows) => `"rows":${Number(rows) + 1}}\n`,
    )
    const made = await importAll(target.moving(), sourceOf(sealedAgain(linesOf(bad)), false), HOST, null)
    expect(made).toMatchObject({ ok: false, no: { reason: 'repeated' } })
    expect(await target.unfinished()).toMatchObject({ type: 'import' })
  })
})
