import type { Committed, Settings } from '../authority/ports.ts'
import type { Catalog } from '../domain/catalog.ts'
import { channels } from './channels.ts'
import type { Step } from './engine.ts'
import type { NamedTexts } from './named-texts.ts'
import { wakeByAccessKey } from './outgoing-wakes.ts'
import type { Queries } from './queries.ts'

/** Commits an administrative write and raises the generation with it. */
export type Administer = (steps: readonly Step[]) => Promise<Committed>

const CATALOG = 'catalog'

const NOTHING_SOLD: Catalog = { products: [], offers: [] }

export function settings(queries: Queries, texts: NamedTexts, administer: Administer): Settings {
  const { all, add, addKey, removeKey } = channels(queries)
  const wake = wakeByAccessKey(queries)
  return {
    generation: () => texts.generation(),
    channels: all,
    addChannel: (channel) => administer(add(channel)),
    addAccessKey: (channel, key) => administer([addKey(channel, key), ...wake(channel, key.createdAt)]),
    removeAccessKey: async (channel, id) => (await administer([removeKey(channel, id)])) === 'committed',
    async catalog() {
      const text = await texts.read(CATALOG)
      return text === null ? NOTHING_SOLD : JSON.parse(text)
    },
    async replaceCatalog(catalog) {
      await administer([texts.set(CATALOG, JSON.stringify(catalog))])
    },
    setting: (name) => texts.read(name),
    async setSetting(name, value) {
      await administer([texts.set(name, value)])
    },
  }
}
