import { existsSync, readFileSync, statSync } from 'node:fs'
import type { Ambient, Sealing } from '../authority/host.ts'
import type { Store } from '../authority/ports.ts'
import { createSealing } from '../crypto/sealing.ts'
import { decodeBase64url, encodeBase64url } from '../format/base64url.ts'
import { utf8 } from '../format/bytes.ts'
import { CannotStart } from './cannot-start.ts'
import type { Config } from './config.ts'
import { PRIVATE, putInPlace, stage } from './disk.ts'
import { filesOf } from './files.ts'

const CHECK = 'master_key_check'
const CHECK_PURPOSE = 'master-key-check'

/** Sealing under the master key of the environment or of the data directory. */
export function sealingOf(config: Config, ambient: Pick<Ambient, 'random'>): Sealing {
  return createSealing(masterKey(config), (length) => ambient.random(length))
}

function masterKey(config: Config): Uint8Array {
  if (config.masterKey !== null) return keyFrom(config.masterKey, 'LICET_MASTER_KEY')
  const file = filesOf(config).masterKey
  if (!existsSync(file)) {
    throw new CannotStart(
      `The master key is missing: set LICET_MASTER_KEY, or put the backed-up file back to ${file}.`,
    )
  }
  if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0) {
    throw new CannotStart(`${file} can be read by other users; run "chmod 600 ${file}".`)
  }
  return keyFrom(readFileSync(file, 'utf8').trim(), file)
}

function keyFrom(text: string, source: string): Uint8Array {
  const key = decodeBase64url(text)
  if (key?.byteLength !== 32)
    throw new CannotStart(`The master key in ${source} is not 32 bytes of base64url.`)
  return key
}

/** Puts the master key of a new instance on the disk, unless there is one or the environment gives it. */
export function makeMasterKey(config: Config, ambient: Pick<Ambient, 'random'>): void {
  const file = filesOf(config).masterKey
  if (config.masterKey !== null || existsSync(file)) return
  stage(file, `${encodeBase64url(ambient.random(32))}\n`, PRIVATE)
  putInPlace(file)
}

/** The setting by which another master key is noticed before anything is sealed under it. */
export function masterKeyMark(sealing: Sealing): Readonly<Record<string, string>> {
  return { [CHECK]: sealing.seal(CHECK_PURPOSE, utf8('licet')) }
}

export async function checkMasterKey(store: Store, sealing: Sealing): Promise<void> {
  const sealed = await store.setting(CHECK)
  if (sealed === null) return
  try {
    sealing.open(CHECK_PURPOSE, sealed)
  } catch {
    throw new CannotStart(
      'The master key is not the one this database was sealed under; bring the right one back.',
    )
  }
}
