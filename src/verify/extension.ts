import { MANIFESTS_PER_CHAIN } from '../format/limits.ts'
import { type ReadManifest, readSigned } from '../format/signed-manifest.ts'
import { follow, isKnown } from './chain.ts'
import type { Steps } from './steps.ts'
import { prepare, type Trust } from './trust.ts'

/** The trust with what was met, and whether something of that is malformed or does not follow. */
type Extension = readonly [trust: Trust, refused: boolean]

/** Of each trust its last extension, under what it was made of: most programs meet the same every time. */
const extensions = new WeakMap<Trust, readonly [key: string, Extension]>()

/**
 * The trust walked on over manifests met since, with keys that are known to be revoked from elsewhere; without anything
 * new the trust is its own.
 */
export function* extended(
  trust: Trust,
  texts: readonly string[],
  alsoRevoked: readonly string[],
): Steps<Extension> {
  const missing = alsoRevoked.filter((x) => !trust.revoked.has(x))
  if (texts.length + missing.length === 0) return [trust, false]
  const key = JSON.stringify([texts, missing])
  const known = extensions.get(trust)
  if (known?.[0] === key) return known[1]
  const manifests = [...trust.manifests]
  const read: (ReadManifest | null)[] = []
  for (const text of texts) read.push(yield* readSigned(text))
  const refused = yield* walkOn(manifests, read)
  const isNew = manifests.length > trust.manifests.length || missing.length > 0
  const extension: Extension = [isNew ? prepare(manifests, missing) : trust, refused]
  extensions.set(trust, [key, extension])
  return extension
}

/**
 * Adds to a trusted chain those that follow from it among manifests in any order: what does not hold is left out, so
 * that nobody can hide a good manifest behind a bad one. Returns whether something was left out.
 */
function* walkOn(chain: ReadManifest[], met: readonly (ReadManifest | null)[]): Steps<boolean> {
  const open = met.filter((one) => one !== null)
  for (let found = chain.length > 0; found; ) {
    found = false
    for (const next of open) {
      const isNext = next.version === chain.at(-1)!.version + 1 && chain.length < MANIFESTS_PER_CHAIN
      if (isNext && (yield* follow(chain, next)) === null) found = true
    }
  }
  return met.some((one) => one === null || !isKnown(one, chain))
}
