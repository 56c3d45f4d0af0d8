import type { VerifyOptions } from './options.ts'
import type { OpenedTrust, Trust } from './trust.ts'
import type { TrustInput } from './trust-input.ts'
import type { Verdict } from './verdict.ts'

export interface Verifier {
  /**
   * Judges a license text, and with the option `since` a license file: contract 2. Needs no network, reads no clock,
   * and never rejects for what it is given: text, trust and the values of options of any kind get a verdict. Only an
   * option that does not exist is a mistake of the program, and a TypeError: nothing it gives is passed over. Trust that
   * does not hold trusts no key, so a readable code is of an `unknown_key`; `openTrust` says why.
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
