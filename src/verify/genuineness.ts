import { codeOf, type SignedCode } from '../format/license-text.ts'
import type { Objects, TextFault } from '../format/objects.ts'
import { examined } from './examining.ts'
import { readOptions } from './options.ts'
import type { Steps } from './steps.ts'
import type { Trust } from './trust.ts'
import type { Reason } from './verdict.ts'

/**
 * Whether a text is the seller's word. `code` beside a refusal is what was read and must not be believed: it is
 * there for one who knows the code from elsewhere, by its digest; null when the text could not be read.
 */
export type Genuineness =
  | { readonly ok: true; readonly code: SignedCode }
  | { readonly ok: false; readonly reason: Reason; readonly code: SignedCode | null }

const NOTHING_ASKED = readOptions({})

/**
 * The checks from shape to ranges, in the contract's order (contract 2), of what was read. The device comes last, and
 * no fingerprint is asked about: a code that is refused for it alone is genuine.
 */
export function* genuineness(read: TextFault | Objects, trust: Trust): Steps<Genuineness> {
  if (typeof read === 'string') return { ok: false, reason: read, code: null }
  const code = codeOf(read[0]!)
  const found = yield* examined(read, [], trust, NOTHING_ASKED)
  const reason = 'valid' in found ? found.reason : null
  return reason && reason !== 'wrong_device' ? { ok: false, reason, code } : { ok: true, code }
}
