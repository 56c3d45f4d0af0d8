import type { KeyStatus, KeyStore, KeyUsage, StoredKey } from '../authority/key-store.ts'
import { decodeBase64url } from '../format/base64url.ts'
import { readUtf8 } from '../format/bytes.ts'
import type { NamedTexts } from './named-texts.ts'
import { columns, type Given, type Queries } from './queries.ts'
import type { SigningKeyRow } from './schema.ts'
import type { Administer } from './settings.ts'

const KEY = ['kid', 'usage', 'status', 'public_key', 'sealed', 'certificates', 'created_at'] as const

export function keyStore(queries: Queries, texts: NamedTexts, administer: Administer): KeyStore {
  const all = queries.read((db) =>
    db.selectFrom('signing_keys').select(KEY).orderBy('created_at').orderBy('kid'),
  )
  const manifests = queries.read((db) =>
    db.selectFrom('root_manifests').select('manifest').orderBy('version'),
  )
  const insert = queries.write((db, given: Given<SigningKeyRow>) =>
    db.insertInto('signing_keys').values(columns(given, KEY)),
  )
  const insertManifest = queries.write((db, given: Given<{ version: number; manifest: string }>) =>
    db.insertInto('root_manifests').values(columns(given, ['version', 'manifest'])),
  )
  return {
    keys: async () => (await all.all({})).map(keyOf),
    manifests: async () => (await manifests.all({})).map(({ manifest }) => manifest),
    addKeys: async (added, chain, settings = {}) =>
      administer([
        ...added.map((key) => insert(keyRow(key))),
        ...chain.map((manifest) => insertManifest({ version: versionOf(manifest), manifest })),
        ...Object.entries(settings).map(([name, value]) => texts.set(name, value)),
      ]),
  }
}

function keyRow({ publicKey, certificates, createdAt, ...rest }: StoredKey): SigningKeyRow {
  return {
    ...rest,
    public_key: publicKey,
    certificates: JSON.stringify(certificates),
    created_at: createdAt,
  }
}

function keyOf(row: SigningKeyRow): StoredKey {
  const { kid, public_key: publicKey, sealed, created_at: createdAt } = row
  const certificates: string[] = JSON.parse(row.certificates)
  return {
    kid,
    usage: row.usage as KeyUsage,
    status: row.status as KeyStatus,
    publicKey,
    sealed,
    certificates,
    createdAt,
  }
}

/** Whoever adds a manifest has verified it; here only its number is looked up (contract 1.3). */
function versionOf(manifest: string): number {
  const payload = readUtf8(decodeBase64url(JSON.parse(manifest).payload) ?? new Uint8Array())
  return JSON.parse(payload ?? '').version
}
