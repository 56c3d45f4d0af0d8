import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { mustBeFree, writeNew, writeNewDirectory } from '../../src/runtime/out-files.ts'

function directory(): string {
  const path = mkdtempSync(join(tmpdir(), 'licet-out-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

const mode = (path: string): number => statSync(path).mode & 0o777
const FILES = [
  { name: 'root.key', text: 'sealed', audience: 'private' },
  { name: 'root-manifest.json', text: '{}', audience: 'public' },
] as const

describe('a file that a command hands out', () => {
  it('is whole, and private where it has to be', () => {
    const at = directory()
    writeNew(join(at, 'a.txt'), 'public words', 'public')
    writeNew(join(at, 'b.key'), 'sealed words', 'private')
    expect(readFileSync(join(at, 'a.txt'), 'utf8')).toBe('public words')
    expect(mode(join(at, 'b.key'))).toBe(0o600)
    expect(readdirSync(at).sort()).toEqual(['a.txt', 'b.key'])
  })

  it('is private also where an interrupted attempt left a public one beside it', () => {
    const at = directory()
    writeFileSync(join(at, 'b.key.new'), 'half', { mode: 0o644 })
    writeNew(join(at, 'b.key'), 'sealed words', 'private')
    expect(mode(join(at, 'b.key'))).toBe(0o600)
  })

  it.each([
    ['a file', (path: string) => writeFileSync(path, 'before')],
    ['a directory', (path: string) => mkdirSync(path)],
    ['a link', (path: string) => symlinkSync('/dev/null', path)],
    ['a link to nothing', (path: string) => symlinkSync('/nowhere/at-all', path)],
  ])('never replaces %s', (_, make) => {
    const path = join(directory(), 'a.txt')
    make(path)
    expect(() => writeNew(path, 'after', 'public')).toThrow(/exists already, and nothing is replaced/)
    expect(() => writeNewDirectory(path, FILES)).toThrow(/exists already/)
    expect(() => mustBeFree(path)).toThrow(/exists already/)
    expect(existsSync(`${path}.new`)).toBe(false)
  })

  it('says which directory is missing', () => {
    const at = directory()
    expect(() => writeNew(join(at, 'no', 'a.txt'), 'x', 'public')).toThrow(/there is no directory .*no\.$/)
    expect(() => writeNewDirectory(join(at, 'no', 'r'), FILES)).toThrow(/there is no directory .*no\.$/)
  })
})

describe('a directory that a command hands out', () => {
  it('appears with all of its files, for its owner alone', () => {
    const at = join(directory(), 'root')
    writeNewDirectory(`${at}/`, FILES)
    expect(readdirSync(at).sort()).toEqual(['root-manifest.json', 'root.key'])
    expect([mode(at), mode(join(at, 'root.key'))]).toEqual([0o700, 0o600])
  })

  it('that was interrupted is not there, and the next attempt says what to remove', () => {
    const at = join(directory(), 'root')
    mkdirSync(`${at}.new`)
    writeFileSync(join(`${at}.new`, 'root.key'), 'sealed')
    expect(() => writeNewDirectory(at, FILES)).toThrow(
      new RegExp(`${at}\\.new is left over .* Remove it, then run this again`),
    )
    expect(existsSync(at)).toBe(false)
    rmSync(`${at}.new`, { recursive: true })
    writeNewDirectory(at, FILES)
    expect(existsSync(at)).toBe(true)
  })
})
