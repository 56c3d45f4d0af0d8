import type { ManifestChange } from '../authority/ceremony/manifest.ts'
import type { Seconds } from '../domain/time.ts'
import { equalBytes } from '../format/bytes.ts'
import { isKeyId } from '../format/jws.ts'
import { readRevocationRequest } from '../format/revocation-request.ts'
import { manifestOf, type RevokedKey, type RootKey } from '../format/root-manifest.ts'
import { readText } from './files.ts'
import { manifestTexts, trustIn } from './manifests.ts'
import { type Chain, readRootKey } from './root-files.ts'
import { type Shell, Unreadable } from './shell.ts'

/** How the next root manifest is to differ, as the command line says it. */
export interface ChangeGiven {
  readonly add?: readonly string[]
  readonly drop?: readonly string[]
  readonly threshold?: number
  readonly revoke?: readonly string[]
  readonly compromisedAt?: Seconds
  readonly reason?: string
}

/** What the options ask for. Throws `Unreadable` for a file or a kid that cannot be used. */
export async function changeOf(shell: Shell, chain: Chain, given: ChangeGiven): Promise<ManifestChange> {
  const { newest } = chain
  const now = shell.now()
  const added: RootKey[] = []
  for (const path of given.add ?? []) added.push(...(await keysIn(shell, path)))
  const dropped = given.drop ?? []
  const unknown = dropped.find((kid) => !newest.keys.some((key) => key.kid === kid))
  if (unknown !== undefined)
    throw new Unreadable(`--drop ${unknown}: root manifest version ${newest.version} has no such key.`)
  const kept = newest.keys.filter(({ kid }) => !dropped.includes(kid))
  const isThere = (key: RootKey) => kept.some(({ publicKey }) => equalBytes(publicKey, key.publicKey))
  const revoke: RevokedKey[] = []
  for (const what of given.revoke ?? []) revoke.push(await revokedKey(shell, chain, what, given, now))
  return {
    keys: [...kept, ...added.filter((key) => !isThere(key))],
    ...(given.threshold !== undefined && { threshold: given.threshold }),
    revoke,
    now,
  }
}

/** One sealed root key, or the keys of the newest manifest in the file. */
async function keysIn(shell: Shell, path: string): Promise<readonly RootKey[]> {
  const text = await readText(shell, path)
  if (!/^\s*[[{]/.test(text)) return [await readRootKey(shell, path)]
  return manifestOf(trustIn(shell, path, manifestTexts(path, text)).manifests.at(-1)!).keys
}

async function revokedKey(
  shell: Shell,
  { manifests }: Chain,
  what: string,
  { reason, compromisedAt }: ChangeGiven,
  now: Seconds,
): Promise<RevokedKey> {
  if (!isKeyId(what)) return requestedIn(shell, what)
  const key = manifests.flatMap(({ keys }) => keys).find(({ kid }) => kid === what)
  if (key === undefined)
    throw new Unreadable(
      `--revoke ${what}: the chain has no such root key. For a signing key, give the file that "licet keys revoke --request-file FILE" wrote.`,
    )
  if (reason === undefined) throw new Unreadable(`--revoke ${what}: say why, with --reason TEXT.`)
  return { ...key, at: compromisedAt ?? now, reason }
}

async function requestedIn(shell: Shell, path: string): Promise<RevokedKey> {
  const request = readRevocationRequest(await readText(shell, path), shell.crypto.sha256)
  if (request !== null) return request
  throw new Unreadable(
    `${path} is no revocation request, or was edited; "licet keys revoke --request-file FILE" writes one.`,
  )
}
