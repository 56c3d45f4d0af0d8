import type { Seconds } from '../../domain/time.ts'
import type { TextFault } from '../../format/license-text.ts'
import type { CertificateFault } from '../ceremony/count.ts'
import type { KeyUsage } from '../key-store.ts'

/** Why a step in the life of a signing key is not taken; nothing was changed. */
export type KeyRefusal =
  | { readonly reason: 'key_unknown'; readonly kid: string }
  /** A key with this kid is there already: a signing key or a root key. */
  | { readonly reason: 'kid_in_use'; readonly kid: string }
  /** Empty, over five years, or beyond what a certificate can write. */
  | { readonly reason: 'bad_window'; readonly from: Seconds; readonly to: Seconds }
  | { readonly reason: 'key_revoked'; readonly kid: string }
  /** Retired, and its private part destroyed. */
  | { readonly reason: 'key_retired'; readonly kid: string }
  /** The private part of a spare lies off the server. */
  | { readonly reason: 'spare_away'; readonly kid: string }
  /** No certificate that counts. */
  | { readonly reason: 'not_certified'; readonly kid: string }
  | { readonly reason: 'no_request'; readonly kid: string }
  | { readonly reason: 'window_not_open'; readonly kid: string; readonly from: Seconds }
  | { readonly reason: 'window_closed'; readonly kid: string; readonly to: Seconds }
  /** Inside the publication period. */
  | { readonly reason: 'too_young'; readonly kid: string; readonly until: Seconds }
  /** Forcing is allowed with a reason for the history alone. */
  | { readonly reason: 'reason_missing' }
  /** Shipped software would refuse what the key signs. */
  | { readonly reason: 'canary_refused'; readonly kid: string; readonly why: string }
  /** The only active key of its usage. */
  | { readonly reason: 'last_key'; readonly kid: string; readonly usage: KeyUsage }
  | { readonly reason: 'no_root' }
  /** The newest manifest does not name this root, or revokes it. */
  | { readonly reason: 'root_not_in_manifest'; readonly root: string; readonly version: number }
  | {
      readonly reason: 'below_threshold'
      readonly kid: string
      readonly have: number
      readonly need: number
    }
  | { readonly reason: 'bad_certificate'; readonly kid: string; readonly why: CertificateFault }
  /** Check symbols that disagree, or no certificate at all. */
  | { readonly reason: 'unreadable_certificate'; readonly why: TextFault }
  | { readonly reason: 'certificate_of_unknown_key'; readonly kid: string }
  | { readonly reason: 'certificate_for_other_usage'; readonly kid: string; readonly usage: KeyUsage }
  | { readonly reason: 'too_many_certificates'; readonly kid: string; readonly most: number }
  | { readonly reason: 'chain_broken'; readonly why: string }
  /** Several different texts of one version, with which the chain does not hold. */
  | { readonly reason: 'signed_apart'; readonly version: number }
  /** With these manifests the active key of a usage could sign no more. */
  | { readonly reason: 'would_stop_signing'; readonly kid: string; readonly usage: KeyUsage }
  /** Another officer was first, and the keys are not what this step was decided on. */
  | { readonly reason: 'moved' }
