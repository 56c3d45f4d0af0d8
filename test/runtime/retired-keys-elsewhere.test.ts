import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import type { StoredKey } from '../../src/authority/key-store.ts'
import { revokeKey } from '../../src/authority/keys/revoke.ts'
import { recordEnded } from '../../src/authority/retired-keys.ts'
import { ambient } from '../../src/runtime/ambient.ts'
import { retiredKeysOf } from '../../src/runtime/retired-keys.ts'
import { asked, hasPostgres, newPostgresDatabase } from '../support/postgres.ts'
import { type Machine, machine } from './elsewhere-kit.ts'

const keyOf = (over: Partial<StoredKey>): StoredKey => ({
  kid: '0a1b2c3d',
  usage: 'codes',
  status: 'active',
  publicKey: '',
  sealed: 'sealed',
  certificates: [],
  createdAt: 1,
  spare: false,
  request: null,
  certifiedAt: null,
  ...over,
})

describe('the record of a machine takes over from the database', () => {
  test.each<[string, Partial<StoredKey>, boolean]>([
    ['a key that was retired', { status: 'retired', sealed: null }, true],
    ['a key that was revoked', { status: 'revoked', sealed: null }, true],
    ['a revoked key whose private part is still there', { status: 'revoked' }, true],
    ['no key that stood down and may be promoted again', { status: 'retired' }, false],
    ['no key that signs', {}, false],
    ['no spare that lies in a safe', { status: 'pending', sealed: null, spare: true }, false],
  ])('%s', (_, over, isTaken) => {
    const added: string[] = []
    const record = {
      all: () => new Set(['99999999']),
      add: (kid: string) => added.push(kid),
      withdraw: () => {},
    }
    recordEnded([keyOf(over), keyOf({ ...over, kid: '99999999' })], record)
    expect(added).toEqual(isTaken ? ['0a1b2c3d'] : [])
  })

  test('nothing, and stops nobody, when it cannot be written', () => {
    const full = () => {
      throw new Error('no space')
    }
    const record = { all: () => new Set<string>(), add: full, withdraw: full }
    expect(() => recordEnded([keyOf({ status: 'revoked' })], record)).not.toThrow()
  })
})

describe.skipIf(!(await hasPostgres()))('two machines on one PostgreSQL database', () => {
  const KEY = { LICET_MASTER_KEY: `${'K'.repeat(42)}A` }
  let url: string
  let machines: readonly [Machine, Machine]
  beforeEach(async () => {
    url = await newPostgresDatabase()
    machines = [machine(url, KEY), machine(url, KEY)]
    await machines[0].init()
  })

  test('keep a key ended, both of them, when an older database is brought back', async () => {
    const [one, other] = [await machines[0].open(), await machines[1].open()]
    const { kid } = (await one.authority.store.keys()).find(({ usage }) => usage === 'codes')!
    const backup = await asked(url, 'select * from signing_keys')
    const order = { by: { who: 'operator:kim', reason: 'leak' }, dryRun: false }
    await revokeKey(one.authority, { kid, at: 1, reason: 'leak' }, null, order)
    other.authority.configuration.forget()
    await other.authority.configuration.current(ambient.now())
    for (const { config } of machines) expect(retiredKeysOf(config).all()).toEqual(new Set([kid]))
    await Promise.all([one.close(), other.close()])

    const { status, sealed } = backup.find((row) => row.kid === kid)!
    await asked(
      url,
      `update signing_keys set status = '${status}', sealed = '${sealed}' where kid = '${kid}'`,
    )
    for (const each of machines) {
      const { authority, close } = await each.open()
      const { keyring } = await authority.configuration.current(ambient.now())
      expect(keyring.known.find((key) => key.kid === kid)).toMatchObject({ status: 'retired' })
      await close()
    }
  })

  test('take over what was ended before they first looked', async () => {
    const one = await machines[0].open()
    const { kid } = (await one.authority.store.keys()).find(({ usage }) => usage === 'codes')!
    await revokeKey(one.authority, { kid, at: 1, reason: 'leak' }, null, {
      by: { who: 'operator:kim', reason: 'leak' },
      dryRun: false,
    })
    await one.close()
    await (await machines[1].open()).close()
    expect(readFileSync(join(machines[1].config.data, 'retired-keys'), 'utf8')).toBe(`${kid}\n`)
  })
})
