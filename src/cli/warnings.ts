import type { Speaker, Warning } from '../verify/index.ts'

/** Where the certificates of a seller's keys are. */
const KEYS = 'give the answer of /v1/keys with --manifests'

/** What a person should know beside the verdict; none of them is a reason to refuse. */
export const WARNINGS: Readonly<Record<Warning, string>> = {
  state_unreadable: 'The stored state was not written by this verifier, or was damaged; it counts as empty.',
  manifests_refused:
    'A root manifest is malformed or does not follow from the pinned one; it changes nothing.',
  manifests_behind:
    'A newer root manifest exists than is at hand, so a statement permits nothing; get the newest from /v1/keys.',
  clock_behind: 'The clock is behind a time that is known to have passed, by less than 48 hours.',
  statement_not_fresh: 'The statement does not echo the nonce.',
  statement_wrong_device: 'The statement was made for another device and permits nothing on this one.',
  list_overdue: 'A newer revocation list should be out by now.',
  statement_malformed: unheard('statement', 'it is no statement'),
  statement_unknown_key: unheard('statement', `no certificate of its key is at hand; ${KEYS}`),
  statement_key_revoked: unheard('statement', 'its key is revoked'),
  statement_bad_signature: unheard('statement', 'it was altered or forged'),
  statement_outside_issuing_window: unheard('statement', 'its key was not allowed to sign at that time'),
  statement_not_certified: unheard('statement', 'its key may not sign statements of this product'),
  statement_wrong_product: unheard('statement', 'it is of another product'),
  statement_wrong_license: unheard('statement', 'it is of another license'),
  statement_not_yet_valid: unheard('statement', 'it is dated more than 24 hours ahead of the clock'),
  list_malformed: unheard('revocation list', 'it is no revocation list'),
  list_unknown_key: unheard('revocation list', `no certificate of its key is at hand; ${KEYS}`),
  list_key_revoked: unheard('revocation list', 'its key is revoked'),
  list_bad_signature: unheard('revocation list', 'it was altered or forged'),
  list_outside_issuing_window: unheard('revocation list', 'its key was not allowed to sign at that time'),
  list_not_certified: unheard('revocation list', 'its key may not sign lists of this product'),
  list_wrong_product: unheard('revocation list', 'it is of another product'),
  list_not_yet_valid: unheard('revocation list', 'it is dated more than 24 hours ahead of the clock'),
}

function unheard(object: string, why: string): string {
  return `The ${object} was not listened to: ${why}.`
}

/** Who has the last word on a license, for a person. */
export const SPEAKERS: Readonly<Record<Speaker, string>> = {
  code: 'the license code',
  statement: 'the statement',
  list: 'the revocation list',
}
