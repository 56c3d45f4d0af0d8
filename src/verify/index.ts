import { type Reader, readObjects } from '../format/license-text.ts'
import type { Engine, SyncEngine } from './engine.ts'
import { judge } from './judging.ts'
import { run, runSync } from './steps.ts'
import { openTrust, type TrustMemory } from './trust.ts'
import type { SyncVerifier, Verifier } from './verifier.ts'

export type { Engine, SyncEngine } from './engine.ts'
export type { ProductNames } from './names.ts'
export type { ObjectOptions, VerifyOptions } from './options.ts'
export type { Since } from './since-part.ts'
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
  const opened: TrustMemory = new Map()
  return {
    verify: (text, trust, options) => run(judge(text, trust, options, opened, reader, sha256), engine),
    openTrust: (input) => run(openTrust(input, opened, sha256), engine),
  }
}

/** The verifier that answers at once, too; with one memory of what it opened. */
export function createSyncVerifier(engine: SyncEngine, reader: Reader = readObjects): SyncVerifier {
  const { sha256 } = engine
  const opened: TrustMemory = new Map()
  const verifySync: SyncVerifier['verifySync'] = (text, trust, options) =>
    runSync(judge(text, trust, options, opened, reader, sha256), engine)
  const openTrustSync: SyncVerifier['openTrustSync'] = (input) =>
    runSync(openTrust(input, opened, sha256), engine)
  return {
    verifySync,
    openTrustSync,
    verify: async (text, trust, options) => verifySync(text, trust, options),
    openTrust: async (input) => openTrustSync(input),
  }
}
