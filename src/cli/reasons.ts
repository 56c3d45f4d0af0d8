import type { Reason } from '../verify/index.ts'

/** For support with a customer on the phone: what a reason means, and what to do next. */
export const EXPLANATIONS: Readonly<Record<Reason, { readonly means: string; readonly next: string }>> = {
  malformed: {
    means:
      'This is no license text: it must hold exactly one code that begins with LC1-, and its certificates.',
    next: 'copy the whole text again, from LC1- to the end of the last LK1-.',
  },
  mistyped: {
    means: 'The check symbols disagree: a symbol was mistyped or left out.',
    next: 'copy the text instead of typing it.',
  },
  unsupported_version: {
    means: 'The code is of a later version than this program knows.',
    next: 'update the program.',
  },
  unknown_key: {
    means: 'No certificate leads from the pinned root to the key that signed the code.',
    next: 'check that --root is the root of this seller and that the LK1- certificates were copied too.',
  },
  key_revoked: {
    means: 'The key that signed the code was compromised and is revoked.',
    next: 'fetch the new text: "licet license show" on the server, or validation in the program.',
  },
  bad_signature: {
    means: 'The code was altered or forged.',
    next: 'take the text from the server ("licet license show"), and ask where this one came from.',
  },
  outside_issuing_window: {
    means: 'The code was issued when its key was not allowed to sign.',
    next: 're-issue the license ("licet license reissue"), and check the clock of the server.',
  },
  not_certified: {
    means: 'The key is not certified for this product, for so long a term, or for license codes.',
    next: 're-issue the license under a key that is certified for it.',
  },
  bad_range: {
    means: 'The code contradicts itself: its end is not after its issue, or a trial never ends.',
    next: 're-issue the license.',
  },
  not_issued: {
    means: 'The signature is good, but the server never issued this code.',
    next: 'treat the signing key as leaked.',
  },
  wrong_product: {
    means: 'The license is for another product.',
    next: 'check which product the customer bought and which one asks.',
  },
  wrong_device: {
    means: 'The license is bound to another device, or no fingerprint was given.',
    next: 'give the device with --fingerprint, or bind anew: "licet license reissue --fingerprint".',
  },
  released: { means: 'The license has ended for ever.', next: 'issue a new one.' },
  frozen: {
    means: 'The license is frozen.',
    next: 'see "licet license history" for the reason; "licet license reinstate" undoes it.',
  },
  superseded: {
    means: 'A newer code of this license has taken the place of this one.',
    next: 'install the newest text: "licet license show" on the server.',
  },
  clock_rolled_back: {
    means: 'The clock of this machine stands before a time that is known to have passed.',
    next: 'set the clock, or give the time with --at.',
  },
  list_rolled_back: {
    means: 'The revocation list is older than one that was seen before.',
    next: 'fetch the newest list.',
  },
  not_yet_valid: {
    means: 'The code was issued more than 48 hours after the time it is judged at.',
    next: 'set the clock of this machine, or give the time with --at.',
  },
  expired: {
    means: 'The paid time and the grace after it are over.',
    next: 'renew: through the marketplace, or "licet license extend"; then install the new text.',
  },
}
