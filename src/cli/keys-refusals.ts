import type { CertificateFault } from '../authority/ceremony/count.ts'
import { PUBLICATION } from '../authority/keys/promote.ts'
import type { KeyRefusal } from '../authority/keys/refusal.ts'
import { rfc3339 } from '../authority/view.ts'
import { type Outcome, refused } from './output.ts'

/** Why a step in the life of keys is not taken: what is so, and what to do next. `before` tells what was done up to then. */
export function keyRefusalOutcome(no: KeyRefusal, before: readonly string[] = []): Outcome {
  return refused(
    1,
    no.reason,
    ...before,
    `${keySentence(no)} ${before.length > 0 ? 'Nothing more' : 'Nothing'} was changed.`,
  )
}

/** The sentence alone, for what is no refusal but stands in the way all the same. */
export function keySentence(no: KeyRefusal): string {
  const { reason } = no
  switch (reason) {
    case 'key_unknown':
      return `There is no signing key ${no.kid}; "licet keys list" shows those there are.`
    case 'kid_in_use':
      return `There is another key with the kid ${no.kid} already; make a new key with "licet keys add".`
    case 'bad_window':
      return `No root certifies a window from ${rfc3339(no.from)} to ${rfc3339(no.to)}: it must begin before it ends, span five years at most, and end before 2106.`
    case 'key_revoked':
      return `Key ${no.kid} is revoked, and that is for ever; use another.`
    case 'key_retired':
      return `Key ${no.kid} is retired and its private part destroyed, which is for ever; use another.`
    case 'spare_away':
      return `The private part of spare ${no.kid} lies off the server; bring it home with "licet keys import --private FILE".`
    case 'not_certified':
      return `Key ${no.kid} has no certificate that counts; write its request with "licet keys request ${no.kid}", have the root sign it, and take the certificate in with "licet keys import".`
    case 'no_request':
      return `Key ${no.kid} was made without a certification request; make another with "licet keys add".`
    case 'window_not_open':
      return `The issuing window of key ${no.kid} opens at ${rfc3339(no.from)}; promote it then.`
    case 'window_closed':
      return `The issuing window of key ${no.kid} closed at ${rfc3339(no.to)}; make another with "licet keys add".`
    case 'too_young':
      return `Key ${no.kid} is to be public for ${PUBLICATION / 3_600} hours before it signs, until ${rfc3339(no.until)}. Wait, or say --force --reason TEXT.`
    case 'reason_missing':
      return 'Forcing needs --reason TEXT, which is kept in the history.'
    case 'canary_refused':
      return `Shipped software would refuse what key ${no.kid} signs (${no.why}); it was tried with something to be thrown away. Look at its certificate with "licet keys list --json".`
    case 'last_key':
      return `Key ${no.kid} is the only one that signs ${no.usage}. Promote another first, or say --force --reason TEXT to sign no more.`
    case 'no_root':
      return 'No root is at hand: give --root-key FILE for each root key that signs, or write the request with "licet keys request" and take it to the root.'
    case 'root_not_in_manifest':
      return `Root key ${no.root} has no say under root manifest version ${no.version}; use a key that it names.`
    case 'below_threshold':
      return `Key ${no.kid} has certificates of ${no.have} root keys, and ${no.need} must sign the same one; bring the others too.`
    case 'bad_certificate':
      return `A certificate of key ${no.kid} does not count: ${CERTIFICATE_FAULTS[no.why]}.`
    case 'unreadable_certificate':
      return `A certificate cannot be read (${no.why}); bring the file again from the ceremony.`
    case 'certificate_of_unknown_key':
      return `A certificate speaks of key ${no.kid}, which was not made here; bring the one that answers a request of this server.`
    case 'certificate_for_other_usage':
      return `A certificate of key ${no.kid} is not for ${no.usage} alone; have the root sign the request as it is.`
    case 'too_many_certificates':
      return `Key ${no.kid} would have more than ${no.most} certificates, which no license text can carry; make another key with "licet keys add".`
    case 'chain_broken':
      return `The root manifests do not follow from those that are here: ${no.why}. Give every version after the newest one here, of the same root.`
    case 'signed_apart':
      return `There are different texts of root manifest version ${no.version}, and with them the chain does not hold. Where people signed one draft apart, join their signatures with "licet root sign FILE FILE --manifest CHAIN --out FILE", and give what it writes.`
    case 'would_stop_signing':
      return `With these root manifests key ${no.kid} could sign no more ${no.usage}. Bring certificates of a root that stays for it in the same import, or promote another key first; if it is in other hands, "licet keys revoke ${no.kid}".`
    case 'moved':
      return 'Somebody else changed the keys at the same moment; look at "licet keys list" and "licet keys history", then decide again.'
    default:
      return no satisfies never
  }
}

const CERTIFICATE_FAULTS: Readonly<Record<CertificateFault, string>> = {
  unreadable: 'it cannot be read',
  other_key: 'it is of another key',
  unknown_root: 'it is of a root that no manifest here names',
  revoked_root: 'it is of a root key that is revoked',
  bad_signature: 'its signature is wrong',
}
