import { type Json, readJson } from '../format/json.ts'
import { SIGNED_JSON_DEPTH } from '../format/limits.ts'
import { asMembers, member } from '../format/members.ts'
import { createSyncVerifier, type SyncVerifier, type Trust } from '../verify/index.ts'
import { placeOf, readText } from './files.ts'
import { type Shell, Unreadable } from './shell.ts'

export interface Manifests {
  /** One manifest each, the pinned one first. */
  readonly texts: readonly string[]
  readonly trust: Trust
}

/** An array of manifests inside an object, and the two levels of one manifest, with room for foreign members. */
const DEPTH = SIGNED_JSON_DEPTH + 2

/**
 * Root manifests from a file: one, a list of them, or an answer of `GET /v1/keys`. Throws `Unreadable` when it is no
 * JSON or the chain does not hold.
 */
export async function readManifests(shell: Shell, path: string): Promise<Manifests> {
  const texts = manifestTexts(path, await readText(shell, path))
  return { texts, trust: trustIn(shell, path, texts) }
}

/** The manifests in the text of a file, as `readManifests` finds them, before anything of them is believed. */
export function manifestTexts(path: string, text: string): readonly string[] {
  const read = readJson(text, { maxDepth: DEPTH, duplicates: 'refuse' })
  if (!read.ok) throw new Unreadable(`${path} is no JSON: ${read.why} (${placeOf(text, read.at)}).`)
  return manifestsIn(read.value).map((part) => (typeof part === 'string' ? part : JSON.stringify(part)))
}

/** The trust of a chain of manifests; throws `Unreadable`, naming their `source`, when it does not hold. */
export function trustIn(shell: Shell, source: string, texts: readonly string[]): Trust {
  const opened = verifierOf(shell).openTrustSync(texts)
  if (!opened.ok) throw new Unreadable(`The root manifests of ${source} do not hold: ${opened.why}.`)
  return opened.trust
}

export const verifierOf = ({ crypto }: Shell): SyncVerifier => createSyncVerifier(crypto)

function manifestsIn(value: Json): readonly unknown[] {
  const members = asMembers(value)
  const roots = members === null ? value : member(members, 'roots')
  return Array.isArray(roots) ? roots : [value]
}
