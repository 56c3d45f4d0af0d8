import { runSync } from '../verify/steps.ts'
import type { Reason } from '../verify/verdict.ts'
import { genuineness, misfit } from '../verify/verify-license.ts'
import type { Authority } from './authority.ts'
import type { Snapshot } from './configuration.ts'
import { shortDigest } from './issue.ts'
import type { CodeIdentity } from './ports.ts'

export interface Genuine {
  readonly type: 'genuine'
  readonly code: CodeIdentity & { readonly kid: string }
  /** Why it is no good on the device it was sent from, or null; it counts once the code is known to be issued. */
  readonly misfit: Reason | null
}

export interface NotGenuine {
  readonly type: 'not_genuine'
  readonly reason: Reason
  /** A readable code of a revoked key on its own device: the server may still know it by its digest. */
  readonly revoked: CodeIdentity | null
}

/**
 * What shipped software would say of a text, as far as it does not depend on the clock: genuineness under
 * our own root, and the device. The device is left to be weighed later, since `not_issued` comes before it
 * (contract 2): whoever holds a stolen key does not escape the alarm by binding what he forges.
 */
export function checkText(
  { crypto }: Authority,
  { keyring }: Snapshot,
  { text, fingerprint }: { readonly text: string; readonly fingerprint: string | null },
): Genuine | NotGenuine {
  const found = runSync(genuineness(text, [], keyring.trust, crypto.sha256), crypto)
  if (!found.ok && found.reason !== 'key_revoked') return refusal(found.reason)
  if (found.code === null) return refusal('malformed')
  const { value: code, digest } = found.code
  const misfits = misfit(code, { product: undefined, fingerprint }, crypto.sha256)
  const identity = { license: code.licenseId, revision: code.revision, digest: shortDigest(digest) }
  if (!found.ok) return refusal(found.reason, misfits === null ? identity : null)
  return { type: 'genuine', code: { ...identity, kid: code.kid }, misfit: misfits }
}

function refusal(reason: Reason, revoked: CodeIdentity | null = null): NotGenuine {
  return { type: 'not_genuine', reason, revoked }
}
