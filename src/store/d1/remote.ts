import type { Ambient } from '../../authority/host.ts'
import type { Store } from '../../authority/ports.ts'
import { assertSchemaVersion } from '../schema-version.ts'
import { sqliteCompiler } from '../sqlite-compiler.ts'
import { createStore } from '../store.ts'
import { remoteEngine } from './remote-engine.ts'
import { type RemoteLineOptions, remoteLine } from './remote-line.ts'
import { newToken } from './write-tokens.ts'

export interface RemoteSurroundings extends Pick<RemoteLineOptions, 'token' | 'fetch'> {
  readonly ambient: Pick<Ambient, 'now' | 'random'>
}

/**
 * The store of a Worker, for the command line. Asks it something first: throws `StoreError` with a sentence when it
 * cannot be reached, does not know the token, is of another version, or has no tables. A database of another version
 * than this program's is refused here, whichever the Worker serves (decision 0016): a command that does not know all
 * tables would leave some out of a backup.
 */
export async function openRemote(url: string, { token, fetch, ambient }: RemoteSurroundings): Promise<Store> {
  const engine = remoteEngine({ url, token, fetch, newToken: () => newToken(ambient) })
  const store = createStore(engine, sqliteCompiler())
  assertSchemaVersion(await store.setting('schema_version'), `of the Worker at ${url}`)
  return store
}

/** The public URL of a Worker; null where it does not tell. Throws `StoreError` as `openRemote` does. */
export const remotePublicUrl = (line: RemoteLineOptions): Promise<string | null> =>
  remoteLine(line).publicUrl()
