import { existsSync, readFileSync, statSync } from 'node:fs'
import type { Ambient, Sealing } from '../authority/host.ts'
import type { Store } from '../authority/ports.ts'
import { createSealing } from '../crypto/sealing.ts'
import { decodeBase64url, encodeBase64url } from '../format/base64url.ts'
import { utf8 } from '../format/bytes.ts'
import { CannotStart } from './cannot-start.ts'
import type { Config } from './config.ts'
import { PRIVATE, putInPlace, replaceFile, stage } from './disk.ts'
import { filesOf } from './files.ts'

const CHECK = 'master_key_check'
const CHECK_PURPOSE = 'master-key-check'

/** The master key as its source spells it, and the one before it while `keys reseal` is under way. */
export interface MasterKeys {
  readonly current: string
  readonly previous: string | null
}

type Random = Pick<Ambient, 'random'>

/**
 * Sealing under the master key of the environment or of the data directory. While the key is being changed, what the
 * one before it sealed opens too.
 */
export function sealingOf(config: Config, ambient: Random): Sealing {
  const { current, previous } = masterKeys(config)
  const now = sealingUnder(current, ambient)
  return previous === null ? now : openingToo(now, sealingUnder(previous, ambient))
}

export function sealingUnder(key: string, ambient: Random): Sealing {
  return createSealing(decodeBase64url(key) ?? new Uint8Array(), (length) => ambient.random(length))
}

function openingToo(now: Sealing, before: Sealing): Sealing {
  return {
    seal: now.seal,
    open(purpose, sealed) {
      try {
        return now.open(purpose, sealed)
      } catch {
        return before.open(purpose, sealed)
      }
    },
  }
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

/** Puts the master key of a new instance on the disk, unless there is one or the environment gives it. */
export function makeMasterKey(config: Config, ambient: Random): void {
  const file = filesOf(config).masterKey
  if (config.masterKey !== null || existsSync(file)) return
  stage(file, linesOf([newMasterKey(ambient)]), PRIVATE)
  putInPlace(file)
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
  const sealed = await store.setting(CHECK)
  if (sealed === null) return true
  try {
    sealing.open(CHECK_PURPOSE, sealed)
    return true
  } catch {
    return false
  }
}
