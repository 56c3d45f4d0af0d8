import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { ambient } from '../../src/runtime/ambient.ts'
import { type Config, readConfig } from '../../src/runtime/config.ts'
import { openInstance } from '../../src/runtime/instance.ts'
import { isBehindManifests, publishManifests } from '../../src/runtime/publish-manifests.ts'
import { closedInstance, SILENT } from './instance-kit.ts'

let data: string
let file: string
let publish: (...versions: number[]) => void
let isBehind: (...versions: number[]) => boolean
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'licet-manifests-'))
  onTestFinished(() => rmSync(data, { recursive: true, force: true }))
  file = join(data, 'root-manifests.json')
  const read = readConfig({ LICET_DATA: data })
  if (!read.ok) throw new Error(read.faults.join(' '))
  publish = (...versions) => publishManifests(read.config, versions.map(manifest), SILENT)
  isBehind = (...versions) => isBehindManifests(read.config, versions.map(manifest))
})

const manifest = (version: number): string =>
  JSON.stringify({ payload: `version ${version}`, signatures: [] })
const written = (): unknown => JSON.parse(readFileSync(file, 'utf8'))
const parsed = (...versions: number[]): unknown[] => versions.map((version) => JSON.parse(manifest(version)))

test('a chain that has grown is what shipped software pins next', () => {
  writeFileSync(file, `[${manifest(1)}]\n`)
  publish(1, 2, 3)
  expect(written()).toEqual(parsed(1, 2, 3))
})

test.each([
  ['is as it was', [1, 2]],
  ['is shorter, as after a restore', [1]],
  ['is another one', [7, 8, 9]],
])('a chain that %s changes nothing', (_, versions) => {
  const before = `[${manifest(1)},   ${manifest(2)}]`
  writeFileSync(file, before)
  publish(...versions)
  expect(readFileSync(file, 'utf8')).toBe(before)
})

test('a file that cannot be read is left to its owner', () => {
  writeFileSync(file, 'half of [')
  publish(1, 2)
  expect(readFileSync(file, 'utf8')).toBe('half of [')
})

test('no file is made before init has ended', () => {
  publish(1, 2)
  expect(existsSync(file)).toBe(false)
})

test('a database is behind the file only when the file knows more', () => {
  expect(isBehind(1)).toBe(false)
  writeFileSync(file, 'half of [')
  expect(isBehind(1)).toBe(false)
  writeFileSync(file, `[${manifest(1)},${manifest(2)}]`)
  expect([isBehind(1), isBehind(1, 2), isBehind(1, 2, 3)]).toEqual([true, false, false])
})

test('an instance whose database is behind says so in the log when it is opened', async () => {
  const { config } = await closedInstance()
  const said: string[] = []
  const log = { ...SILENT, warn: (event: string) => void said.push(event) }
  const opened = async () => (await openInstance(config, ambient, log)).close()
  await opened()
  expect(said).toEqual([])
  const pinned = join(config.data, 'root-manifests.json')
  const [first] = JSON.parse(readFileSync(pinned, 'utf8'))
  writeFileSync(pinned, JSON.stringify([first, JSON.parse(manifest(2))]))
  await opened()
  expect(said).toEqual(['database_behind_root_manifests'])
})

describe('on a machine where only the database is elsewhere', () => {
  let remote: Config
  beforeEach(() => {
    const read = readConfig({ LICET_DATA: data, LICET_DATABASE_URL: 'postgres://localhost/licet' })
    if (!read.ok) throw new Error(read.faults.join(' '))
    remote = read.config
  })

  test('the first file is made, with the directory it lies in', () => {
    rmSync(data, { recursive: true })
    publishManifests(remote, [manifest(1)], SILENT)
    expect(written()).toEqual(parsed(1))
    publishManifests(remote, [manifest(1), manifest(2)], SILENT)
    expect(written()).toEqual(parsed(1, 2))
  })

  test('no file is put before one that an interrupted init is still to put there', () => {
    writeFileSync(`${file}.new`, 'waits')
    publishManifests(remote, [manifest(1)], SILENT)
    expect(existsSync(file)).toBe(false)
    expect(readFileSync(`${file}.new`, 'utf8')).toBe('waits')
  })

  test('a directory that cannot be written stops nobody, and the log says so', () => {
    rmSync(data, { recursive: true })
    writeFileSync(data, 'a file in its place')
    const said: unknown[] = []
    publishManifests(remote, [manifest(1)], { warn: (...line) => void said.push(line) })
    expect(said).toEqual([['root_manifests_not_written', { error: 'EEXIST' }]])
  })
})
