import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ambient } from '../../src/runtime/ambient.ts'
import { type Config, readConfig } from '../../src/runtime/config.ts'
import { init } from '../../src/runtime/init.ts'
import { openInstance } from '../../src/runtime/instance.ts'
import { createLog } from '../../src/runtime/log.ts'
import { manifestOf, manifestText } from '../verify/kit.ts'

let data: string
let config: Config
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'licet-init-'))
  const read = readConfig({ LICET_DATA: data })
  if (!read.ok) throw new Error(read.faults.join(' '))
  config = read.config
})
afterEach(() => rmSync(data, { recursive: true, force: true }))

const start = (manifests: readonly string[] | null = null) => init(config, ambient, manifests)
const file = (name: string) => join(data, name)
const bytes = (name: string) => readFileSync(file(name), 'utf8')
const modes = () =>
  Object.fromEntries(readdirSync(data).map((name) => [name, statSync(file(name)).mode & 0o777]))

async function warnsOfDevelopmentRoot(): Promise<boolean> {
  const { authority, close } = await openInstance(config, ambient, createLog('silent').log)
  const { keyring } = await authority.configuration.current(ambient.now())
  await close()
  return keyring.developmentRoot
}

describe('init', () => {
  it('leaves private files only their owner can read, in a directory that others may enter too', async () => {
    expect((await start()).ok).toBe(true)
    expect(modes()).toEqual({
      'init.lock': 0o600,
      'licet.db': 0o600,
      'master.key': 0o600,
      'development-root.jwe': 0o600,
      'root-manifests.json': 0o644,
    })
  })

  it('leaves the side files of a database in use as private as the database', async () => {
    await start()
    const { close } = await openInstance(config, ambient, createLog('silent').log)
    expect(modes()).toMatchObject({ 'licet.db-wal': 0o600, 'licet.db-shm': 0o600 })
    await close()
  })

  it('refuses the second time and changes no file', async () => {
    await start()
    const before = ['master.key', 'development-root.jwe', 'root-manifests.json'].map(bytes)
    expect(await start()).toEqual({ ok: false, no: { reason: 'exists' } })
    expect(['master.key', 'development-root.jwe', 'root-manifests.json'].map(bytes)).toEqual(before)
  })

  it('does not make a manifests file again that somebody moved away', async () => {
    await start()
    rmSync(file('root-manifests.json'))
    expect((await start()).ok).toBe(false)
    expect(existsSync(file('root-manifests.json'))).toBe(false)
  })

  it('keeps and uses a master key that lies there alone', async () => {
    writeFileSync(file('master.key'), `${'A'.repeat(43)}\n`, { mode: 0o600 })
    expect((await start()).ok).toBe(true)
    expect(bytes('master.key')).toBe(`${'A'.repeat(43)}\n`)
    expect(await warnsOfDevelopmentRoot()).toBe(true)
  })
})

describe('files of an instance whose database is gone are never replaced', () => {
  it.each([
    ['the private root', 'development-root.jwe', null],
    ['the manifests', 'root-manifests.json', null],
    [
      'the private root, for a root that lies elsewhere',
      'development-root.jwe',
      [manifestText(manifestOf())],
    ],
  ])('%s', async (_, name, manifests) => {
    writeFileSync(file(name), 'kept')
    const refusal = { reason: 'left_over', file: file(name), database: config.database }
    expect(await start(manifests)).toEqual({ ok: false, no: refusal })
    expect(bytes(name)).toBe('kept')
    expect(existsSync(config.database)).toBe(false)
    expect(existsSync(file('master.key'))).toBe(false)
  })

  it('also beside a database that is empty', async () => {
    writeFileSync(file('root-manifests.json'), 'kept')
    writeFileSync(config.database, '')
    expect(await start()).toMatchObject({ ok: false, no: { reason: 'left_over' } })
    expect(bytes('root-manifests.json')).toBe('kept')
  })
})

describe('an init that the database fails', () => {
  it('leaves no trace of a development root to an init under another root', async () => {
    const failing = { ...ambient, random: failAt(3) }
    await expect(init(config, failing, null)).rejects.toThrow('no randomness')
    expect((await start([manifestText(manifestOf())])).ok).toBe(true)
    expect(await warnsOfDevelopmentRoot()).toBe(false)
    expect(existsSync(file('development-root.jwe'))).toBe(false)
  })
})

/** Randomness that fails when it is asked for the `nth` time: the master key, then each seal. */
function failAt(nth: number): (length: number) => Uint8Array {
  let asked = 0
  return (length) => {
    asked += 1
    if (asked === nth) throw new Error('no randomness')
    return ambient.random(length)
  }
}
