import { toHex, utf8 } from '../format/bytes.ts'
import type { Authority } from './authority.ts'
import type { Sealing } from './host.ts'
import type { KeptKitEntry, KitEntry, KitPart, KitSync } from './kit-entry.ts'
import type { Channel } from './marketplace.ts'
import type { Worked } from './receive.ts'

/** What an entry is sealed as: bound to its id, so it does not open beside another. */
export const kitPurpose = (id: string): string => `kit:${id}`

/**
 * Keeps what the marketplace says of an enterprise. Nothing is asked of what it names: neither the instance nor the
 * enterprise has to be known, to add as little as to delete. A list that is older than the newest whole list of its part
 * changes nothing.
 */
export async function syncKit(
  { store, crypto, sealing, ambient }: Authority,
  { name: channel }: Channel,
  { test, kind, instance, tenant, sentAt, replaces, entries }: KitSync,
): Promise<Worked> {
  const done: Worked = { reply: { type: 'done' }, batch: {} }
  if (test) return done
  const part = { channel, kind, instance, tenant }
  if (((await store.kitReplacedAt(part)) ?? 0) > sentAt) return done
  // Of an entry that is there twice the later one counts.
  const sealed = new Map(
    entries.map((entry) => {
      const id = idOf(crypto, part, entry)
      return [id, { id, sealed: sealEntry(sealing, id, entry) }] as const
    }),
  )
  const at = ambient.now()
  return { ...done, batch: { kit: { part, sentAt, at, replaces, entries: [...sealed.values()] } } }
}

/** What it says in the clear, to be shown to the seller and to nobody else. Throws when it does not open. */
export function openEntry(sealing: Sealing, { id, sealed }: KeptKitEntry): NonNullable<KitEntry['facts']> {
  return JSON.parse(new TextDecoder().decode(sealing.open(kitPurpose(id), sealed)))
}

/** A digest of what names it: an id of a user may be a name, and names are not kept in the clear. */
function idOf({ sha256 }: Authority['crypto'], part: KitPart, { key }: KitEntry): string {
  const { channel, kind, instance, tenant } = part
  return toHex(sha256(utf8(JSON.stringify([channel, kind, instance, tenant, key])))).slice(0, ID_LENGTH)
}

const ID_LENGTH = 32

const sealEntry = (sealing: Sealing, id: string, { facts }: KitEntry): string | null =>
  facts && sealing.seal(kitPurpose(id), utf8(JSON.stringify(facts)))
