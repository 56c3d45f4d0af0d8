import type { Authority } from '../../src/authority/authority.ts'
import { createConfiguration } from '../../src/authority/configuration.ts'
import type { Store } from '../../src/authority/ports.ts'
import { StoreError } from '../../src/store/errors.ts'

/** What a database does to whoever asks it. */
export type Trouble = 'none' | 'hangs' | 'locked' | 'full' | 'read_only' | 'failed'

export interface Troubled {
  readonly authority: Authority
  /** From the next question on; what hangs already hangs for ever. */
  become(trouble: Trouble): void
}

/** The same instance over a store that can be given troubles and freed of them; its configuration was read once. */
export async function troubled(authority: Authority): Promise<Troubled> {
  let now: Trouble = 'none'
  const { crypto, sealing, retiredKeys } = authority
  const store = new Proxy(authority.store, {
    get: (target, name: keyof Store) => (now === 'none' ? target[name] : () => inTrouble(now)),
  })
  const configuration = createConfiguration(store, crypto, sealing, retiredKeys)
  await configuration.current(authority.ambient.now())
  return {
    authority: { ...authority, store, configuration },
    become(trouble) {
      now = trouble
    },
  }
}

function inTrouble(trouble: Trouble): Promise<never> {
  if (trouble === 'hangs' || trouble === 'none') return new Promise(() => {})
  return Promise.reject(new StoreError(trouble, `The database of the test is ${trouble}.`))
}
