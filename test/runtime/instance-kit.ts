import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { onTestFinished } from 'vitest'
import { addChannel } from '../../src/authority/admin.ts'
import { accessKeyPurpose, DEVELOPMENT_ROOT } from '../../src/authority/configuration.ts'
import { customerPurpose } from '../../src/authority/customer.ts'
import type { Sealing } from '../../src/authority/host.ts'
import { developmentRootPurpose, signingKeyPurpose } from '../../src/authority/purposes.ts'
import { createSealing } from '../../src/crypto/sealing.ts'
import { ambient } from '../../src/runtime/ambient.ts'
import { type Config, readConfig } from '../../src/runtime/config.ts'
import { init } from '../../src/runtime/init.ts'
import { type Instance, openInstance } from '../../src/runtime/instance.ts'

export const ACCESS_KEY = 'access-key-of-the-tests-0001'

/** An instance that nobody has open, with a channel; its directory goes when the test ends. */
export interface Closed {
  readonly config: Config
  open(): Promise<Instance>
}

export async function closedInstance(environment: Record<string, string> = {}): Promise<Closed> {
  const data = mkdtempSync(join(tmpdir(), 'licet-instance-'))
  onTestFinished(() => rmSync(data, { recursive: true, force: true }))
  const read = readConfig({ LICET_DATA: data, ...environment })
  if (!read.ok) throw new Error(read.faults.join(' '))
  const { config } = read
  await init(config, ambient, null)
  const open = () => openInstance(config, ambient, SILENT)
  const { authority, close } = await open()
  await addChannel(authority, { name: 'huawei', kind: 'huawei', timeZone: 'UTC', accessKey: ACCESS_KEY })
  await close()
  return { config, open }
}

const nothing = () => undefined
export const SILENT = { debug: nothing, info: nothing, warn: nothing, error: nothing }

/** Past the store: as if so many had bought. */
export async function addCustomers({ config, open }: Closed, count: number): Promise<void> {
  const { authority, close } = await open()
  await close()
  const db = new Sqlite(config.database)
  db.pragma('foreign_keys = OFF')
  const insert = db.prepare('INSERT INTO customers (license_id, sealed) VALUES (?, ?)')
  db.transaction(() => {
    for (let n = 0; n < count; n++) {
      const id = randomBytes(8).toString('hex')
      insert.run(id, authority.sealing.seal(customerPurpose(id), Buffer.from(`customer ${n}`)))
    }
  })()
  db.close()
}

export const masterKeyLines = ({ data }: Pick<Config, 'data'>): string[] =>
  readFileSync(join(data, 'master.key'), 'utf8').trim().split('\n')

/** A sealed text, and the id of the license before it, if one stands there as it does in a row. */
const SEALED = /([0-9a-f]{16})?(\.[\w-]{38,})/g

/** How many sealed texts in any byte of any file of the instance a key opens, those too that the database forgot. */
export function openedBy(key: string, { data }: Pick<Config, 'data'>): number {
  const sealing = sealingWith(key)
  const others = otherPurposes(join(data, 'licet.db'))
  const opens = (text: string, license: string | undefined): boolean =>
    [...(license === undefined ? [] : [customerPurpose(license)]), ...others].some((purpose) => {
      try {
        sealing.open(purpose, text)
        return true
      } catch {
        return false
      }
    })
  const found = readdirSync(data).flatMap((name) =>
    [...readFileSync(join(data, name), 'latin1').matchAll(SEALED)].flatMap(([, license, text]) =>
      // What stands behind a text may look like more of it.
      [0, 1, 2, 3].map((more) => text!.slice(0, text!.length - more)).filter((one) => opens(one, license)),
    ),
  )
  // One text may lie in several places: the database moves rows without wiping.
  return new Set(found).size
}

/** What the few texts are sealed as that are no buyer's. */
function otherPurposes(database: string): readonly string[] {
  const db = new Sqlite(database, { readonly: true })
  const all = (sql: string) => db.prepare(sql).pluck().all() as string[]
  const purposes = [
    'master-key-check',
    ...all('SELECT kid FROM signing_keys').map(signingKeyPurpose),
    ...all('SELECT id FROM access_keys').map(accessKeyPurpose),
    ...all(`SELECT value FROM settings WHERE name = '${DEVELOPMENT_ROOT}'`).map(developmentRootPurpose),
  ]
  db.close()
  return purposes
}

const sealingWith = (key: string): Sealing =>
  createSealing(Buffer.from(key, 'base64url'), (length) => randomBytes(length))
