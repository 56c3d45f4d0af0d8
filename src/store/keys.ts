import type { KeyStore } from '../authority/key-store.ts'
import { decodeBase64url } from '../format/base64url.ts'
import { readUtf8 } from '../format/bytes.ts'
import type { Step } from './engine.ts'
import { keyEvents } from './key-events.ts'
import { KEY_COLUMNS, keyOf, keyRow } from './key-rows.ts'
import type { NamedTexts } from './named-texts.ts'
import { columns, type Given, type Queries, type Write } from './queries.ts'
import type { SigningKeyRow } from './schema.ts'
import type { Administer } from './settings.ts'

/** `erase` commits so that nothing is left of a private part that was destroyed. */
export function keyStore(queries: Queries, texts: NamedTexts, erase: Administer): KeyStore {
  const all = queries.read((db) =>
    db.selectFrom('signing_keys').select(KEY_COLUMNS).orderBy('created_at').orderBy('kid'),
  )
  const manifests = queries.read((db) =>
    db.selectFrom('root_manifests').select('manifest').orderBy('version'),
  )
  const insert = queries.write((db, given: Given<SigningKeyRow>) =>
    db.insertInto('signing_keys').values(columns(given, KEY_COLUMNS)),
  )
  const replace = replacing(queries)
  const insertManifest = queries.write((db, given: Given<{ version: number; manifest: string }>) =>
    db.insertInto('root_manifests').values(columns(given, ['version', 'manifest'])),
  )
  const setting = ([name, value]: readonly [string, string | null]): Step =>
    value === null ? texts.remove(name) : texts.set(name, value)
  const { record, history } = keyEvents(queries)
  return {
    keys: async () => (await all.all({})).map(keyOf),
    manifests: async () => (await manifests.all({})).map(({ manifest }) => manifest),
    changeKeys: async (change) =>
      erase([
        ...(change.absent ?? []).map(texts.absent),
        ...leavingFirst(change.replace ?? []).map(({ before, after }) =>
          replace({ ...keyRow(after), ...named(keyRow(before)) }, 'one'),
        ),
        ...(change.add ?? []).map((key) => insert(keyRow(key))),
        ...(change.manifests ?? []).map((manifest) =>
          insertManifest({ version: versionOf(manifest), manifest }),
        ),
        ...Object.entries(change.settings ?? {}).map(setting),
        ...change.events.map((event) => record(event, change)),
      ]),
    keyHistory: history,
  }
}

type Before = { [K in keyof SigningKeyRow as `before_${K}`]: SigningKeyRow[K] }

/** Changes every column of the row that has every column of `before`; no row when another hand was quicker. */
function replacing(queries: Queries): Write<SigningKeyRow & Before> {
  return queries.write((db, given: Given<SigningKeyRow & Before>) => {
    const update = db.updateTable('signing_keys').set(columns(given, KEY_COLUMNS))
    return KEY_COLUMNS.reduce(
      (query, name) => query.where(name, 'is not distinct from', given(`before_${name}`)),
      update,
    )
  })
}

const named = (row: SigningKeyRow): Before =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [`before_${name}`, value]),
  ) as unknown as Before

/** The index of active keys is judged row by row: who steps down makes room for who steps up. */
function leavingFirst<T extends { readonly after: { readonly status: string } }>(all: readonly T[]): T[] {
  const isUp = ({ after }: T): boolean => after.status === 'active'
  return [...all.filter((one) => !isUp(one)), ...all.filter(isUp)]
}

/** Whoever adds a manifest has verified it; here only its number is looked up (contract 1.3). */
function versionOf(manifest: string): number {
  const payload = readUtf8(decodeBase64url(JSON.parse(manifest).payload) ?? new Uint8Array())
  return JSON.parse(payload ?? '').version
}
