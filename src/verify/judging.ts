import type { Sha256 } from '../format/bytes.ts'
import { rangesHold } from '../format/license-code.ts'
import { type BrokenLine, type Lines, looksLikeLicenseFile, readLines } from '../format/license-file.ts'
import {
  type Objects,
  type Reader,
  readCertificates,
  type SignedCertificate,
  type SignedCode,
  type TextFault,
} from '../format/license-text.ts'
import { clockAt } from './clock.ts'
import { standing } from './floors.ts'
import { type Case, type Given, hear } from './hearing.ts'
import { learned } from './learning.ts'
import { EMPTY, type Memory, readMemory, writeMemory } from './memory.ts'
import { factsOf } from './names.ts'
import { type Question, readOptions, type Since } from './options.ts'
import type { Steps } from './steps.ts'
import { extended, isTrust, newestIn, type Trust, type TrustMemory, trustIn } from './trust.ts'
import { type Verdict, verdictOf } from './verdict.ts'
import { endorsedCode, misfit } from './verify-license.ts'
import type { Speaker } from './voices.ts'
import type { Warning } from './warnings.ts'
import { weigh } from './weighing.ts'

const NOTHING_SINCE: Since = [[], undefined, undefined, undefined, undefined]

/** What stands beside a license text that is no file. */
const NO_LINES: Lines = [[], [], [], [], []]

/**
 * Judges a license text, or a license file, with everything met since the program was shipped (contract 1.4, 1.5 and
 * 2). Of a license text alone nothing is stored.
 */
export function* judge(
  text: unknown,
  input: unknown,
  options: unknown,
  opened: TrustMemory,
  reader: Reader,
  sha256: Sha256,
): Steps<Verdict> {
  const question = readOptions(options)
  const trust = isTrust(input) ? input : yield* trustIn(input, opened, sha256)
  const since = question[6]
  const read = typeof text === 'string' ? reader(text, sha256) : 'malformed'
  if (typeof read === 'string' && typeof text === 'string' && looksLikeLicenseFile(text)) {
    const lines = readLines(text, sha256)
    if (lines.length === 2) return broken(lines, since?.[4])
    const [[license]] = lines
    const objects = license === undefined ? 'malformed' : reader(license, sha256)
    return yield* combined(objects, lines, question, since ?? NOTHING_SINCE, trust, sha256)
  }
  if (since !== null) return yield* combined(read, NO_LINES, question, since, trust, sha256)
  const certificates = certificatesIn(question[5], sha256)
  return (yield* judged(read, certificates, trust, EMPTY, question, null, () => {}, sha256))[0]
}

/** The state stays as it was. */
function broken([line, why]: BrokenLine, state: unknown): Verdict {
  const verdict = verdictOf(why === 'repeated' || why === 'too_many' ? 'malformed' : why)
  return { ...verdict, line, ...(typeof state === 'string' && { state }) }
}

/**
 * The manifests first, since they decide which keys count; then the code; then what a statement, a list and the stored
 * state add to it. What the options give stands before what the file holds.
 */
function* combined(
  read: TextFault | Objects,
  [, beside, files, [statement], [list]]: Lines,
  question: Question,
  since: Since,
  pinned: Trust,
  sha256: Sha256,
): Steps<Verdict> {
  const [manifests, givenStatement, givenList, nonce, state] = since
  const warnings = new Set<Warning>()
  const warn = (warning: Warning) => warnings.add(warning)
  const stored = recall(state, warn, sha256)
  const [trust, isRefused] = yield* extended(pinned, [manifests, files], stored[1], sha256)
  if (isRefused) warn('manifests_refused')
  const memory = standing(stored, trust)
  if (memory[0] > newestIn(trust)) warn('manifests_behind')
  const given = [givenStatement ?? statement, givenList ?? list, nonce] as const
  const certificates = certificatesIn([...question[5], ...beside], sha256)
  const [verdict, known, decidedBy] = yield* judged(
    read,
    certificates,
    trust,
    memory,
    question,
    given,
    warn,
    sha256,
  )
  return {
    ...verdict,
    ...(decidedBy && { decidedBy }),
    state: writeMemory(known, sha256),
    ...(warnings.size > 0 && { warnings: [...warnings] }),
  }
}

/** The verdict, what is known from now on, and who decided, when the code is genuine and for this program and device. */
type Judged = readonly [verdict: Verdict, known: Memory, decidedBy?: Speaker]

/** `given` is null where nothing met since was given: then nothing is learned either. */
function* judged(
  read: TextFault | Objects,
  carried: readonly SignedCertificate[],
  trust: Trust,
  memory: Memory,
  question: Question,
  given: Given | null,
  warn: Case[5],
  sha256: Sha256,
): Steps<Judged> {
  if (typeof read === 'string') return [verdictOf(read), memory]
  const code = read[0] as SignedCode
  const own = read[1]
  const found = yield* endorsedCode(code, carried.length > 0 ? [...own, ...carried] : own, trust, sha256)
  if (typeof found === 'string') return [verdictOf(found), memory]
  if (!rangesHold(code.value)) return [verdictOf('bad_range'), memory]
  const [now, product, names, fingerprint, buildTime] = question
  const facts = factsOf(code.value, product === code.value.product ? names : null)
  const misfits = misfit(code.value, product, fingerprint, sha256)
  if (misfits !== null) return [verdictOf(misfits, facts), memory]

  const about: Case = [code.value, carried, trust, memory, names?.[0], warn, sha256]
  if (given === null) {
    const clock = clockAt(now, buildTime)
    return [weigh(about, found.x, facts, fingerprint, [null, null, clock, clock])[0], memory]
  }
  const heard = yield* hear(about, now, buildTime, given)
  const [verdict, voice, decider] = weigh(about, found.x, facts, fingerprint, heard)
  return [verdict, learned(about, voice, decider, heard), decider[0]]
}

/** The stored state; the empty text and none at all are an empty memory, what is not readable is too, and is told. */
function recall(state: unknown, warn: Case[5], sha256: Sha256): Memory {
  if (state === undefined || state === '') return EMPTY
  const memory = readMemory(state, sha256)
  if (memory === null) warn('state_unreadable')
  return memory ?? EMPTY
}

/** The certificates of every text that holds nothing else. */
export function certificatesIn(texts: readonly unknown[], sha256: Sha256): readonly SignedCertificate[] {
  return texts.flatMap((text) => {
    const read = typeof text === 'string' ? readCertificates(text, sha256) : ''
    return typeof read === 'string' ? [] : read
  })
}
