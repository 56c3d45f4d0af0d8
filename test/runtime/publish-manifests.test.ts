import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { readConfig } from '../../src/runtime/config.ts'
import { publishManifests } from '../../src/runtime/publish-manifests.ts'

let file: string
let publish: (...versions: number[]) => void
beforeEach(() => {
  const data = mkdtempSync(join(tmpdir(), 'licet-manifests-'))
  onTestFinished(() => rmSync(data, { recursive: true, force: true }))
  file = join(data, 'root-manifests.json')
  const read = readConfig({ LICET_DATA: data })
  if (!read.ok) throw new Error(read.faults.join(' '))
  publish = (...versions) => publishManifests(read.config, versions.map(manifest))
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
