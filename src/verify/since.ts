import { type BrokenLine, type Lines, linesIn, looksLikeLicenseFile } from '../format/license-file.ts'
import type { Objects, TextFault } from '../format/objects.ts'
import { examined } from './examining.ts'
import { extended } from './extension.ts'
import { standing } from './floors.ts'
import { type Case, type Circumstances, type Given, hear } from './hearing.ts'
import { certificatesIn, judgedInTime } from './judging.ts'
import { learned } from './learning.ts'
import { EMPTY, type Memory, readMemory, writeMemory } from './memory.ts'
import { type MetOptions, readMet } from './met-options.ts'
import type { Question } from './options.ts'
import type { ObjectsOf, Since } from './since-part.ts'
import type { Steps } from './steps.ts'
import { newestIn } from './trust.ts'
import { type Verdict, verdictOf } from './verdict.ts'
import type { Warning } from './warnings.ts'
import { weigh } from './weighing.ts'

export type { RevocationEntry, RevocationList } from '../format/revocations.ts'
export type { Statement } from '../format/statement.ts'
export type { MetOptions } from './met-options.ts'
export type { Checked } from './object-check.ts'
export {
  createObjectVerifier,
  createSyncObjectVerifier,
  type ObjectVerifier,
  type SyncObjectVerifier,
} from './object-verifier.ts'
export type { Since } from './since-part.ts'
export type { Speaker } from './voices.ts'
export type { ObjectFault, Warning } from './warnings.ts'

/** What stands beside a license text that is no file. */
const NO_LINES: Lines = [[], [], [], [], []]

/**
 * What a program has met since it was shipped, for the option `since` of `verify`: a license text, or a license file
 * (`.lic`), is then judged by the newest of code, statement, list and stored state (contract 1.4, 1.5 and 2). What is
 * given here stands before what a file holds; certificates vouch for all of them, wherever they stand. Of a license
 * text with nothing met, nothing is stored. Throws for a member that does not exist, and for nothing else.
 */
export function metSince(met: MetOptions = {}): Since {
  const [manifests, statement, list, nonce, state, isGiven] = readMet(met)
  return function* judgeSince(text, pinned, question, objectsOf) {
    const [read, lines] = yield* readText(text, objectsOf)
    if (lines.length === 2) return broken(lines, state)
    const carried = yield* certificatesIn([...question[5], ...lines[1]])
    if (!isGiven && lines === NO_LINES) {
      const found = yield* examined(read, carried, pinned, question)
      return 'valid' in found ? found : judgedInTime(found[0], question)
    }

    // The manifests come first, since they decide which keys count.
    const warnings = new Set<Warning>()
    const warn = (warning: Warning) => warnings.add(warning)
    const stored = yield* readMemory(state === undefined ? '' : state)
    if (stored === null) warn('state_unreadable')
    const [root, revoked] = stored ?? EMPTY
    const [trust, isRefused] = yield* extended(pinned, [...manifests, ...lines[2]], revoked)
    if (isRefused) warn('manifests_refused')
    if (root > newestIn(trust)) warn('manifests_behind')
    const given: Given = [statement ?? lines[3][0], list ?? lines[4][0], nonce]
    const memory = standing(stored ?? EMPTY, trust)
    const circumstances: Circumstances = [carried, trust, memory, question[2][0], warn]
    const [verdict, newMemory] = yield* weighed(read, circumstances, question, given)
    const told = warnings.size > 0 && { warnings: [...warnings] }
    return { ...verdict, state: yield* writeMemory(newMemory), ...told }
  }
}

/** A license text, or the license of a file with its other lines, or with the first that is broken. */
function* readText(
  text: unknown,
  objectsOf: ObjectsOf,
): Steps<readonly [read: TextFault | Objects, lines: Lines | BrokenLine]> {
  const read = yield* objectsOf(text)
  const isFile = typeof read === 'string' && typeof text === 'string' && looksLikeLicenseFile(text)
  if (!isFile) return [read, NO_LINES]
  const lines = yield* linesIn(text)
  const license = lines.length === 2 ? [] : lines[0]
  return [license?.[0] === undefined ? 'malformed' : yield* objectsOf(license[0]), lines]
}

/** The state stays as it was. */
function broken([line, why]: BrokenLine, state: unknown): Verdict {
  const verdict = verdictOf(why === 'repeated' || why === 'too_many' ? 'malformed' : why)
  return { ...verdict, line, ...(typeof state === 'string' && { state }) }
}

/** The verdict, and what is known after it: a genuine code for this program and device adds to it. */
function* weighed(
  read: TextFault | Objects,
  circumstances: Circumstances,
  question: Question,
  given: Given,
): Steps<readonly [Verdict, Memory]> {
  const [carried, ...others] = circumstances
  const [trust, memory] = others
  const [now, , , fingerprint, buildTime] = question
  const found = yield* examined(read, carried, trust, question)
  if ('valid' in found) return [found, memory]
  const [code, key, product] = found
  // What the text brings vouches for statement and list, too: no certificate counts but through the root.
  const about: Case = [code, product, [...(read as Objects)[1], ...carried], ...others]
  const heard = yield* hear(about, now, buildTime, given)
  const [verdict, voice, decider] = yield* weigh(about, key, fingerprint, heard)
  return [{ ...verdict, decidedBy: decider[0] }, yield* learned(about, voice, decider, heard)]
}
