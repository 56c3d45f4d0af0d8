import type { Reader } from '../format/license-text.ts'
import type { SyncEngine } from './engine.ts'
import { judge } from './judging.ts'
import type { ObjectsOf } from './since-part.ts'
import { runSync } from './steps.ts'
import { openTrust, type TrustMemory } from './trust.ts'
import type { SyncVerifier } from './verifier.ts'

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

/** The verifier that answers at once, too; with one memory of what it opened. A reader may remember what it read. */
export function createSyncVerifier(engine: SyncEngine, reader?: Reader): SyncVerifier {
  const opened: TrustMemory = new Map()
  const objectsOf = reader && readingWith(reader, engine)
  const verifySync: SyncVerifier['verifySync'] = (text, trust, options) =>
    runSync(judge(text, trust, options, opened, objectsOf), engine)
  const openTrustSync: SyncVerifier['openTrustSync'] = (input) => runSync(openTrust(input, opened), engine)
  return {
    verifySync,
    openTrustSync,
    verify: async (text, trust, options) => verifySync(text, trust, options),
    openTrust: async (input) => openTrustSync(input),
  }
}

/** A reader that asks its host for nothing: it hashes by itself. */
const readingWith = (reader: Reader, { sha256 }: SyncEngine): ObjectsOf =>
  // biome-ignore lint/correctness/useYield: what it stands for does ask.
  function* (text) {
    return reader(text, sha256)
  }
