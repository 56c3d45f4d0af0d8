import { describe, expect, it } from 'vitest'
import type { StoredChannel } from '../../../src/authority/ports.ts'
import type { Catalog } from '../../../src/domain/catalog.ts'
import type { Fresh } from './harness.ts'
import { BY, NOON, sale } from './samples.ts'

const keyOf = (id: string) => ({ id, sealed: `sealed-${id}`, createdAt: NOON })

const CHANNEL: StoredChannel = {
  name: 'huawei',
  kind: 'huawei',
  timeZone: 'Asia/Shanghai',
  windows: { timestamp: 60, authToken: 900 },
  keys: [keyOf('bbbbbbbb')],
  openApi: null,
}

const CATALOG: Catalog = {
  products: [
    {
      id: 1001,
      code: 'cad-pro',
      name: 'CAD 专业版',
      graceDays: 3,
      statementLife: 86_400,
      features: ['render'],
      editions: [{ id: 1, code: 'standard', features: ['render'] }],
    },
  ],
  offers: [{ channel: 'huawei', product: 'cad-pro', edition: 'standard', seats: 'amount' }],
}

export function settings(fresh: Fresh): void {
  describe('a channel', () => {
    it('comes back with its keys, the newest last', async () => {
      const { store } = await fresh()
      await store.addChannel({ ...CHANNEL, keys: [keyOf('cccccccc'), keyOf('bbbbbbbb')] })
      await store.addAccessKey('huawei', keyOf('aaaaaaaa'))
      await store.addChannel({ ...CHANNEL, name: 'alpha', keys: [] })
      const keys = ['cccccccc', 'bbbbbbbb', 'aaaaaaaa'].map(keyOf)
      expect(await store.channels()).toEqual([
        { ...CHANNEL, name: 'alpha', keys: [] },
        { ...CHANNEL, keys },
      ])
    })

    it('has a name that no other gets', async () => {
      const { store } = await fresh()
      await store.addChannel(CHANNEL)
      expect(await store.addChannel({ ...CHANNEL, keys: [keyOf('aaaaaaaa')] })).toBe('conflict')
      expect(await store.channels()).toEqual([CHANNEL])
    })

    it('never shares an access key', async () => {
      const { store } = await fresh()
      await store.addChannel(CHANNEL)
      expect(await store.addChannel({ ...CHANNEL, name: 'second' })).toBe('conflict')
      expect(await store.addChannel({ ...CHANNEL, name: 'second', keys: [] })).toBe('committed')
      expect(await store.addAccessKey('second', keyOf('bbbbbbbb'))).toBe('conflict')
      expect(await store.addAccessKey('huawei', keyOf('bbbbbbbb'))).toBe('conflict')
    })

    it('loses the key that is taken from it, and no other', async () => {
      const { store } = await fresh()
      await store.addChannel(CHANNEL)
      await store.addChannel({ ...CHANNEL, name: 'second', keys: [keyOf('aaaaaaaa')] })
      expect(await store.removeAccessKey('huawei', 'aaaaaaaa')).toBe(false)
      expect(await store.removeAccessKey('huawei', 'cccccccc')).toBe(false)
      expect(await store.removeAccessKey('huawei', 'bbbbbbbb')).toBe(true)
      expect(await store.removeAccessKey('huawei', 'bbbbbbbb')).toBe(false)
      expect((await store.channels()).map(({ keys }) => keys)).toEqual([[], [keyOf('aaaaaaaa')]])
    })

    it('has to be there before it gets a key', async () => {
      const { store } = await fresh()
      await expect(store.addAccessKey('nowhere', keyOf('aaaaaaaa'))).rejects.toThrow()
    })
  })

  describe('the catalog', () => {
    it('is empty at first, then the last one that was applied', async () => {
      const { store } = await fresh()
      expect(await store.catalog()).toEqual({ products: [], offers: [] })
      await store.replaceCatalog({ ...CATALOG, offers: [] })
      await store.replaceCatalog(CATALOG)
      expect(await store.catalog()).toEqual(CATALOG)
    })
  })

  describe('a setting', () => {
    it('is null until it is set, and can be set again', async () => {
      const { store } = await fresh()
      expect(await store.setting('check')).toBeNull()
      await store.setSetting('check', '')
      expect(await store.setting('check')).toBe('')
      await store.setSetting('check', '值')
      expect(await store.setting('check')).toBe('值')
    })
  })

  describe('the generation', () => {
    it('rises with every administrative write, and another process sees it', async () => {
      const { store, beside } = await fresh()
      const other = await beside()
      const writes = [
        () => other.addChannel(CHANNEL),
        () => other.addAccessKey('huawei', keyOf('aaaaaaaa')),
        () => other.removeAccessKey('huawei', 'aaaaaaaa'),
        () => other.replaceCatalog(CATALOG),
        () => other.setSetting('check', 'x'),
        () => other.changeKeys({ events: [], by: BY, at: NOON }),
      ]
      for (const write of writes) {
        const before = await store.generation()
        await write()
        expect(await store.generation()).toBe(before + 1)
      }
      expect(await store.channels()).toEqual([CHANNEL])
    })

    it('stays when such a write is refused, and for every purchase', async () => {
      const { store } = await fresh()
      await store.addChannel(CHANNEL)
      const before = await store.generation()
      await store.addChannel(CHANNEL)
      await store.removeAccessKey('huawei', 'nothing')
      await store.commit({ change: sale(1) })
      await store.probe()
      expect(await store.generation()).toBe(before)
    })
  })
}
