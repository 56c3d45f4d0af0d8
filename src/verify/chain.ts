import { decodeBase64url } from '../format/base64url.ts'
import type { Signed } from '../format/jws.ts'
import type { ReadManifest, RevokedEntry } from '../format/signed-manifest.ts'
import { type ChainFault, DROPPED, MALFORMED, SKIPPED, UNREACHED } from './chain-faults.ts'
import type { Steps } from './steps.ts'

/**
 * Adds to a chain a manifest that follows from it (contract 1.3, the TUF rule). The first of all is the pinned one,
 * follows from itself and needs its own threshold of its own keys. What is older than the pinned one and exact
 * repetitions are passed over: `[pinned, ...everything the server publishes]` is a chain. Returns the fault.
 */
export function* follow(chain: ReadManifest[], next: ReadManifest | null): Steps<ChainFault | null> {
  if (!next) return [MALFORMED]
  if (isKnown(next, chain)) return null
  const from = chain.at(-1) ?? next
  if (from !== next && next.version !== from.version + 1) return [SKIPPED, next, from]
  const repeated = next.revoked.map(entryOf)
  const dropped = from.revoked.find((entry) => !repeated.includes(entryOf(entry)))
  if (dropped) return [DROPPED, next, dropped]
  const signers = yield* signersOf(next.signatures, [...from.keys, ...next.keys])
  const short = [from, next].find((manifest) => !reaches(manifest, signers))
  if (short) return [UNREACHED, next, short]
  chain.push(next)
  return null
}

/** Told by its text: neither an x nor a time has a comma. */
const entryOf = ({ x, at, reason }: RevokedEntry): string => `${[x, at, reason]}`

export const isKnown = ({ version, payload }: ReadManifest, chain: readonly ReadManifest[]): boolean =>
  chain.some((one, i) => one.payload === payload || (!i && version < one.version))

/** Which of the keys signed, by their x; a key that signed twice is one signer, signatures of other keys are ignored. */
export function* signersOf(
  signatures: readonly Signed[],
  keys: ReadManifest['keys'],
): Steps<readonly string[]> {
  const signers: string[] = []
  for (const [signer, message, signature] of signatures)
    for (const { kid, x } of keys)
      if (kid === signer && !signers.includes(x) && (yield [decodeBase64url(x)!, message, signature]))
        signers.push(x)
  return signers
}

/** A key that the same manifest revokes has no say in it. */
export const reaches = ({ keys, threshold, revoked }: ReadManifest, signers: readonly string[]): boolean =>
  keys.filter(({ x }) => signers.includes(x) && !revoked.some((gone) => gone.x === x)).length >= threshold
