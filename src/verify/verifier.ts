import type { RevocationList } from '../format/revocations.ts'
import type { Statement } from '../format/statement.ts'
import type { Checked } from './object-check.ts'
import type { ObjectOptions, VerifyOptions } from './options.ts'
import type { OpenedTrust, Trust } from './trust.ts'
import type { TrustInput } from './trust-input.ts'
import type { Verdict } from './verdict.ts'

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
