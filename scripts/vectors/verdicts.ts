import { QUORUM, ROOT, SIGNER, STRANGER } from './base.ts'
import { published, type VectorKey } from './keys.ts'
import { manifest } from './objects.ts'
import { entry, payload, revocation } from './root-manifest.ts'
import { type Case, type Chain, NEIGHBOUR } from './verdict-case.ts'
import { acceptances } from './verdicts-good.ts'
import { unacceptable } from './verdicts-unacceptable.ts'
import { unauthentic } from './verdicts-unauthentic.ts'

function link(
  version: number,
  threshold: number,
  keys: readonly VectorKey[],
  revoked: readonly object[] = [],
  signers: readonly VectorKey[] = keys,
): object {
  return manifest(payload({ version, threshold, keys: keys.map(entry), revoked }), signers)
}

const CHAINS: Readonly<Record<Chain, readonly object[]>> = {
  one_root: [link(1, 1, [ROOT])],
  two_of_three: [link(1, 2, QUORUM)],
  rotated: [link(1, 1, [ROOT]), link(2, 2, QUORUM, [], [ROOT, ...QUORUM])],
  version_skipped: [link(1, 1, [ROOT]), link(3, 2, QUORUM, [], [ROOT, ...QUORUM])],
  signer_revoked: [link(1, 1, [ROOT]), link(2, 1, [ROOT], [revocation(SIGNER)])],
  root_revoked: [link(1, 1, [ROOT]), link(2, 2, QUORUM, [revocation(ROOT)], [ROOT, ...QUORUM])],
  one_of_three_revoked: [link(1, 2, QUORUM), link(2, 2, QUORUM.slice(1), [revocation(QUORUM[0])], QUORUM)],
}

function written({ chain, ...rest }: Case): object {
  return chain === undefined ? rest : { ...rest, manifests: CHAINS[chain] }
}

export const verdicts = {
  about:
    'Offline verdicts (contract 2). Each case: a license text, the chain of root manifests that the program has (its own, else the one at the top), the clock, and what the program knows: product id, device fingerprint, build time. expect: the whole answer of validity.',
  keys: published(ROOT, ...QUORUM, SIGNER, NEIGHBOUR, STRANGER),
  manifests: CHAINS.one_root,
  cases: [...acceptances, ...unauthentic, ...unacceptable].map(written),
}
