import { type Reader, readObjects } from '../format/license-text.ts'
import type { Engine, SyncEngine } from './engine.ts'
import { judge } from './judging.ts'
import { checkList, checkStatement } from './object-check.ts'
import { run, runSync } from './steps.ts'
import { openTrust, type TrustMemory } from './trust.ts'
import type { SyncVerifier, Verifier } from './verifier.ts'

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
export type { SyncVerifier, Verifier } from './verifier.ts'
export type { Speaker } from './voices.ts'
export type { ObjectFault, Warning } from './warnings.ts'

/** The verifier on an engine; the entries `node`, `web` and `fallback` are this with an engine put in. */
export function createVerifier(engine: Engine, reader: Reader = readObjects): Verifier {
  const { sha256 } = engine
  const memory: TrustMemory = new Map()
  return {
    verify: (text, trust, options) => run(judge(text, trust, options, memory, reader, sha256), engine),
    openTrust: (input) => run(openTrust(input, memory, sha256), engine),
    verifyStatement: (text, trust, options) =>
      run(checkStatement(text, trust, options, memory, sha256), engine),
    verifyList: (text, trust, options) => run(checkList(text, trust, options, memory, sha256), engine),
  }
}

export function createSyncVerifier(engine: SyncEngine, reader: Reader = readObjects): SyncVerifier {
  const { sha256 } = engine
  const memory: TrustMemory = new Map()
  return {
    ...createVerifier(engine, reader),
    verifySync: (text, trust, options) =>
      runSync(judge(text, trust, options, memory, reader, sha256), engine),
    openTrustSync: (input) => runSync(openTrust(input, memory, sha256), engine),
    verifyStatementSync: (text, trust, options) =>
      runSync(checkStatement(text, trust, options, memory, sha256), engine),
    verifyListSync: (text, trust, options) =>
      runSync(checkList(text, trust, options, memory, sha256), engine),
  }
}
