import { describe, expect, it } from 'vitest'
import type { KeyChange, StoredKey } from '../../../src/authority/key-store.ts'
import type { Store } from '../../../src/authority/ports.ts'
import { encodeBase64url } from '../../../src/format/base64url.ts'
import { utf8 } from '../../../src/format/bytes.ts'
import type { Fresh } from './harness.ts'
import { BY, NOON } from './samples.ts'

export const KEY: StoredKey = {
  kid: '0a1b2c3d',
  usage: 'codes',
  status: 'active',
  publicKey: 'public',
  sealed: 'sealed',
  certificates: ['LK1-AAAAA', 'LK1-BBBBB'],
  createdAt: NOON,
  spare: false,
  request: 'request',
  certifiedAt: NOON + 1,
}

/** As much of a root manifest as says its number; whoever adds one has verified it. */
function manifest(version: number): string {
  const payload = encodeBase64url(utf8(JSON.stringify({ version, note: '根' })))
  return JSON.stringify({ payload, signatures: [] })
}

export const change = (store: Store, over: Partial<KeyChange>) =>
  store.changeKeys({ events: [], by: BY, at: NOON, ...over })

export function keys(fresh: Fresh): void {
  describe('signing keys', () => {
    it('come back in the order they were made, with every part', async () => {
      const { store } = await fresh()
      const bare: StoredKey = {
        ...KEY,
        kid: '11111111',
        status: 'pending',
        sealed: null,
        certificates: [],
        createdAt: NOON - 1,
        spare: true,
        request: null,
        certifiedAt: null,
      }
      expect(await change(store, { add: [KEY, bare] })).toBe('committed')
      expect(await store.keys()).toStrictEqual([bare, KEY])
    })

    it('have one active of each usage', async () => {
      const { store } = await fresh()
      await change(store, { add: [KEY] })
      expect(await change(store, { add: [{ ...KEY, kid: '22222222' }] })).toBe('conflict')
      expect(await change(store, { add: [{ ...KEY, kid: '22222222', status: 'pending' }] })).toBe('committed')
      expect(await change(store, { add: [{ ...KEY, kid: '33333333', usage: 'statements' }] })).toBe(
        'committed',
      )
      const two = ['44444444', '55555555'].map((kid) => ({ ...KEY, kid, usage: 'lists' }) as const)
      expect(await change(store, { add: two })).toBe('conflict')
      expect(await store.keys()).toHaveLength(3)
    })

    it('never share a kid, whatever became of the first', async () => {
      const { store } = await fresh()
      await change(store, { add: [{ ...KEY, status: 'revoked' }] })
      const again = { ...KEY, usage: 'lists' } as const
      expect(await change(store, { add: [again], manifests: [manifest(1)] })).toBe('conflict')
      expect(await store.manifests()).toEqual([])
    })

    it('come with their settings, all of it or nothing', async () => {
      const { store } = await fresh()
      expect(await change(store, { add: [KEY], settings: { mark: 'first', other: 'x' } })).toBe('committed')
      expect([await store.setting('mark'), await store.setting('other')]).toEqual(['first', 'x'])
      expect(await change(store, { add: [KEY], settings: { mark: 'second', other: null } })).toBe('conflict')
      expect([await store.setting('mark'), await store.setting('other')]).toEqual(['first', 'x'])
      await change(store, { settings: { other: null, never: null } })
      expect([await store.setting('mark'), await store.setting('other')]).toEqual(['first', null])
    })

    it('of an unknown usage are no keys', async () => {
      const { store } = await fresh()
      const odd = { ...KEY, usage: 'everything' } as unknown as StoredKey
      await expect(change(store, { add: [odd] })).rejects.toThrow(/signing_keys_usage/)
    })
  })

  describe('root manifests', () => {
    it('come back by version, as they were', async () => {
      const { store } = await fresh()
      await change(store, { manifests: [10, 2, 1, 9].map(manifest) })
      expect(await store.manifests()).toEqual([1, 2, 9, 10].map(manifest))
    })

    it('never share a version', async () => {
      const { store } = await fresh()
      await change(store, { manifests: [manifest(1)] })
      const other = manifest(1).replace('[]', '[1]')
      expect(await change(store, { add: [KEY], manifests: [other] })).toBe('conflict')
      expect(await store.keys()).toEqual([])
      expect(await store.manifests()).toEqual([manifest(1)])
    })
  })
}
