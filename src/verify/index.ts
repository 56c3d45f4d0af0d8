import type { LicenseCode } from '../format/license-code.ts'
import { looksLikeLicenseFile, readLicenseFile } from '../format/license-file.ts'
import type { RevocationList } from '../format/revocations.ts'
import type { Statement } from '../format/statement.ts'
import { certificatesIn, combined } from './combined.ts'
import type { Engine, SyncEngine } from './engine.ts'
import { factsOf } from './names.ts'
import { type Checked, checkList, checkStatement } from './object-check.ts'
import { type ObjectOptions, type Question, readOptions, type VerifyOptions } from './options.ts'
import { run, runSync, type Steps } from './steps.ts'
import { isTrust, type OpenedTrust, type Trust } from './trust.ts'
import type { TrustInput } from './trust-input.ts'
import { trustMemory } from './trust-memory.ts'
import { accepted, refused, type Verdict } from './verdict.ts'
import { genuineness, misfit, standingAt } from './verify-license.ts'

export type { RevocationEntry, RevocationList } from '../format/revocations.ts'
export type { Statement } from '../format/statement.ts'
export type { Engine, SyncEngine } from './engine.ts'
export type { ProductNames } from './names.ts'
export type { Checked } from './object-check.ts'
export type { ObjectOptions, VerifyOptions } from './options.ts'
export type { OpenedTrust, Trust } from './trust.ts'
export type { TrustInput } from './trust-input.ts'
export type { BadStanding, GoodStanding, LicenseFacts, Reason, Verdict } from './verdict.ts'
export { REASONS } from './verdict.ts'
export type { Speaker } from './voices.ts'
export type { ObjectFault, Warning } from './warnings.ts'

export interface Verifier {
  /**
   * Judges a license text, or a license file with what it holds: contract 2. Needs no network, reads no clock, and never rejects for what it is
   * given: text, trust and options of any kind get a verdict. Trust that does not hold trusts no key, so a
   * readable code is of an `unknown_key`; `openTrust` says why.
   */
  verify(text: string, trust: Trust | TrustInput, options: VerifyOptions): Promise<Verdict>
  /**
   * Verifies the root manifests once, so that the reason is at hand when they do not hold. The first given is
   * the one that is pinned and believed; the others have to follow from it (contract 1.3). A newer manifest
   * from elsewhere belongs in the list only once `openTrust` of the longer list was `ok`.
   */
  openTrust(input: TrustInput): Promise<OpenedTrust>
  /**
   * A statement alone: contract 1.4. Says whether it is the seller's word and not dated ahead of the clock, and for
   * the product where one is asked for; what it means for a license only `verify` says, and without a license code
   * it is none.
   */
  verifyStatement(
    text: string,
    trust: Trust | TrustInput,
    options: ObjectOptions,
  ): Promise<Checked<Statement>>
  /**
   * A revocation list alone: contract 1.5. As `verifyStatement`. Without a product only a key that may sign lists of
   * every product counts.
   */
  verifyList(
    text: string,
    trust: Trust | TrustInput,
    options: ObjectOptions,
  ): Promise<Checked<RevocationList>>
}

export interface SyncVerifier extends Verifier {
  /** As `verify`, at once. */
  verifySync(text: string, trust: Trust | TrustInput, options: VerifyOptions): Verdict
  /** As `openTrust`, at once. */
  openTrustSync(input: TrustInput): OpenedTrust
  /** As `verifyStatement`, at once. */
  verifyStatementSync(text: string, trust: Trust | TrustInput, options: ObjectOptions): Checked<Statement>
  /** As `verifyList`, at once. */
  verifyListSync(text: string, trust: Trust | TrustInput, options: ObjectOptions): Checked<RevocationList>
}

/** The verifier on an engine; the entries `node`, `web` and `fallback` are this with an engine put in. */
export function createVerifier(engine: Engine): Verifier {
  const { judge, open, statement, list } = stepsOf(engine)
  return {
    verify: (text, trust, options) => run(judge(text, trust, options), engine),
    openTrust: (input) => run(open(input), engine),
    verifyStatement: (text, trust, options) => run(statement(text, trust, options), engine),
    verifyList: (text, trust, options) => run(list(text, trust, options), engine),
  }
}

export function createSyncVerifier(engine: SyncEngine): SyncVerifier {
  const { judge, open, statement, list } = stepsOf(engine)
  return {
    ...createVerifier(engine),
    verifySync: (text, trust, options) => runSync(judge(text, trust, options), engine),
    openTrustSync: (input) => runSync(open(input), engine),
    verifyStatementSync: (text, trust, options) => runSync(statement(text, trust, options), engine),
    verifyListSync: (text, trust, options) => runSync(list(text, trust, options), engine),
  }
}

function stepsOf({ sha256 }: Engine) {
  const memory = trustMemory(sha256)

  function* judge(text: unknown, trustInput: unknown, options: unknown): Steps<Verdict> {
    const question = readOptions(options)
    const trust = isTrust(trustInput) ? trustInput : yield* memory.trustIn(trustInput)
    if (question.since !== null) return yield* combine(text, question, trust)
    const found = yield* genuineness(text, certificatesIn(question.certificates, sha256), trust, sha256)
    if (found.ok) return plainly(found.code.value, question)
    return found.code === null && isFile(text) ? yield* combine(text, question, trust) : refused(found.reason)
  }

  /** The code alone: nothing is known but the clock and when the program was built. */
  function plainly(code: LicenseCode, question: Question): Verdict {
    const facts = factsOf(code, question.product === code.product ? question.names : null)
    const misfits = misfit(code, question, sha256)
    if (misfits !== null) return refused(misfits, facts)
    const standing = standingAt(code, question.now, question.buildTime)
    return standing === 'active' || standing === 'grace'
      ? accepted(standing, facts)
      : refused(standing, facts)
  }

  function* combine(text: unknown, question: Question, trust: Trust): Steps<Verdict> {
    if (!isFile(text)) return yield* combined({ ...NO_FILE, license: text }, question, trust, memory, sha256)
    const read = readLicenseFile(text, sha256)
    if (read.ok) return yield* combined(read.file, question, trust, memory, sha256)
    const { line, why } = read
    const state = question.since?.state
    const reason = why === 'repeated' || why === 'too_many' ? 'malformed' : why
    return { ...refused(reason), line, ...(typeof state === 'string' && { state }) }
  }

  function* statement(text: unknown, trustInput: unknown, options: unknown): Steps<Checked<Statement>> {
    return yield* checkStatement(text, yield* memory.trustIn(trustInput), readOptions(options), sha256)
  }

  function* list(text: unknown, trustInput: unknown, options: unknown): Steps<Checked<RevocationList>> {
    return yield* checkList(text, yield* memory.trustIn(trustInput), readOptions(options), sha256)
  }

  return { judge, open: memory.open, statement, list }
}

/** A license text beside which there is no file. */
const NO_FILE = { certificates: [], manifests: [], statement: null, list: null } as const

const isFile = (text: unknown): text is string => typeof text === 'string' && looksLikeLicenseFile(text)
