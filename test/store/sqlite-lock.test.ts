import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { takeLock, takeSharedLock } from '../../src/store/sqlite/lock.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'licet-lock-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

test('one at a time holds a lock, and gives it back', () => {
  const path = join(directory, 'a.lock')
  const release = takeLock(path, 0)
  expect(takeLock(path, 10)).toBeNull()
  release?.()
  const again = takeLock(path, 0)
  expect(again).not.toBeNull()
  again?.()
})

test('locks on two files do not hinder each other', () => {
  const releases = ['a', 'b'].map((name) => takeLock(join(directory, name), 0))
  expect(releases).not.toContain(null)
  for (const release of releases) release?.()
})

test('many share a lock, and together keep out whoever wants it alone', () => {
  const path = join(directory, 'a.lock')
  const [first, second] = [takeSharedLock(path, 0), takeSharedLock(path, 0)]
  expect(first).not.toBeNull()
  expect(second).not.toBeNull()
  expect(takeLock(path, 10)).toBeNull()
  first?.()
  expect(takeLock(path, 10)).toBeNull()
  second?.()
  const alone = takeLock(path, 0)
  expect(alone).not.toBeNull()
  expect(takeSharedLock(path, 10)).toBeNull()
  alone?.()
  const again = takeSharedLock(path, 0)
  expect(again).not.toBeNull()
  again?.()
})

test('a file that cannot be made is an error with a sentence', () => {
  expect(() => takeLock(join(directory, 'missing', 'a.lock'), 0)).toThrow(/directory does not exist/)
})
