import { isText } from '../format/bytes.ts'
import { objectsIn } from '../format/objects.ts'
import type { Guarded } from '../format/spelling.ts'
import { isRolledBack } from './clock.ts'
import { examined } from './examining.ts'
import { type Question, readOptions } from './options.ts'
import type { ObjectsOf } from './since-part.ts'
import { standingAt } from './standing.ts'
import type { Steps } from './steps.ts'
import { type TrustMemory, trustIn } from './trust.ts'
import { type LicenseFacts, type Verdict, verdictOf } from './verdict.ts'

/**
 * Judges a license text (contract 2); with what was met since, a license file, too. Throws for options that do not
 * exist, and for nothing else.
 */
export function* judge(
  text: unknown,
  input: unknown,
  options: unknown,
  opened: TrustMemory,
  objectsOf: ObjectsOf = objectsIn,
): Steps<Verdict> {
  const question = readOptions(options)
  const [, , , , , carried, since, foreign] = question
  if (foreign) throw TypeError(`no option ${foreign}: see licet/verify/since`)
  const [trust] = yield* trustIn(input, opened)
  if (since) return yield* since(text, trust, question, objectsOf)
  const found = yield* examined(yield* objectsOf(text), yield* certificatesIn(carried), trust, question)
  return 0 in found ? judgedInTime(found[0], question) : found
}

/** The last checks of a genuine code about which nothing was met since. */
export const judgedInTime = (facts: LicenseFacts, [now, , , , buildTime]: Question): Verdict =>
  isRolledBack(now, buildTime) ? verdictOf('clock_rolled_back', facts) : standingAt(facts, now)

/** The certificates of every text that holds nothing else. */
export function* certificatesIn(texts: readonly unknown[]): Steps<readonly Guarded[]> {
  const certificates: Guarded[] = []
  for (const text of texts) {
    const read = yield* objectsIn(text, 0)
    if (!isText(read)) certificates.push(...read[1])
  }
  return certificates
}
