import type { KeyFileRefusal, OpenedKeyFile } from '../authority/ceremony/root-key.ts'
import { equalBytes } from '../format/bytes.ts'
import { keyId } from '../format/jws.ts'
import { manifestOf, type RootKey, type RootManifest } from '../format/root-manifest.ts'
import { readSealedKey } from '../format/sealed-key.ts'
import { readText } from './files.ts'
import { manifestTexts, trustIn } from './manifests.ts'
import { keyFileSentence, openKeyFile, passphraseFilesFor } from './secrets.ts'
import { type Shell, Unreadable } from './shell.ts'
import { type HashedFile, hashed } from './transcript.ts'

/** What a ceremony reads. Everything throws `Unreadable` with a sentence that names the file. */

export interface Chain {
  readonly texts: readonly string[]
  /** Pinned first. */
  readonly manifests: readonly RootManifest[]
  readonly newest: RootManifest
  readonly files: readonly HashedFile[]
}

/** The chain in the files, one after the other: each may hold one manifest or several. */
export async function readChain(shell: Shell, paths: readonly string[]): Promise<Chain> {
  const contents = await Promise.all(paths.map((path) => readText(shell, path)))
  const texts = contents.flatMap((text, i) => manifestTexts(paths[i]!, text))
  const manifests = trustIn(shell, paths.join(', '), texts).manifests.map(manifestOf)
  const newest = manifests.at(-1)
  if (newest === undefined) throw new Unreadable(`There is no root manifest in ${paths.join(', ')}.`)
  return { texts, manifests, newest, files: contents.map((text, i) => hashed(shell, paths[i]!, text)) }
}

/** A sealed root key that was not opened yet. */
export interface RootKeyFile extends RootKey {
  readonly path: string
  readonly passphraseFile: string | null
}

/** The sealed root keys in the files. Two files of one key are refused: its signature counts once. */
export async function readRootKeys(
  shell: Shell,
  paths: readonly string[],
  passphraseFiles: readonly string[],
): Promise<readonly RootKeyFile[]> {
  const secrets = passphraseFilesFor(paths.length, passphraseFiles)
  const keys: RootKeyFile[] = []
  for (const [i, path] of paths.entries()) {
    const key = await readRootKey(shell, path)
    const twin = keys.find(({ publicKey }) => equalBytes(publicKey, key.publicKey))
    if (twin !== undefined)
      throw new Unreadable(
        `${twin.path} and ${path} hold the same root key ${key.kid}, which counts once; give one.`,
      )
    keys.push({ ...key, path, passphraseFile: secrets[i]! })
  }
  return keys
}

/** The public half of a sealed root key. */
export async function readRootKey(shell: Shell, path: string): Promise<RootKey> {
  const { sha256 } = shell.crypto
  const read = readSealedKey(await readText(shell, path), sha256)
  if (!read.ok) throw unusable(path, { reason: 'unreadable', line: read.line, why: read.why })
  const { publicKey, purpose } = read.key
  const kid = keyId(publicKey, sha256)
  if (purpose !== 'root') throw unusable(path, { reason: 'wrong_purpose', kid, purpose })
  return { kid, publicKey }
}

const unusable = (path: string, refusal: KeyFileRefusal) => new Unreadable(keyFileSentence(path, refusal))

/** Opens them one after the other, as their owners step up. */
export async function openRootKeys(
  shell: Shell,
  keys: readonly RootKeyFile[],
): Promise<readonly OpenedKeyFile[]> {
  const opened: OpenedKeyFile[] = []
  for (const { path, passphraseFile } of keys) {
    opened.push(await openKeyFile(shell, path, 'root', passphraseFile))
  }
  return opened
}

/** The key has a say under the manifest: it is one of its keys, and the manifest does not revoke it. */
export function hasSay({ keys, revoked }: RootManifest, { publicKey }: RootKey): boolean {
  const isIt = (key: RootKey) => equalBytes(key.publicKey, publicKey)
  return keys.some(isIt) && !revoked.some(isIt)
}
