/** Why a statement or a list was not listened to. */
export type ObjectFault =
  | 'malformed'
  | 'unknown_key'
  | 'key_revoked'
  | 'bad_signature'
  | 'outside_issuing_window'
  | 'not_certified'
  | 'wrong_product'
  | 'wrong_license'
  | 'not_yet_valid'

/**
 * What the program should know beside the verdict; none of them is a reason to refuse. The list is closed:
 *
 * - `state_unreadable`: the stored state was none of this verifier's; it counts as empty.
 * - `manifests_refused`: a root manifest that was met is malformed or does not follow from the pinned one.
 * - `manifests_behind`: a statement, a list or the stored state knows a newer root manifest than is at hand. A
 *   statement that does permits nothing. The newest are at `/v1/keys`.
 * - `clock_behind`: the clock is behind the stored floor or the build time, within the tolerance; or a statement
 *   showed the way out of a roll-back, and the clock is behind it.
 * - `statement_not_fresh`: the statement does not echo the nonce.
 * - `statement_wrong_device`: the statement was made for another device and permits nothing on this one.
 * - `list_overdue`: the clock is past the list's next update.
 * - `statement_…`, `list_…` with an `ObjectFault`: the object was not listened to. Dated more than 24 h ahead of the
 *   clock, it is `not_yet_valid`.
 */
export type Warning =
  | 'state_unreadable'
  | 'manifests_refused'
  | 'manifests_behind'
  | 'clock_behind'
  | 'statement_not_fresh'
  | 'statement_wrong_device'
  | 'list_overdue'
  | `statement_${ObjectFault}`
  | `list_${Exclude<ObjectFault, 'wrong_license'>}`
