import type { RevocationList } from '../format/revocations.ts'
import { type Kind, LIST, STATEMENT } from '../format/spoken.ts'
import type { Statement } from '../format/statement.ts'
import type { Spoken } from './attestation.ts'
import type { Engine, SyncEngine } from './engine.ts'
import { type Checked, checkObject } from './object-check.ts'
import type { ObjectOptions } from './options.ts'
import { asking, run, runSync } from './steps.ts'
import type { Trust, TrustMemory } from './trust.ts'
import type { TrustInput } from './trust-input.ts'

/** Asks about a statement or a list alone. */
type Ask<Answer> = (text: string, trust: Trust | TrustInput, options: ObjectOptions) => Answer

export interface ObjectVerifier {
  /**
   * A statement alone: contract 1.4. Says whether it is the seller's word and not dated ahead of the clock, and for
   * the product where one is asked for; what it means for a license only `verify` says, and without a license code
   * it is none.
   */
  readonly verifyStatement: Ask<Promise<Checked<Statement>>>
  /**
   * A revocation list alone: contract 1.5. As `verifyStatement`. Without a product only a key that may sign lists of
   * every product counts.
   */
  readonly verifyList: Ask<Promise<Checked<RevocationList>>>
}

export interface SyncObjectVerifier extends ObjectVerifier {
  /** As `verifyStatement`, at once. */
  readonly verifyStatementSync: Ask<Checked<Statement>>
  /** As `verifyList`, at once. */
  readonly verifyListSync: Ask<Checked<RevocationList>>
}

/** The verifier of single objects on an engine: that of `licet/verify`, or of another entry. */
export function createObjectVerifier(engine: Engine): ObjectVerifier {
  const memory: TrustMemory = new Map()
  const ask =
    <T extends Spoken>(kind: Kind<T>): Ask<Promise<Checked<T>>> =>
    (...asked) =>
      run(checkObject(kind, asked, memory), asking(engine))
  return { verifyStatement: ask(STATEMENT), verifyList: ask(LIST) }
}

export function createSyncObjectVerifier(engine: SyncEngine): SyncObjectVerifier {
  const memory: TrustMemory = new Map()
  const ask =
    <T extends Spoken>(kind: Kind<T>): Ask<Checked<T>> =>
    (...asked) =>
      runSync(checkObject(kind, asked, memory), engine)
  return {
    ...createObjectVerifier(engine),
    verifyStatementSync: ask(STATEMENT),
    verifyListSync: ask(LIST),
  }
}
