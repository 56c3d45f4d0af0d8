import type { Objects, TextFault } from '../format/objects.ts'
import type { Question } from './options.ts'
import type { Steps } from './steps.ts'
import type { Trust } from './trust.ts'
import type { Verdict } from './verdict.ts'

/**
 * What was met since the program was shipped, with the judgment that weighs it: it takes the place of the judgment of
 * a license text alone. A program that meets nothing carries none of it.
 */
export type Since = (text: unknown, pinned: Trust, question: Question, objectsOf: ObjectsOf) => Steps<Verdict>

/** Reads the objects of a license text; one that remembers what it read may take the place of `objectsIn`. */
export type ObjectsOf = (text: unknown) => Steps<TextFault | Objects>
