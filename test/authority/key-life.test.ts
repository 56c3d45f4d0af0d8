import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Authority } from '../../src/authority/authority.ts'
import type { RootSigner } from '../../src/authority/ceremony/root-signer.ts'
import type { KeyChange, StoredKey } from '../../src/authority/key-store.ts'
import { addKey } from '../../src/authority/keys/add.ts'
import { certifyKeys } from '../../src/authority/keys/certify.ts'
import { importTrust } from '../../src/authority/keys/import.ts'
import { promoteKey } from '../../src/authority/keys/promote.ts'
import { retireKey } from '../../src/authority/keys/retire.ts'
import { rotateKey } from '../../src/authority/keys/rotate.ts'
import { openInstance } from '../../src/runtime/instance.ts'
import { openTestInstance, type TestInstance } from '../support/instance.ts'
import { withStore } from './desk.ts'

const ORDER = { by: { who: 'operator:test', reason: 'test' }, dryRun: false }
const CODES = { usage: 'codes', from: null, to: null, product: 0, maxTermMonths: 0 } as const

let instance: TestInstance
let authority: Authority
let root: RootSigner
beforeEach(async () => {
  instance = await openTestInstance()
  authority = instance.authority
  const beside = await openInstance(instance.config, instance.clock, authority.log)
  root = beside.developmentRoot.open()!
  await beside.close()
})
afterEach(() => instance.close())

const keys = () => authority.store.keys()
const keyOf = async (kid: string) => (await keys()).find((key) => key.kid === kid)!
const active = async (usage: StoredKey['usage'] = 'codes') =>
  (await keys()).find((key) => key.usage === usage && key.status === 'active')!

async function certified(): Promise<string> {
  const added = await addKey(authority, CODES, ORDER)
  const kid = added.ok ? added.value.kid! : ''
  expect(await certifyKeys(authority, [kid], [root], ORDER)).toMatchObject({ ok: true })
  return kid
}

/** The store as another process would meet it between our look and our commit. */
function overtaken(first: () => Promise<unknown>): Authority {
  let met = false
  return withStore(authority, {
    async changeKeys(change: KeyChange) {
      if (!met) {
        met = true
        await first()
      }
      return authority.store.changeKeys(change)
    },
  })
}

describe('a kid that is in use', () => {
  const pairAgain = (key: StoredKey): Authority => {
    const publicKey = new Uint8Array(Buffer.from(key.publicKey, 'base64url'))
    const privateKey = authority.sealing.open(`signing-key:${key.kid}`, key.sealed!)
    return { ...authority, crypto: { ...authority.crypto, newKeyPair: () => ({ privateKey, publicKey }) } }
  }

  test('is refused for a new key, also that of a key that ended', async () => {
    const key = await active()
    const kid = await certified()
    await promoteKey(authority, kid, 'force', ORDER)
    const stoodDown = await keyOf(key.kid)
    const refused = { ok: false, no: { reason: 'kid_in_use', kid: key.kid } }
    expect(await addKey(pairAgain(stoodDown), CODES, ORDER)).toMatchObject(refused)
    const again = pairAgain(stoodDown)
    await retireKey(authority, key.kid, false, ORDER)
    expect(await addKey(again, CODES, ORDER)).toMatchObject(refused)
  })

  test('is refused for a new key when a root key has it', async () => {
    const chain = await authority.store.manifests()
    const kid = JSON.parse(Buffer.from(JSON.parse(chain[0]!).payload, 'base64url').toString()).keys[0].kid
    const pair = { publicKey: root.publicKey, privateKey: new Uint8Array(32) }
    const signer = () => root.signer
    const crypto = { ...authority.crypto, newKeyPair: () => pair, signer }
    const refused = { ok: false, no: { reason: 'kid_in_use', kid } }
    expect(await addKey({ ...authority, crypto }, CODES, ORDER)).toMatchObject(refused)
  })
})

describe('the canary', () => {
  test('stops a promotion whose signatures nobody would believe, before anything changes', async () => {
    const kid = await certified()
    const before = await keys()
    const broken = {
      ...authority.crypto,
      signer: (privateKey: Uint8Array, publicKey: Uint8Array) => ({
        sign: (message: Uint8Array) =>
          authority.crypto
            .signer(privateKey, publicKey)
            .sign(message)
            .map((byte, i) => (i === 9 ? byte ^ 1 : byte)),
      }),
    }
    const refused = await promoteKey({ ...authority, crypto: broken }, kid, 'force', ORDER)
    expect(refused).toEqual({ ok: false, no: { reason: 'canary_refused', kid, why: 'bad_signature' } })
    expect(await keys()).toEqual(before)
  })

  test('stops a rotation before a key is made', async () => {
    const before = await keys()
    const verify = () => false
    const blind = { ...authority, crypto: { ...authority.crypto, verify } }
    const rotated = await rotateKey(blind, 'codes', [root], ORDER).catch(() => 'thrown')
    expect(rotated).not.toMatchObject({ ok: true })
    expect(await keys()).toEqual(before)
  })
})

describe('two officers at once', () => {
  test('who add a key: the second hears of the key of the first, and there is one', async () => {
    const other = overtaken(() => addKey(authority, CODES, ORDER))
    expect(await addKey(other, CODES, ORDER)).toMatchObject({ ok: true, value: { changed: false } })
    expect(await keys()).toHaveLength(4)
  })

  test('who promote the same key: one does it, the other hears that it is done', async () => {
    const kid = await certified()
    const other = overtaken(() => promoteKey(authority, kid, 'force', ORDER))
    expect(await promoteKey(other, kid, 'force', ORDER)).toMatchObject({
      ok: true,
      value: { changed: false },
    })
    expect((await active()).kid).toBe(kid)
    expect(
      (await authority.store.keyHistory(kid)).filter(({ event }) => event.type === 'promoted'),
    ).toHaveLength(1)
  })

  test('who promote different keys: the second is refused, since it decided on what was no longer so', async () => {
    const mine = await certified()
    const theirs = await certified()
    const other = overtaken(() => promoteKey(authority, theirs, 'force', ORDER))
    expect(await promoteKey(other, mine, 'force', ORDER)).toEqual({ ok: false, no: { reason: 'moved' } })
    expect((await active()).kid).toBe(theirs)
    expect((await keyOf(mine)).status).toBe('pending')
  })

  test('who rotate: the second hears that the first was quicker, and there is one new key', async () => {
    const before = (await active()).kid
    const other = overtaken(() => rotateKey(authority, 'codes', [root], ORDER))
    expect(await rotateKey(other, 'codes', [root], ORDER)).toEqual({ ok: false, no: { reason: 'moved' } })
    expect(await keys()).toHaveLength(4)
    expect((await active()).kid).not.toBe(before)
  })

  test('who rotate, one of whom was interrupted: the other goes on with the key that was made', async () => {
    let commits = 0
    const dying = withStore(authority, {
      changeKeys: (change) => {
        commits += 1
        return commits > 1 ? Promise.reject(new Error('killed')) : authority.store.changeKeys(change)
      },
    })
    const other = overtaken(() => rotateKey(dying, 'codes', [root], ORDER).catch(() => undefined))
    const rotated = await rotateKey(other, 'codes', [root], ORDER)
    expect(rotated).toMatchObject({ ok: true, value: { resumed: true } })
    expect(await keys()).toHaveLength(4)
    expect((await active()).kid).toBe(rotated.ok && rotated.value.kid)
  })

  test('of whom one retires the key that the other promotes: the private part is never there twice', async () => {
    const kid = await certified()
    const other = overtaken(() => retireKey(authority, kid, false, ORDER))
    expect(await promoteKey(other, kid, 'force', ORDER)).toMatchObject({
      ok: false,
      no: { reason: 'key_retired' },
    })
    expect(await keyOf(kid)).toMatchObject({ status: 'retired', sealed: null })
  })

  test('of whom one promotes the key again that the other retires: the one that signs is not ended', async () => {
    const first = (await active()).kid
    const second = await certified()
    await promoteKey(authority, second, 'force', ORDER)
    const generation = await authority.store.generation()
    // Both look; the one records what it is about to retire; the other commits; the one comes too late.
    let retired: unknown
    const promoting = withStore(authority, {
      async changeKeys(promotion: KeyChange) {
        let promoted: 'committed' | 'conflict' = 'conflict'
        const retiring = overtaken(async () => {
          promoted = await authority.store.changeKeys(promotion)
        })
        retired = await retireKey(retiring, first, false, ORDER)
        return promoted
      },
    })
    expect(await promoteKey(promoting, first, 'force', ORDER)).toMatchObject({ ok: true })
    expect(retired).toEqual({ ok: false, no: { reason: 'moved' } })
    expect(await authority.store.generation()).toBeGreaterThan(generation + 1)
    expect((await active()).kid).toBe(first)
    expect(authority.retiredKeys.all()).not.toContain(first)
    authority.configuration.forget()
    const { keyring } = await authority.configuration.current(instance.clock.now())
    expect(keyring.known.find(({ kid }) => kid === first)).toMatchObject({ status: 'active' })
  })

  test('who import the same certificates: the second hears that they are here', async () => {
    const added = await addKey(authority, CODES, ORDER)
    const kid = added.ok ? added.value.kid! : ''
    const other = overtaken(() => certifyKeys(authority, [kid], [root], ORDER))
    expect(await certifyKeys(other, [kid], [root], ORDER)).toMatchObject({
      ok: true,
      value: { changed: false },
    })
    const { certificates } = await keyOf(kid)
    expect(await importTrust(authority, { manifests: [], certificates, published: 1 }, ORDER)).toMatchObject({
      ok: true,
      value: { changed: false },
    })
  })
})

describe('a database that was brought back from before', () => {
  test('does not revive a retired key: it neither signs nor can be promoted', async () => {
    const old = await active()
    const kid = await certified()
    const earlier = await keys()
    await promoteKey(authority, kid, 'force', ORDER)
    await retireKey(authority, old.kid, false, ORDER)
    const restored = withStore(authority, { keys: async () => earlier })
    const refused = { ok: false, no: { reason: 'key_retired', kid: old.kid } }
    expect(await promoteKey(restored, old.kid, 'force', ORDER)).toEqual(refused)
    expect(await retireKey(restored, old.kid, false, { ...ORDER, dryRun: true })).toMatchObject({ ok: true })
  })

  test('lets another key take the place that the database gives to a key that ended', async () => {
    const old = await active()
    const kid = await certified()
    // Retired in the record alone: as if the commit had been lost with the newer database.
    authority.retiredKeys.add(old.kid)
    expect(await promoteKey(authority, kid, 'force', ORDER)).toMatchObject({ ok: true })
    expect((await active()).kid).toBe(kid)
    expect(await retireKey(authority, old.kid, false, ORDER)).toMatchObject({
      ok: true,
      value: { changed: true },
    })
    expect((await keyOf(old.kid)).sealed).toBeNull()
  })
})
