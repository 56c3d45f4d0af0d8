import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readConfig } from '../../src/runtime/config.ts'
import { pinnedManifests } from '../../src/runtime/manifests.ts'

let data: string
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'licet-manifests-'))
})
afterEach(() => rmSync(data, { recursive: true, force: true }))

function pinned(): readonly string[] | null {
  const read = readConfig({ LICET_DATA: data })
  if (!read.ok) throw new Error(read.faults.join(' '))
  return pinnedManifests(read.config)
}
const unreadable = expect.objectContaining({
  name: 'Unreadable',
  message: expect.stringContaining('root-manifests.json'),
})

test('without a file there are none', () => {
  expect(pinned()).toBeNull()
})

test('each manifest of the file comes as one text', () => {
  writeFileSync(join(data, 'root-manifests.json'), '[{"a":1},\n{"b":2}]\n')
  expect(pinned()).toEqual(['{"a":1}', '{"b":2}'])
})

test.each([
  ['is empty', ''],
  ['was cut off', '[{"payload": "ey'],
  ['is no list', '{"payload": ""}'],
  ['is null', 'null'],
])('a file that %s is unreadable, and named', (_, text) => {
  writeFileSync(join(data, 'root-manifests.json'), text)
  expect(pinned).toThrow(unreadable)
})

test('a directory in its place is unreadable, and named', () => {
  mkdirSync(join(data, 'root-manifests.json'))
  expect(pinned).toThrow(unreadable)
})
