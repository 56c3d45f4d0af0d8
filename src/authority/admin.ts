import type { Catalog } from '../domain/catalog.ts'
import { checkCatalogChange } from '../domain/catalog-change.ts'
import { type CatalogFault, checkCatalog } from '../domain/catalog-check.ts'
import { no, type Result, yes } from '../domain/result.ts'
import type { Seconds } from '../domain/time.ts'
import { toHex, utf8 } from '../format/bytes.ts'
import type { Authority } from './authority.ts'
import { accessKeyPurpose } from './configuration.ts'
import type { Crypto } from './host.ts'
import type { StoredAccessKey } from './ports.ts'

export interface NewChannel {
  readonly name: string
  readonly kind: string
  readonly timeZone: string
  readonly accessKey: string
}

export type AdminRefusal =
  | { readonly reason: 'bad_channel_name'; readonly name: string }
  | { readonly reason: 'unknown_kind'; readonly kind: string; readonly known: readonly string[] }
  | { readonly reason: 'bad_time_zone'; readonly timeZone: string }
  | { readonly reason: 'empty_access_key' }
  | { readonly reason: 'channel_exists'; readonly name: string }
  | { readonly reason: 'unknown_channel'; readonly channel: string }
  | { readonly reason: 'access_key_in_use'; readonly keyId: string; readonly channel: string }
  | { readonly reason: 'unknown_access_key'; readonly keyId: string; readonly channel: string }
  | { readonly reason: 'last_access_key'; readonly keyId: string; readonly channel: string }
  | { readonly reason: 'unknown_site'; readonly site: string }
  | { readonly reason: 'bad_credentials' }
  | { readonly reason: 'bad_page'; readonly url: string }

/** Accepted distance between a call's time and ours, seconds (contract 3.1). */
const WINDOWS: { readonly timestamp: Seconds; readonly authToken: Seconds } = {
  timestamp: 60,
  authToken: 900,
}

const CHANNEL_NAME = /^[a-z0-9][a-z0-9-]{0,31}$/

/** First 8 hex digits of the SHA-256 of an access key: its name in lists and logs (contract 4). */
export function accessKeyId({ sha256 }: Pick<Crypto, 'sha256'>, accessKey: string): string {
  return toHex(sha256(utf8(accessKey)).subarray(0, 4))
}

/** Adds a channel with its first access key; answers with the key's id. */
export async function addChannel(
  authority: Authority,
  channel: NewChannel,
): Promise<Result<string, AdminRefusal>> {
  const { name, kind, timeZone } = channel
  if (!CHANNEL_NAME.test(name)) return no({ reason: 'bad_channel_name', name })
  const marketplace = authority.marketplaces.get(kind)
  if (!marketplace) return no({ reason: 'unknown_kind', kind, known: [...authority.marketplaces.keys()] })
  if (!marketplace.acceptsTimeZone(timeZone)) return no({ reason: 'bad_time_zone', timeZone })
  const channels = await authority.store.channels()
  if (channels.some((existing) => existing.name === name)) return no({ reason: 'channel_exists', name })
  const key = await newAccessKey(authority, channel.accessKey)
  if (!key.ok) return key
  const added = await authority.store.addChannel({
    name,
    kind,
    timeZone,
    windows: WINDOWS,
    keys: [key.value],
    openApi: null,
  })
  authority.configuration.forget()
  return added === 'committed' ? yes(key.value.id) : no({ reason: 'channel_exists', name })
}

/** Adds a further live access key; the newest signs answers to calls that could not be authenticated. */
export async function addAccessKey(
  authority: Authority,
  channel: string,
  secret: string,
): Promise<Result<string, AdminRefusal>> {
  const channels = await authority.store.channels()
  if (!channels.some(({ name }) => name === channel)) return no({ reason: 'unknown_channel', channel })
  const key = await newAccessKey(authority, secret)
  if (!key.ok) return key
  const added = await authority.store.addAccessKey(channel, key.value)
  authority.configuration.forget()
  return added === 'committed'
    ? yes(key.value.id)
    : no({ reason: 'access_key_in_use', keyId: key.value.id, channel })
}

/** Removes one live access key; the last one stays, since a channel without a key answers every call with 000001. */
export async function removeAccessKey(
  authority: Authority,
  channel: string,
  keyId: string,
): Promise<Result<null, AdminRefusal>> {
  const found = (await authority.store.channels()).find(({ name }) => name === channel)
  if (found === undefined) return no({ reason: 'unknown_channel', channel })
  if (!found.keys.some(({ id }) => id === keyId)) return no({ reason: 'unknown_access_key', keyId, channel })
  if (found.keys.length === 1) return no({ reason: 'last_access_key', keyId, channel })
  const removed = await authority.store.removeAccessKey(channel, keyId)
  authority.configuration.forget()
  return removed ? yes(null) : no({ reason: 'unknown_access_key', keyId, channel })
}

async function newAccessKey(
  authority: Authority,
  secret: string,
): Promise<Result<StoredAccessKey, AdminRefusal>> {
  if (secret === '') return no({ reason: 'empty_access_key' })
  const id = accessKeyId(authority.crypto, secret)
  const owner = (await authority.store.channels()).find(({ keys }) => keys.some((key) => key.id === id))
  if (owner) return no({ reason: 'access_key_in_use', keyId: id, channel: owner.name })
  const sealed = authority.sealing.seal(accessKeyPurpose(id), utf8(secret))
  return yes({ id, sealed, createdAt: authority.ambient.now() })
}

/** Replaces the catalog, or answers with every fault of the new one together and changes nothing. */
export async function applyCatalog(
  authority: Authority,
  next: Catalog,
): Promise<Result<null, readonly CatalogFault[]>> {
  const faults = await catalogFaults(authority, next)
  if (faults.length > 0) return no(faults)
  await authority.store.replaceCatalog(next)
  authority.configuration.forget()
  return yes(null)
}

/** Every fault of a catalog that is to replace the current one. */
export async function catalogFaults(authority: Authority, next: Catalog): Promise<readonly CatalogFault[]> {
  return [...checkCatalog(next), ...checkCatalogChange(await authority.store.catalog(), next)]
}

/** Channels that offers name and that are not there: no fault, since either may come first. */
export async function missingChannels(authority: Authority, { offers }: Catalog): Promise<readonly string[]> {
  const known = new Set((await authority.store.channels()).map(({ name }) => name))
  return [...new Set(offers.map(({ channel }) => channel))].filter((channel) => !known.has(channel))
}
