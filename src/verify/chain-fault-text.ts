import { MANIFESTS_PER_CHAIN } from '../format/limits.ts'
import { type ChainFault, DROPPED, MALFORMED, NONE_OR_TOO_MANY, SKIPPED } from './chain-faults.ts'

/** What is wrong with a chain of root manifests, a sentence for people with no fixed wording. */
export function chainFaultText([what, version, detail]: ChainFault): string {
  if (what === MALFORMED) return 'a root manifest is malformed'
  if (what === NONE_OR_TOO_MANY) return `no manifest, or over ${MANIFESTS_PER_CHAIN}`
  if (what === SKIPPED) return `version ${version} does not follow ${detail}`
  return `version ${version} ${what === DROPPED ? 'drops revoked' : 'lacks the threshold of'} ${detail}`
}
