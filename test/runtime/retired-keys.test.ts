import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { revokeKey } from '../../src/authority/keys/revoke.ts'
import { publishedJwks } from '../../src/authority/published-keys.ts'
import { ambient } from '../../src/runtime/ambient.ts'
import { retiredKeysOf } from '../../src/runtime/retired-keys.ts'
import { closedInstance } from './instance-kit.ts'

let data: string
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'licet-retired-'))
  onTestFinished(() => rmSync(data, { recursive: true, force: true }))
})

const fileOf = () => join(data, 'retired-keys')

describe('the record of retired keys', () => {
  test('is empty without a file, and none is made by looking', () => {
    expect(retiredKeysOf({ data }).all()).toEqual(new Set())
    expect(() => readFileSync(fileOf())).toThrow()
  })

  test('keeps one key a line, each once', () => {
    const record = retiredKeysOf({ data })
    for (const kid of ['0a1b2c3d', '99999999', '0a1b2c3d']) record.add(kid)
    expect(readFileSync(fileOf(), 'utf8')).toBe('0a1b2c3d\n99999999\n')
    expect(retiredKeysOf({ data }).all()).toEqual(new Set(['0a1b2c3d', '99999999']))
  })

  test('sees at once what another process added', () => {
    const record = retiredKeysOf({ data })
    expect(record.all().size).toBe(0)
    retiredKeysOf({ data }).add('0a1b2c3d')
    expect(record.all()).toContain('0a1b2c3d')
  })

  test('takes back what was not to be, and lets it be added again', () => {
    const record = retiredKeysOf({ data })
    for (const kid of ['0a1b2c3d', '99999999']) record.add(kid)
    record.withdraw('0a1b2c3d')
    record.withdraw('55555555')
    expect(retiredKeysOf({ data }).all()).toEqual(new Set(['99999999']))
    record.add('0a1b2c3d')
    expect(retiredKeysOf({ data }).all()).toEqual(new Set(['99999999', '0a1b2c3d']))
  })

  test('does not take back what a power cut left half taken back', () => {
    writeFileSync(fileOf(), '0a1b2c3d\n-0a1b2c')
    expect(retiredKeysOf({ data }).all()).toEqual(new Set(['0a1b2c3d']))
  })

  test('goes on behind half a line that a power cut left', () => {
    writeFileSync(fileOf(), '0a1b2c3d\n9999')
    const record = retiredKeysOf({ data })
    expect(record.all()).toEqual(new Set(['0a1b2c3d']))
    record.add('55555555')
    expect(record.all()).toEqual(new Set(['0a1b2c3d', '55555555']))
  })

  test('counts a last line whose end is missing', () => {
    writeFileSync(fileOf(), '0a1b2c3d')
    expect(retiredKeysOf({ data }).all()).toEqual(new Set(['0a1b2c3d']))
  })

  test.each(['0A1B2C3D\n', '0a1b2c3d9\n', '0a1b2c3d 99999999\n', '# note\n'])('is damaged by %j', (text) => {
    writeFileSync(fileOf(), `55555555\n${text}`)
    expect(() => retiredKeysOf({ data }).all()).toThrow(/retired-keys is damaged in line 2/)
  })
})

test('a key that was ended does not sign again when an older database is brought back, and stays public', async () => {
  const one = await closedInstance()
  const { database } = one.config
  const backup = join(data, 'licet.db')
  copyFileSync(database, backup)
  const before = await one.open()
  const { kid, publicKey } = (await before.authority.store.keys()).find(({ usage }) => usage === 'codes')!
  const order = { by: { who: 'operator:kim', reason: 'leak' }, dryRun: false }
  const done = await revokeKey(before.authority, { kid, at: 1, reason: 'leak' }, null, order)
  expect(done).toMatchObject({ ok: true, value: { active: null, changed: true } })
  await before.close()

  copyFileSync(backup, database)
  const after = await one.open()
  const stored = await after.authority.store.keys()
  expect(stored.find((key) => key.kid === kid)).toMatchObject({ status: 'active' })
  const { keyring } = await after.authority.configuration.current(ambient.now())
  expect(keyring.known.find((key) => key.kid === kid)).toMatchObject({ status: 'retired' })
  expect(() => keyring.open(kid)).toThrow('not here')
  expect(publishedJwks(keyring).keys.find((jwk) => jwk.kid === kid)?.x).toBe(publicKey)
  await after.close()
})
