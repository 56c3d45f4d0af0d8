import type { Signed } from '../format/jws.ts'
import type { ReadManifest } from '../format/signed-manifest.ts'
import type { Steps } from './steps.ts'

/**
 * Adds to a chain the manifests that follow from it (contract 1.3, the TUF rule). The first of all is the pinned one
 * and needs its own threshold of its own keys. In the order given, the first fault ends it. What is older than the
 * pinned one and exact repetitions are passed over: `[pinned, ...everything the server publishes]` is a chain.
 * Returns the fault: what is wrong with which version, for people.
 */
export function* walk(chain: ReadManifest[], later: readonly (ReadManifest | null)[]): Steps<string | null> {
  for (const next of later) {
    if (!next) return 'a root manifest is malformed'
    if (isKnown(next, chain)) continue
    const fault = yield* successionFault(chain.at(-1) ?? null, next)
    if (fault) return `version ${next.version} ${fault}`
    chain.push(next)
  }
  return null
}

export const isKnown = ({ version, payload }: ReadManifest, chain: readonly ReadManifest[]): boolean =>
  chain.some((one, i) => one.payload === payload || (!i && version < one.version))

/** The pinned one follows from itself. */
function* successionFault(before: ReadManifest | null, next: ReadManifest): Steps<string | null> {
  const from = before ?? next
  if (before && next.version !== from.version + 1) return `does not follow ${from.version}`
  const dropped = from.revoked.find((entry) => !next.revoked.some((again) => isSame(again, entry)))
  if (dropped) return `drops revoked ${dropped.kid}`
  const signers = yield* signersOf(next.signatures, [...from.keys, ...next.keys])
  const short = [from, next].find((manifest) => !reaches(manifest, signers))
  return short ? `lacks the threshold of ${short.version}` : null
}

type Entry = ReadManifest['revoked'][number]

const isSame = (a: Entry, b: Entry): boolean => a.x === b.x && a.at === b.at && a.reason === b.reason

/** Which of the keys signed, by their x; a key that signed twice is one signer, signatures of other keys are ignored. */
export function* signersOf(
  signatures: readonly Signed[],
  keys: ReadManifest['keys'],
): Steps<ReadonlySet<string>> {
  const signers = new Set<string>()
  for (const [signer, message, signature] of signatures)
    for (const { kid, x, publicKey } of keys)
      if (kid === signer && !signers.has(x) && (yield [publicKey, message, signature])) signers.add(x)
  return signers
}

/** A key that the same manifest revokes has no say in it. */
export const reaches = ({ keys, threshold, revoked }: ReadManifest, signers: ReadonlySet<string>): boolean =>
  keys.filter(({ x }) => signers.has(x) && !revoked.some((gone) => gone.x === x)).length >= threshold
