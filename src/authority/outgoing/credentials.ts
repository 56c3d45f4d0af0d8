import { no, type Result, yes } from '../../domain/result.ts'
import type { Seconds } from '../../domain/time.ts'
import { readUtf8, utf8 } from '../../format/bytes.ts'
import type { AdminRefusal } from '../admin.ts'
import type { Authority } from '../authority.ts'
import type { Sealing } from '../host.ts'
import type { Credentials, OpenApi } from './dialect.ts'

/** As it is stored. The two names of the credentials are sealed together. */
export interface StoredOpenApi {
  readonly site: string
  readonly sealed: string
  /** When it was set. */
  readonly since: Seconds
}

export interface OpenApiStore {
  /**
   * Replaces what the channel had, and makes its calls that failed due now; of dead ones those that failed by what it
   * had. What its access keys were refused for stays as it is: `addAccessKey` is for that.
   */
  setOpenApi(channel: string, openApi: StoredOpenApi): Promise<void>
}

/** What credentials are sealed as: those of another channel do not open in their place. */
export const openApiPurpose = (channel: string): string => `open-api:${channel}`

/** `unreadable`: the secret does not open; the other channels are served all the same. */
export function openOpenApi(
  sealing: Sealing,
  channel: string,
  stored: StoredOpenApi | null,
): OpenApi | 'unreadable' | null {
  if (stored === null) return null
  try {
    const text = readUtf8(sealing.open(openApiPurpose(channel), stored.sealed))
    return { site: stored.site, credentials: JSON.parse(text ?? '') as Credentials }
  } catch {
    return 'unreadable'
  }
}

/** Whether a channel still has these, and its marketplace is where they say. Reads the store: others set them, too. */
export async function areStillSet(
  { store, sealing }: Pick<Authority, 'store' | 'sealing'>,
  channel: string,
  { site, credentials }: OpenApi,
): Promise<boolean> {
  const stored = (await store.channels()).find(({ name }) => name === channel)?.openApi ?? null
  const set = openOpenApi(sealing, channel, stored)
  if (set === null || set === 'unreadable' || set.site !== site) return false
  const { accessKeyId, secret } = set.credentials
  return accessKeyId === credentials.accessKeyId && secret === credentials.secret
}

export interface NewOpenApi extends Credentials {
  readonly site: string
}

/** Printable ASCII without spaces and commas: they stand in a header. */
const ACCESS_KEY_ID = /^[!-+\--~]{1,128}$/
const SECRET = /^[!-~]{1,256}$/

/** Gives a channel the credentials of its marketplace's open APIs, in place of those it has. */
export async function setOpenApi(
  authority: Authority,
  channel: string,
  { site, accessKeyId, secret }: NewOpenApi,
): Promise<Result<null, AdminRefusal>> {
  const { store, sealing, ambient, configuration, marketplaces } = authority
  const found = (await store.channels()).find(({ name }) => name === channel)
  if (found === undefined) return no({ reason: 'unknown_channel', channel })
  if (!ACCESS_KEY_ID.test(accessKeyId) || !SECRET.test(secret)) return no({ reason: 'bad_credentials' })
  if (marketplaces.get(found.kind)?.outgoing.originsOf(site) == null)
    return no({ reason: 'unknown_site', site })
  const credentials: Credentials = { accessKeyId, secret }
  const sealed = sealing.seal(openApiPurpose(channel), utf8(JSON.stringify(credentials)))
  await store.setOpenApi(channel, { site, sealed, since: ambient.now() })
  configuration.forget()
  return yes(null)
}
