import type { Sha256 } from '../format/bytes.ts'
import type { Reader } from '../format/license-text.ts'
import type { Question } from './options.ts'
import type { Steps } from './steps.ts'
import type { Trust } from './trust.ts'
import type { Verdict } from './verdict.ts'

/**
 * What was met since the program was shipped, with the judgment that weighs it: it takes the place of the judgment of
 * a license text alone. A program that meets nothing carries none of it.
 */
export type Since = (
  text: unknown,
  pinned: Trust,
  question: Question,
  reader: Reader,
  sha256: Sha256,
) => Steps<Verdict>
