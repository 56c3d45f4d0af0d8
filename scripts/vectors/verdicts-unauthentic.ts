import {
  DAY,
  fields,
  ISSUED,
  lc1,
  lk1,
  mistype,
  PAID_UNTIL,
  PERPETUAL,
  QUORUM,
  ROOT,
  SIGNER,
  STRANGER,
  unsigned,
  unsignedGrant,
} from './base.ts'
import { codeBody, jwsInput, spelled } from './objects.ts'
import { bound, type Case, code, key, NEIGHBOUR, no, pair, worksUntil } from './verdict-case.ts'

const [a, b] = QUORUM

const body = codeBody(fields())
const signature = SIGNER.sign(jwsInput(SIGNER.kid, 'lc1', body))
/** Any bytes with check symbols that agree, and the certificate of the signer. */
const forged = (bytes: Uint8Array, mark: Uint8Array = signature) =>
  `${spelled('LC1', Buffer.concat([bytes, mark]))} ${key}`
const flipped = (bytes: Uint8Array, at: number) =>
  Buffer.from(bytes.map((byte, i) => (i === at ? byte ^ 1 : byte)))

/** The same signature with the group order added to S: a second spelling that strict-1 refuses. */
function plusOrder(bytes: Buffer): Buffer {
  const order = 2n ** 252n + 27742317777372353535851937790883648493n
  const s = BigInt(`0x${Buffer.from(bytes.subarray(32)).reverse().toString('hex')}`) + order
  const raised = Buffer.from(s.toString(16).padStart(64, '0'), 'hex').reverse()
  return Buffer.concat([bytes.subarray(0, 32), raised])
}

const shape: Case[] = [
  no('malformed', 'nothing', ''),
  no('malformed', 'a sentence', 'The license is in the attachment.'),
  no('malformed', 'the certificate alone', key),
  no('malformed', 'the code twice', `${code} ${pair}`),
  no('malformed', 'the code cut short', code.slice(0, -20)),
  no('malformed', 'a word behind the certificate', `${pair} thanks`),
  no('malformed', 'seventeen certificates', `${code} ${`${key} `.repeat(17)}`),
  no('malformed', 'over 8 KiB', pair + '\n'.repeat(8192)),
  no('malformed', 'mistyped and a shape is wrong', `${mistype(code, 60)} ${key} #`),
  no('mistyped', 'a symbol of the code', `${mistype(code, 60)} ${key}`),
  no('mistyped', 'a symbol of the certificate', `${code} ${mistype(key, 60)}`),
  no('mistyped', 'a check symbol', `${mistype(code, code.length - 1)} ${key}`),
  no('mistyped', 'a code without a certificate', mistype(code, 60)),
  no('mistyped', 'a code of version 2', mistype(unsigned({ version: 2 }), 60)),
  no('unsupported_version', 'a code of version 2', `${lc1({ version: 2 })} ${key}`),
  no('unsupported_version', 'a code with an unknown flag', `${lc1({ flags: 4 })} ${key}`),
  no('unsupported_version', 'a code of version 2 without a certificate', lc1({ version: 2 })),
  no('unsupported_version', 'a certificate of version 2', `${code} ${lk1({ version: 2 })}`),
  no('unsupported_version', 'a certificate with a flag', `${code} ${unsignedGrant({ flags: 1 })}`),
]

const keys: Case[] = [
  no('unknown_key', 'no certificate', code),
  no('unknown_key', 'no certificate, and expired as well', code, { now: worksUntil }),
  no(
    'unknown_key',
    'a certificate of a root nobody trusts',
    `${lc1({ kid: STRANGER.kid }, STRANGER)} ${lk1({ x: STRANGER.x }, STRANGER)}`,
  ),
  no('unknown_key', 'a certificate for another key', `${code} ${lk1({ x: NEIGHBOUR.x })}`),
  no(
    'unknown_key',
    'a certificate that a stranger signed as the root',
    `${code} ${lk1({ root_kid: ROOT.kid }, STRANGER)}`,
  ),
  no(
    'unknown_key',
    'a signing key certifies another',
    `${code} ${lk1({}, NEIGHBOUR)} ${lk1({ x: NEIGHBOUR.x })}`,
  ),
  no('unknown_key', 'a certificate whose signature was altered', `${code} ${unsignedGrant({})}`),
  no('unknown_key', 'the code names another kid', `${lc1({ kid: NEIGHBOUR.kid })} ${key}`),
  no('unknown_key', 'one root where two are needed', `${code} ${lk1({}, a)}`, { chain: 'two_of_three' }),
  no('unknown_key', 'the same root twice where two are needed', `${code} ${lk1({}, a)} ${lk1({}, a)}`, {
    chain: 'two_of_three',
  }),
  no(
    'unknown_key',
    'two roots that certify different windows',
    `${code} ${lk1({}, a)} ${lk1({ to: PAID_UNTIL + 1 }, b)}`,
    { chain: 'two_of_three' },
  ),
  no(
    'unknown_key',
    'two roots that give different serials',
    `${code} ${lk1({}, a)} ${lk1({ serial: 2 }, b)}`,
    { chain: 'two_of_three' },
  ),
  no(
    'unknown_key',
    'a root and a stranger where two are needed',
    `${code} ${lk1({}, a)} ${lk1({}, STRANGER)}`,
    { chain: 'two_of_three' },
  ),
  no('unknown_key', 'a new root alone does not reach its threshold', `${code} ${lk1({}, a)}`, {
    chain: 'rotated',
  }),
  no('unknown_key', 'new roots behind a version that was skipped', `${code} ${lk1({}, a)} ${lk1({}, b)}`, {
    chain: 'version_skipped',
  }),
  no('unknown_key', 'the old root, which is revoked', pair, { chain: 'root_revoked' }),
  no('unknown_key', 'two roots, one of them revoked', `${code} ${lk1({}, a)} ${lk1({}, b)}`, {
    chain: 'one_of_three_revoked',
  }),
  no('key_revoked', 'a license from before the leak', pair, { chain: 'signer_revoked' }),
  no('key_revoked', 'a license from after the leak', `${lc1({ issued_at: ISSUED + DAY })} ${key}`, {
    chain: 'signer_revoked',
  }),
  no('key_revoked', 'a revoked key and a bad signature', forged(flipped(body, 17)), {
    chain: 'signer_revoked',
  }),
  no('key_revoked', 'a revoked key and long expired', pair, { chain: 'signer_revoked', now: PERPETUAL }),
]

const signatures: Case[] = [
  no('bad_signature', 'the product was changed', forged(flipped(body, 17))),
  no('bad_signature', 'the end was changed', forged(codeBody(fields({ paid_until: PERPETUAL })))),
  no('bad_signature', 'the license id was changed', forged(flipped(body, 6))),
  no('bad_signature', 'a bit of the signature was changed', forged(body, flipped(signature, 5))),
  no('bad_signature', 'a signature of zeros', forged(body, Buffer.alloc(64))),
  no('bad_signature', 'a second spelling of the signature', forged(body, plusOrder(signature))),
  no(
    'bad_signature',
    'a neighbour signed it',
    forged(body, NEIGHBOUR.sign(jwsInput(SIGNER.kid, 'lc1', body))),
  ),
  no('bad_signature', 'the signature is over the body alone', forged(body, SIGNER.sign(body))),
  no(
    'bad_signature',
    'the signature is of another kind of object',
    forged(body, SIGNER.sign(jwsInput(SIGNER.kid, 'lk1', body))),
  ),
  no(
    'bad_signature',
    'a bound code made plain',
    forged(body, SIGNER.sign(jwsInput(SIGNER.kid, 'lc1', codeBody(fields(bound))))),
  ),
  no('bad_signature', 'a bad range that nobody signed', `${unsigned({ paid_until: ISSUED })} ${key}`),
]

/** Texts that are not the seller's word, and why. */
export const unauthentic: readonly Case[] = [...shape, ...keys, ...signatures]
