import { MANIFESTS_PER_CHAIN } from '../format/limits.ts'
import { type ChainFault, DROPPED, MALFORMED, SKIPPED } from './chain-faults.ts'

/** What is wrong with a chain of root manifests, a sentence for people with no fixed wording. */
export function chainFaultText(fault: ChainFault): string {
  if (fault.length === 1) {
    return fault[0] === MALFORMED
      ? 'a root manifest is malformed'
      : `no manifest, or over ${MANIFESTS_PER_CHAIN}`
  }
  const subject = `version ${fault[1].version}`
  if (fault[0] === DROPPED) return `${subject} drops revoked ${fault[2].kid}`
  return `${subject} ${fault[0] === SKIPPED ? 'does not follow' : 'lacks the threshold of'} ${fault[2].version}`
}
