import { readKeyCertificate } from '../format/license-text.ts'
import type { Engine, SyncEngine } from './engine.ts'
import { factsOf } from './names.ts'
import { type Question, readOptions, type VerifyOptions } from './options.ts'
import { run, runSync, type Steps } from './steps.ts'
import { isTrust, type OpenedTrust, type Trust } from './trust.ts'
import type { TrustInput } from './trust-input.ts'
import { trustMemory } from './trust-memory.ts'
import { accepted, refused, type Verdict } from './verdict.ts'
import { genuineness, misfit, standingAt } from './verify-license.ts'

export type { Engine, SyncEngine } from './engine.ts'
export type { ProductNames } from './names.ts'
export type { VerifyOptions } from './options.ts'
export type { OpenedTrust, Trust } from './trust.ts'
export type { TrustInput } from './trust-input.ts'
export type { BadStanding, GoodStanding, LicenseFacts, Reason, Verdict } from './verdict.ts'
export { REASONS } from './verdict.ts'

export interface Verifier {
  /**
   * Judges a license text: contract 2. Needs no network, reads no clock, and never rejects for what it is
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
}

export interface SyncVerifier extends Verifier {
  /** As `verify`, at once. */
  verifySync(text: string, trust: Trust | TrustInput, options: VerifyOptions): Verdict
  /** As `openTrust`, at once. */
  openTrustSync(input: TrustInput): OpenedTrust
}

/** The verifier on an engine; the entries `node`, `web` and `fallback` are this with an engine put in. */
export function createVerifier(engine: Engine): Verifier {
  const { judge, open } = stepsOf(engine)
  return {
    verify: (text, trust, options) => run(judge(text, trust, options), engine),
    openTrust: (input) => run(open(input), engine),
  }
}

export function createSyncVerifier(engine: SyncEngine): SyncVerifier {
  const { judge, open } = stepsOf(engine)
  return {
    verify: (text, trust, options) => run(judge(text, trust, options), engine),
    verifySync: (text, trust, options) => runSync(judge(text, trust, options), engine),
    openTrust: (input) => run(open(input), engine),
    openTrustSync: (input) => runSync(open(input), engine),
  }
}

function stepsOf({ sha256 }: Engine) {
  const memory = trustMemory(sha256)

  function* judge(text: unknown, trustInput: unknown, options: unknown): Steps<Verdict> {
    const question = readOptions(options)
    const trust = isTrust(trustInput) ? trustInput : yield* memory.trustIn(trustInput)
    const found = yield* genuineness(text, carriedBy(question), trust, sha256)
    if (!found.ok) return refused(found.reason)
    const code = found.code.value
    const facts = factsOf(code, question.product === code.product ? question.names : null)
    const misfits = misfit(code, question, sha256)
    if (misfits !== null) return refused(misfits, facts)
    const standing = standingAt(code, question.now, question.buildTime)
    return standing === 'active' || standing === 'grace'
      ? accepted(standing, facts)
      : refused(standing, facts)
  }

  function carriedBy({ certificates }: Question) {
    return certificates.flatMap((text) => {
      const read = readKeyCertificate(text, sha256)
      return read.ok ? [read.certificate] : []
    })
  }

  return { judge, open: memory.open }
}
