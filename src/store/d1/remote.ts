import type { Ambient } from '../../authority/host.ts'
import type { Store } from '../../authority/ports.ts'
import { sqliteCompiler } from '../sqlite-compiler.ts'
import { createStore } from '../store.ts'
import { type RemoteOptions, remoteEngine } from './remote-engine.ts'
import { newToken } from './write-tokens.ts'

export interface RemoteSurroundings extends Pick<RemoteOptions, 'token' | 'fetch'> {
  readonly ambient: Pick<Ambient, 'now' | 'random'>
}

/**
 * The store of a Worker, for the command line. Asks it something first: throws `StoreError` with a sentence when it
 * cannot be reached, does not know the token, is of another version, or has no tables.
 */
export async function openRemote(url: string, { token, fetch, ambient }: RemoteSurroundings): Promise<Store> {
  const engine = remoteEngine({ url, token, fetch, newToken: () => newToken(ambient) })
  const store = createStore(engine, sqliteCompiler())
  await store.generation()
  return store
}
