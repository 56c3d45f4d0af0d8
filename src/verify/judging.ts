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
import { type Question, readOptions } from './options.ts'
import { standingAt } from './ruling.ts'
import type { Steps } from './steps.ts'
import { extended, isTrust, newestIn, type Trust, type TrustMemory, trustIn } from './trust.ts'
import { type Verdict, verdictOf } from './verdict.ts'
import { endorsedCode, misfit } from './verify-license.ts'
import type { Warning } from './warnings.ts'
import { weigh } from './weighing.ts'

/** What stands beside a license text that is no file. */
const NO_LINES: Lines = [[], [], [], [], []]

/**
 * Judges a license text, or a license file, with everything met since the program was shipped (contract 1.4, 1.5 and
 * 2). Of a license text alone nothing is stored. The manifests come first, since they decide which keys count; then the
 * code; then what a statement, a list and the stored state add to it. What the options give stands before what the file
 * holds.
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
  const since = question[6]
  const pinned = isTrust(input) ? input : yield* trustIn(input, opened, sha256)
  let lines: Lines | BrokenLine = NO_LINES
  let read = typeof text === 'string' ? reader(text, sha256) : 'malformed'
  if (typeof read === 'string' && typeof text === 'string' && looksLikeLicenseFile(text)) {
    lines = readLines(text, sha256)
    if (lines.length === 2) return broken(lines, since[4])
    const [[license]] = lines
    read = license === undefined ? 'malformed' : reader(license, sha256)
  }
  const certificates = certificatesIn([...question[5], ...lines[1]], sha256)
  if (!since[5] && lines === NO_LINES)
    return yield* judged(read, certificates, pinned, question, null, sha256)

  const [manifests, statement, list, nonce, state = ''] = since
  const warnings = new Set<Warning>()
  const warn = (warning: Warning) => warnings.add(warning)
  const stored = readMemory(state, sha256)
  if (stored === null) warn('state_unreadable')
  const [root, revoked] = stored ?? EMPTY
  const [trust, isRefused] = yield* extended(pinned, [manifests, lines[2]], revoked, sha256)
  if (isRefused) warn('manifests_refused')
  if (root > newestIn(trust)) warn('manifests_behind')
  const met: Met = {
    memory: standing(stored ?? EMPTY, trust),
    given: [statement ?? lines[3][0], list ?? lines[4][0], nonce],
    warn,
  }
  const verdict = yield* judged(read, certificates, trust, question, met, sha256)
  const told = warnings.size > 0 && { warnings: [...warnings] }
  return { ...verdict, state: writeMemory(met.memory, sha256), ...told }
}

/** The state stays as it was. */
function broken([line, why]: BrokenLine, state: unknown): Verdict {
  const verdict = verdictOf(why === 'repeated' || why === 'too_many' ? 'malformed' : why)
  return { ...verdict, line, ...(typeof state === 'string' && { state }) }
}

/** What was met since the program was shipped. */
interface Met {
  /** What is known; a genuine code for this program and device adds to it. */
  memory: Memory
  readonly given: Given
  readonly warn: Case[5]
}

/** Where nothing met since was given, nothing is learned either. */
function* judged(
  read: TextFault | Objects,
  carried: readonly SignedCertificate[],
  trust: Trust,
  [now, product, names, fingerprint, buildTime]: Question,
  met: Met | null,
  sha256: Sha256,
): Steps<Verdict> {
  if (typeof read === 'string') return verdictOf(read)
  const [code, own] = read as readonly [SignedCode, Objects[1]]
  const { value } = code
  const found = yield* endorsedCode(code, carried.length > 0 ? [...own, ...carried] : own, trust, sha256)
  if (typeof found === 'string') return verdictOf(found)
  if (!rangesHold(value)) return verdictOf('bad_range')
  const facts = factsOf(value, product === value.product ? names : null)
  const misfits = misfit(value, product, fingerprint, sha256)
  if (misfits !== null) return verdictOf(misfits, facts)
  if (met === null) return standingAt(value, facts, clockAt(now, buildTime))
  const about: Case = [value, carried, trust, met.memory, names?.[0], met.warn, sha256]
  const heard = yield* hear(about, now, buildTime, met.given)
  const [verdict, voice, decider] = weigh(about, found.x, facts, fingerprint, heard)
  met.memory = learned(about, voice, decider, heard)
  return { ...verdict, decidedBy: decider[0] }
}

/** The certificates of every text that holds nothing else. */
export function certificatesIn(texts: readonly unknown[], sha256: Sha256): readonly SignedCertificate[] {
  return texts.flatMap((text) => {
    const read = typeof text === 'string' ? readCertificates(text, sha256) : ''
    return typeof read === 'string' ? [] : read
  })
}
