import { existsSync, readFileSync, statSync } from 'node:fs'
import type { Ambient, Sealing } from '../authority/host.ts'
import type { Store } from '../authority/ports.ts'
import { decodeBase64url, encodeBase64url } from '../format/base64url.ts'
import { utf8 } from '../format/bytes.ts'
import { CannotStart } from './cannot-start.ts'
import type { Config } from './config.ts'
import { PRIVATE, putInPlace, replaceFile, stage } from './disk.ts'
import { filesOf } from './files.ts'
import { type MasterKeys, sealingUnderBoth } from './sealing.ts'

const CHECK = 'master_key_check'
const CHECK_PURPOSE = 'master-key-check'

type Random = Pick<Ambient, 'random'>

/**
 * Sealing under the master key of the environment or of the data directory. While the key is being changed, what the
 * one before it sealed opens too.
 */
export function sealingOf(config: Config, ambient: Random): Sealing {
  return sealingUnderBoth(masterKeys(config), ambient)
}

/** Throws `CannotStart` with a sentence when there is no key, and when what there is is no key. */
export function masterKeys(config: Config): MasterKeys {
  if (config.masterKey !== null) return keysFrom(config.masterKey.split(','), 'LICET_MASTER_KEY')
  const file = filesOf(config).masterKey
  if (!existsSync(file)) {
    throw new CannotStart(
      `The master key is missing: set LICET_MASTER_KEY, or put the backed-up file back to ${file}.`,
    )
  }
  if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0) {
    throw new CannotStart(`${file} can be read by other users; run "chmod 600 ${file}".`)
  }
  return keysFrom(readFileSync(file, 'utf8').trim().split(/\s+/), file)
}

function keysFrom([current = '', previous, ...more]: readonly string[], source: string): MasterKeys {
  const keys = previous === undefined ? [current] : [current, previous]
  if (more.length > 0 || keys.some((text) => decodeBase64url(text)?.byteLength !== 32))
    throw new CannotStart(`The master key in ${source} is not 32 bytes of base64url.`)
  return { current, previous: previous ?? null }
}

/**
 * Puts the master key of a new instance on the disk, unless there is one or the environment gives it; answers whether
 * it was made.
 */
export function makeMasterKey(config: Config, ambient: Random): boolean {
  const file = filesOf(config).masterKey
  if (config.masterKey !== null || existsSync(file)) return false
  stage(file, linesOf([newMasterKey(ambient)]), PRIVATE)
  return putInPlace(file)
}

export const newMasterKey = ({ random }: Random): string => encodeBase64url(random(32))

/** The file of the data directory; the one before it is kept in it until nothing is sealed under it any more. */
export function keepMasterKeys(config: Config, { current, previous }: MasterKeys): void {
  replaceFile(
    filesOf(config).masterKey,
    linesOf(previous === null ? [current] : [current, previous]),
    PRIVATE,
  )
}

const linesOf = (keys: readonly string[]): string => keys.map((key) => `${key}\n`).join('')

/** The setting by which another master key is noticed before anything is sealed under it. */
export function masterKeyMark(sealing: Sealing): Readonly<Record<string, string>> {
  return { [CHECK]: sealing.seal(CHECK_PURPOSE, utf8('licet')) }
}

export async function checkMasterKey(store: Store, sealing: Sealing): Promise<void> {
  if (await isMarkedBy(store, sealing)) return
  throw new CannotStart(
    'The master key is not the one this database was sealed under; bring the right one back.',
  )
}

/** Also true where there is no mark. */
export async function isMarkedBy(store: Store, sealing: Sealing): Promise<boolean> {
  const sealed = await masterKeyCheck(store)
  return sealed === null || opensCheck(sealing, sealed)
}

/** The mark of a database, or null where there is none. */
export const masterKeyCheck = (store: Store): Promise<string | null> => store.setting(CHECK)

/** Whether a mark, of this or another database, was made under the master key at hand. */
export function opensCheck(sealing: Sealing, check: string): boolean {
  try {
    sealing.open(CHECK_PURPOSE, check)
    return true
  } catch {
    return false
  }
}
