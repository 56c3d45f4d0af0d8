import type { ReadManifest, RevokedEntry } from '../format/signed-manifest.ts'

/**
 * What is wrong with a chain of root manifests, as numbers in a file that imports types alone: a bundler writes them
 * in place, and a program that only verifies carries no sentence for them.
 */
export const MALFORMED = 0
export const NONE_OR_TOO_MANY = 1
export const SKIPPED = 2
export const DROPPED = 3
export const UNREACHED = 4

/** What is wrong, with which manifest, and what it should follow, drops or does not reach. */
export type ChainFault =
  | readonly [what: typeof MALFORMED | typeof NONE_OR_TOO_MANY]
  | readonly [what: typeof SKIPPED | typeof UNREACHED, manifest: ReadManifest, other: ReadManifest]
  | readonly [what: typeof DROPPED, manifest: ReadManifest, entry: RevokedEntry]
