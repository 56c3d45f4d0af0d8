import { join } from 'node:path'
import type { Config } from './config.ts'

/** The files of an embedded instance: which one is public, which one must never leave, which one to back up. */
export const filesOf = ({ data }: Pick<Config, 'data'>) => ({
  /** Opens every sealed secret. Back it up apart from the database: without it every key is lost. */
  masterKey: join(data, 'master.key'),
  /** Sealed private key of the development root. */
  developmentRoot: join(data, 'development-root.jwe'),
  /** The chain of root manifests, public: what shipped software pins. */
  manifests: join(data, 'root-manifests.json'),
  /** Signing keys that sign no more, one key id a line. A backup of the database must not bring it back. */
  retiredKeys: join(data, 'retired-keys'),
  /** Shared by whoever has the instance open; empty, and never removed. */
  instanceLock: join(data, 'instance.lock'),
  /** Held while `init` runs; empty, and never removed: another process may be waiting on it. */
  lock: join(data, 'init.lock'),
})
