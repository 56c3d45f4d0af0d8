import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Authority } from '../../src/authority/authority.ts'
import type { RootSigner } from '../../src/authority/ceremony/root-signer.ts'
import type { StoredKey } from '../../src/authority/key-store.ts'
import { addKey, addSpare, type WantedKey } from '../../src/authority/keys/add.ts'
import { certifyKeys } from '../../src/authority/keys/certify.ts'
import { revokeKey } from '../../src/authority/keys/revoke.ts'
import { nodeCrypto } from '../../src/crypto/node.ts'
import { developmentRootFile } from '../../src/runtime/development-root.ts'
import { createSyncVerifier } from '../../src/verify/index.ts'
import { NOON } from '../support/instance.ts'
import { type Desk, openDesk, withStore } from './desk.ts'

const ORDER = { by: { who: 'operator:kim', reason: 'laptop stolen' }, dryRun: false }

let desk: Desk
let root: RootSigner
let leaked: StoredKey
beforeEach(async () => {
  desk = await openDesk()
  const { store, sealing } = desk.authority
  root = (await developmentRootFile(desk.config, store, sealing)).open()!
  leaked = await keyOf('codes')
})
afterEach(() => desk.close())

const keys = () => desk.authority.store.keys()

async function keyOf(usage: string, status = 'active'): Promise<StoredKey> {
  const found = (await keys()).find((key) => key.usage === usage && key.status === status)
  if (found === undefined) throw new Error(`no ${status} key for ${usage}`)
  return found
}

const revoke = (kid = leaked.kid, signer: RootSigner | null = root, authority: Authority = desk.authority) =>
  revokeKey(authority, { kid, at: NOON - 60, reason: 'laptop stolen' }, signer, ORDER)

const ANY: WantedKey = { usage: 'codes', from: null, to: null, product: 0, maxTermMonths: 0 }

async function waiting(wanted: Partial<WantedKey> = {}, certified = true): Promise<string> {
  const added = await addKey(desk.authority, { ...ANY, ...wanted }, ORDER)
  if (!added.ok || added.value.kid === null) throw new Error('not added')
  const { kid } = added.value
  if (certified) expect(await certifyKeys(desk.authority, [kid], [root], ORDER)).toMatchObject({ ok: true })
  return kid
}

describe('a revoked key', () => {
  test('is stopped, its private part destroyed and its successor made in one commit', async () => {
    const done = await revoke()
    expect(done).toMatchObject({ ok: true, value: { tookOver: true, manifest: 2, request: null } })
    const now = (await keys()).find(({ kid }) => kid === leaked.kid)
    expect(now).toEqual({ ...leaked, status: 'revoked', sealed: null })
    expect((await keyOf('codes')).kid).toBe(done.ok && done.value.active)
    const history = (await desk.authority.store.keyHistory()).slice(-4)
    expect(history.map(({ event: { type } }) => type)).toEqual(
      expect.arrayContaining(['revoked', 'created', 'promoted', 'root_advanced']),
    )
    for (const { by } of history) expect(by).toEqual(ORDER.by)
  })

  test('is named in the next manifest with when and why, and the chain holds', async () => {
    await revoke()
    const manifests = await desk.authority.store.manifests()
    const opened = createSyncVerifier(nodeCrypto).openTrustSync(manifests)
    expect(opened.ok && opened.trust.manifests.at(-1)).toMatchObject({
      version: 2,
      revoked: [{ kid: leaked.kid, at: NOON - 60, reason: 'laptop stolen' }],
    })
  })

  test('gives way to a certified key that waits, although it is young', async () => {
    const kid = await waiting()
    expect(await revoke()).toMatchObject({ ok: true, value: { active: kid, tookOver: true } })
    expect((await keyOf('codes')).kid).toBe(kid)
  })

  test('gives way to the one that may sign the most', async () => {
    const narrow = await waiting({ product: 1001 })
    const wide = await waiting()
    const short = await waiting({ maxTermMonths: 12 })
    expect(await revoke()).toMatchObject({ value: { active: wide } })
    expect(new Set([narrow, wide, short]).size).toBe(3)
  })

  test.each([
    ['that has no certificate', () => waiting({}, false)],
    ['whose window is not open yet', () => waiting({ from: NOON + 3_600 })],
    ['for another usage', () => waiting({ usage: 'lists' })],
    [
      'that is a spare and lies off the server',
      async () => {
        const pair = desk.authority.crypto.newKeyPair()
        const added = await addSpare(desk.authority, { ...ANY, from: NOON }, pair, ORDER)
        const kid = (added.ok && added.value.kid) || ''
        await certifyKeys(desk.authority, [kid], [root], ORDER)
        return kid
      },
    ],
  ])('does not give way to a key %s', async (_, prepared) => {
    const kid = await prepared()
    const done = await revoke(leaked.kid, null)
    expect(done).toMatchObject({ ok: true, value: { active: null, tookOver: false } })
    expect((await keys()).find((key) => key.kid === kid)).toMatchObject({ status: 'pending' })
  })

  test('that only waited leaves the one that signs in its place', async () => {
    const kid = await waiting()
    expect(await revoke(kid)).toMatchObject({ value: { active: leaked.kid, tookOver: false, manifest: 2 } })
    expect((await keyOf('codes')).kid).toBe(leaked.kid)
  })

  test('that is not known is refused', async () => {
    expect(await revoke('00000000')).toEqual({ ok: false, no: { reason: 'key_unknown', kid: '00000000' } })
  })
})

describe('a revocation', () => {
  test('said twice changes nothing', async () => {
    await revoke()
    const [before, chain] = [await keys(), await desk.authority.store.manifests()]
    expect(await revoke()).toMatchObject({ ok: true, value: { changed: false, manifest: 2 } })
    expect(await keys()).toEqual(before)
    expect(await desk.authority.store.manifests()).toEqual(chain)
  })

  test('by two officers at once happens once', async () => {
    const other = await desk.reopen()
    const both = await Promise.all([revoke(), revoke(leaked.kid, root, other.authority)])
    await other.close()
    expect(both.map((one) => one.ok && one.value.changed).sort()).toEqual([false, true])
    expect(await desk.authority.store.manifests()).toHaveLength(2)
  })

  test('whose commit never came leaves a key that signs no more, and is done when it is said again', async () => {
    const dying = withStore(desk.authority, {
      changeKeys: async () => {
        throw new Error('killed')
      },
    })
    await expect(revoke(leaked.kid, root, dying)).rejects.toThrow('killed')
    expect((await keyOf('codes')).kid).toBe(leaked.kid)
    const again = await desk.reopen()
    const { keyring } = await again.authority.configuration.current(NOON)
    expect(() => keyring.open(leaked.kid)).toThrow('not here')
    await again.close()
    expect(await revoke()).toMatchObject({ ok: true, value: { changed: true, tookOver: true } })
  })

  test('without a root asks for a manifest, and gets its signature when the root is there', async () => {
    const without = await revoke(leaked.kid, null)
    expect(without).toMatchObject({
      ok: true,
      value: { manifest: null, active: null, request: { kid: leaked.kid, at: NOON - 60 } },
    })
    expect(await desk.authority.store.manifests()).toHaveLength(1)
    const withRoot = await revoke()
    expect(withRoot).toMatchObject({
      ok: true,
      value: { manifest: 2, request: null, tookOver: true, changed: true },
    })
    const history = await desk.authority.store.keyHistory(leaked.kid)
    expect(history.filter(({ event }) => event.type === 'revoked')).toHaveLength(1)
  })

  test('is not signed by a root that the newest manifest does not name', async () => {
    const { crypto } = desk.authority
    const pair = crypto.newKeyPair()
    const foreign = { ...root, ...pair, signer: crypto.signer(pair.privateKey, pair.publicKey) }
    expect(await revoke(leaked.kid, foreign)).toMatchObject({ value: { manifest: null, active: null } })
  })

  test('tried as a dry run changes nothing, not even the record', async () => {
    const before = await keys()
    const compromise = { kid: leaked.kid, at: NOON, reason: 'x' }
    const tried = await revokeKey(desk.authority, compromise, root, { ...ORDER, dryRun: true })
    expect(tried).toMatchObject({ ok: true, value: { changed: true, active: null, tookOver: true } })
    expect(await keys()).toEqual(before)
    expect(desk.authority.retiredKeys.all()).toEqual(new Set())
  })
})
