import { isText } from './bytes.ts'
import { VERSION } from './layout.ts'
import { LICENSE_TEXT_BYTES } from './limits.ts'
import { foldPaste } from './paste.ts'
import { type Guarded, guarded, splitObjects } from './spelling.ts'
import type { Steps } from './steps.ts'

/** Why a text is not read, in the order of the checks: each is judged on all objects before the next. */
export type TextFault = 'malformed' | 'mistyped' | 'unsupported_version'

/** What stands in a text: its license code, undefined where none is asked for, and its certificates in their order. */
export type Objects = readonly [code: Guarded | undefined, certificates: readonly Guarded[]]

/**
 * Reads what a customer pasted: one license code, or none where none is asked for, and up to 16 key certificates, one object at
 * least, in any order (contract 1.2). Tolerates what `paste.ts` lists and nothing else. Verifies no signature.
 */
export function* objectsIn(text: unknown, most: 0 | 1 = 1): Steps<TextFault | Objects> {
  const letters = isText(text) && foldPaste(text, LICENSE_TEXT_BYTES)
  const objects = letters ? splitObjects(letters, most) : []
  if (!objects[0]) return 'malformed'
  const read: Guarded[] = []
  for (const object of objects) {
    const one = yield* guarded(object)
    if (!one) return 'mistyped'
    read.push(one)
  }
  // A flag that is unknown makes another layout: a code may have two, a certificate none.
  return read.some(([[version, flags]], i) => version !== VERSION || flags! > (i < most ? 3 : 0))
    ? 'unsupported_version'
    : [read[most - 1], read.slice(most)]
}
