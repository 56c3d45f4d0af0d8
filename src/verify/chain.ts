import type { Signed } from '../format/jws.ts'
import { MANIFESTS_PER_CHAIN } from '../format/limits.ts'
import type { ReadManifest } from '../format/signed-manifest.ts'
import type { Steps } from './steps.ts'

/**
 * Adds to a chain the manifests that follow from it (contract 1.3, the TUF rule). The first of all is the pinned one
 * and needs its own threshold of its own keys. In the order given, the first fault ends it. What is older than the
 * pinned one and exact repetitions are passed over: `[pinned, ...everything the server publishes]` is a chain.
 * Returns the fault: what is wrong with which version, for people.
 */
export function* walk(chain: ReadManifest[], later: readonly ReadManifest[]): Steps<string | null> {
  for (const next of later) {
    if (isKnown(next, chain)) continue
    const fault = yield* successionFault(chain.at(-1), next)
    if (fault !== null) return `version ${next.version} ${fault}`
    chain.push(next)
  }
  return null
}

/**
 * Adds to a trusted chain those that follow from it among manifests in any order: what does not hold is left out, so
 * that nobody can hide a good manifest behind a bad one. Returns whether something was left out.
 */
export function* walkOn(chain: ReadManifest[], met: readonly (ReadManifest | null)[]): Steps<boolean> {
  const open = met.filter((one) => one !== null)
  for (let found = chain.length > 0; found; ) {
    found = false
    for (const next of open) {
      const isNext = next.version === chain.at(-1)!.version + 1 && chain.length < MANIFESTS_PER_CHAIN
      if (isNext && (yield* walk(chain, [next])) === null) found = true
    }
  }
  return met.some((one) => one === null || !isKnown(one, chain))
}

function isKnown({ version, payload }: ReadManifest, chain: readonly ReadManifest[]): boolean {
  return chain.some((one, i) => one.payload === payload || (i === 0 && version < one.version))
}

function* successionFault(from: ReadManifest | undefined, to: ReadManifest): Steps<string | null> {
  if (from && to.version !== from.version + 1) return `does not follow ${from.version}`
  const dropped = from?.revoked.find((entry) => !to.revoked.some((again) => sameEntry(again, entry)))
  if (dropped) return `does not repeat that ${dropped.kid} is revoked`
  const signers = yield* signersOf(to.signatures, [...(from?.keys ?? []), ...to.keys])
  if (from && !reaches(from, signers)) return `is not signed by the threshold of ${from.version}`
  return reaches(to, signers) ? null : 'is not signed by its own threshold'
}

type Entry = ReadManifest['revoked'][number]

const sameEntry = (a: Entry, b: Entry): boolean => a.x === b.x && a.at === b.at && a.reason === b.reason

/** Which of the keys signed, by their x; a key that signed twice is one signer, signatures of other keys are ignored. */
export function* signersOf(
  signatures: readonly Signed[],
  keys: ReadManifest['keys'],
): Steps<ReadonlySet<string>> {
  const signers = new Set<string>()
  for (const [signer, message, signature] of signatures) {
    for (const { kid, x, publicKey } of keys) {
      if (kid !== signer || signers.has(x)) continue
      if (yield [publicKey, message, signature]) signers.add(x)
    }
  }
  return signers
}

/** A key that the same manifest revokes has no say in it. */
export function reaches({ keys, threshold, revoked }: ReadManifest, signers: ReadonlySet<string>): boolean {
  const counting = keys.filter(({ x }) => signers.has(x) && !revoked.some((gone) => gone.x === x))
  return counting.length >= threshold
}
