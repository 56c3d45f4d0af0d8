import type { Sha256 } from '../format/bytes.ts'
import { codeOf, type Reader, type SignedCode } from '../format/license-text.ts'
import type { Steps } from './steps.ts'
import type { Trust } from './trust.ts'
import type { Reason } from './verdict.ts'
import { vouched } from './verify-license.ts'

/**
 * Whether a text is the seller's word. `code` beside a refusal is what was read and must not be believed: it is
 * there for one who knows the code from elsewhere, by its digest; null when the text could not be read.
 */
export type Genuineness =
  | { readonly ok: true; readonly code: SignedCode }
  | { readonly ok: false; readonly reason: Reason; readonly code: SignedCode | null }

/** The checks from shape to ranges, in the contract's order (contract 2), of a text with its certificates. */
export function* genuineness(text: string, trust: Trust, sha256: Sha256, reader: Reader): Steps<Genuineness> {
  const read = reader(text, sha256)
  if (typeof read === 'string') return { ok: false, reason: read, code: null }
  const code = codeOf(read[0]!)
  const found = yield* vouched(read[0]!, read[1], [], trust, sha256)
  return typeof found === 'string' ? { ok: false, reason: found, code } : { ok: true, code }
}
