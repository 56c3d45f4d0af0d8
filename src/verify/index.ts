import type { Sha256 } from '../format/bytes.ts'
import { type Reader, readObjects } from '../format/license-text.ts'
import { type Kind, LIST, STATEMENT } from '../format/spoken.ts'
import type { Spoken } from './attestation.ts'
import type { Engine, SyncEngine } from './engine.ts'
import { judge } from './judging.ts'
import { checkObject } from './object-check.ts'
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
  const ask = questions(engine.sha256, reader)
  return {
    verify: (text, trust, options) => run(ask.license(text, trust, options), engine),
    openTrust: (input) => run(ask.trust(input), engine),
    verifyStatement: (text, trust, options) => run(ask.object(STATEMENT, text, trust, options), engine),
    verifyList: (text, trust, options) => run(ask.object(LIST, text, trust, options), engine),
  }
}

export function createSyncVerifier(engine: SyncEngine, reader: Reader = readObjects): SyncVerifier {
  const ask = questions(engine.sha256, reader)
  const verifySync: SyncVerifier['verifySync'] = (text, trust, options) =>
    runSync(ask.license(text, trust, options), engine)
  const openTrustSync: SyncVerifier['openTrustSync'] = (input) => runSync(ask.trust(input), engine)
  const verifyStatementSync: SyncVerifier['verifyStatementSync'] = (text, trust, options) =>
    runSync(ask.object(STATEMENT, text, trust, options), engine)
  const verifyListSync: SyncVerifier['verifyListSync'] = (text, trust, options) =>
    runSync(ask.object(LIST, text, trust, options), engine)
  return {
    verifySync,
    openTrustSync,
    verifyStatementSync,
    verifyListSync,
    verify: async (text, trust, options) => verifySync(text, trust, options),
    openTrust: async (input) => openTrustSync(input),
    verifyStatement: async (text, trust, options) => verifyStatementSync(text, trust, options),
    verifyList: async (text, trust, options) => verifyListSync(text, trust, options),
  }
}

/** What a verifier is asked, with one memory of what it opened. */
function questions(sha256: Sha256, reader: Reader) {
  const memory: TrustMemory = new Map()
  return {
    license: (text: unknown, trust: unknown, options: unknown) =>
      judge(text, trust, options, memory, reader, sha256),
    trust: (input: unknown) => openTrust(input, memory, sha256),
    object: <T extends Spoken>(kind: Kind<T>, text: unknown, trust: unknown, options: unknown) =>
      checkObject(kind, text, trust, options, memory, sha256),
  }
}
