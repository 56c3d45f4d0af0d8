import { FINGERPRINT, GRACE_DAYS, ISSUED, lc1, lk1, QUORUM, ROOT, STRANGER } from './base.ts'
import { published } from './keys.ts'
import {
  DAY,
  device,
  entries,
  HOUR,
  LISTER,
  license2of3,
  list,
  listerKey,
  NOW,
  no,
  PAID_UNTIL,
  root1,
  root2,
  root2Forged,
  root2Revoking,
  SIGNER,
  type SinceCase,
  SPEAKER,
  speakerKey,
  statement,
  THIEF,
  yes,
} from './since-case.ts'
import { atHand } from './verdicts-at-hand.ts'

const worksUntil = PAID_UNTIL + GRACE_DAYS * DAY
const year = { paid_until: PAID_UNTIL + 365 * DAY, works_until: PAID_UNTIL + 380 * DAY }
const late = {
  certificates: [speakerKey({ to: worksUntil + 100 * DAY }), listerKey({ to: worksUntil + 100 * DAY })],
}

const precedence: SinceCase[] = [
  yes('active', 'code', 'a list without an entry', { list: list({ entries: [] }) }),
  yes('active', 'code', 'an entry of the code’s own revision', { list: list(entries([7, 'superseded'])) }),
  yes('active', 'code', 'a code reinstated above the entry', {
    text: `${lc1({ revision: 9 })} ${lk1()}`,
    list: list(),
  }),
  yes('active', 'statement', 'a statement of the same revision', { statement: statement({ rev: 7 }) }),
  yes('active', 'statement', 'a renewal heard by statement alone', {
    ...late,
    now: worksUntil,
    statement: statement({ ...year, iat: worksUntil, exp: worksUntil + DAY }),
  }),
  yes('active', 'statement', 'a statement newer than the list', {
    statement: statement({ rev: 9 }),
    list: list(),
  }),
  yes('active', 'statement', 'a statement as new as the list and later', {
    statement: statement({ iat: NOW + 1 }),
    list: list(),
  }),
  yes('active', 'statement', 'a statement for this device', {
    fingerprint: FINGERPRINT,
    statement: statement({ device: device() }),
  }),
  yes('active', 'code', 'a frozen statement of a lower revision', {
    statement: statement({ rev: 6, status: 'frozen' }),
  }),
  no('frozen', 'list', 'on the list', { list: list() }),
  no('superseded', 'list', 'shortened, on the list', { list: list(entries([8, 'superseded'])) }),
  no('released', 'list', 'released on the list at revision 0', { list: list(entries([0, 'released'])) }),
  no('released', 'list', 'released against a newer statement', {
    statement: statement({ rev: 99 }),
    list: list(entries([8, 'released'])),
  }),
  no('released', 'statement', 'released by a statement of a lower revision', {
    statement: statement({ rev: 6, status: 'released' }),
  }),
  no('frozen', 'list', 'as new as the statement and at once: the refusal', {
    statement: statement(),
    list: list(),
  }),
  no('frozen', 'list', 'as new as the statement and later', {
    statement: statement(),
    list: list({ iat: NOW + 1 }),
  }),
  no('frozen', 'list', 'a list past its next update still refuses', {
    list: list({ next_update: NOW - 1 }),
    warnings: ['list_overdue'],
  }),
  no('frozen', 'statement', 'frozen by statement', { statement: statement({ status: 'frozen' }) }),
  no('frozen', 'statement', 'frozen by a statement that is past its exp', {
    statement: statement({ status: 'frozen', exp: NOW }),
  }),
  no('not_yet_valid', 'statement', 'pending by statement', { statement: statement({ status: 'pending' }) }),
  no('superseded', 'statement', 'the statement is past its exp and newer than the code', {
    statement: statement({ exp: NOW }),
  }),
  no('superseded', 'statement', 'the statement knows a newer root', {
    statement: statement({ root: 2 }),
    warnings: ['manifests_behind'],
  }),
  no('superseded', 'statement', 'the statement is for another device', {
    fingerprint: 'device-43',
    statement: statement({ device: device() }),
    warnings: ['statement_wrong_device'],
  }),
  no('expired', 'statement', 'a shorter end by statement', {
    statement: statement({ paid_until: NOW - DAY, works_until: NOW }),
  }),
  no('expired', 'statement', 'a shorter end by statement, past its exp', {
    statement: statement({ rev: 7, paid_until: NOW - DAY, works_until: NOW, exp: NOW }),
  }),
  no('wrong_product', null, 'another product, and on the list', { product: 7, list: list() }),
]

const unheard: SinceCase[] = [
  ['statement_malformed', { statement: `${statement()}=` }],
  ['statement_malformed', { statement: list() }],
  ['statement_unknown_key', { statement: statement({ status: 'frozen' }, STRANGER) }],
  ['statement_bad_signature', { statement: statement({}, { ...STRANGER, kid: SPEAKER.kid }) }],
  ['statement_not_certified', { statement: statement({ status: 'frozen' }, LISTER) }],
  ['statement_not_certified', { statement: statement(), certificates: [speakerKey({ product_id: 7 })] }],
  ['statement_outside_issuing_window', { statement: statement(), certificates: [speakerKey({ to: NOW })] }],
  ['statement_wrong_license', { statement: statement({ sub: 'ffffffffffffffff', status: 'frozen' }) }],
  ['statement_wrong_product', { statement: statement({ product: 7, status: 'frozen' }) }],
  [
    'statement_wrong_product',
    { statement: statement({ status: 'frozen' }), product: 1001, product_code: 'cad-lite' },
  ],
  ['statement_not_yet_valid', { statement: statement({ status: 'frozen', iat: NOW + DAY + 1 }) }],
  ['list_malformed', { list: statement() }],
  ['list_unknown_key', { list: list({}, STRANGER) }],
  ['list_not_certified', { list: list({}, SPEAKER) }],
  ['list_outside_issuing_window', { list: list(), certificates: [listerKey({ from: NOW + 1 })] }],
  ['list_wrong_product', { list: list({ aud: 'cad-lite' }), product: 1001, product_code: 'cad-pro' }],
  ['list_not_yet_valid', { list: list({ iat: NOW + DAY + 1 }) }],
].map(([warning, over], i) =>
  yes('active', 'code', `not listened to: ${warning as string} (${i + 1})`, {
    ...(over as object),
    warnings: [warning as string],
  }),
)

const stale = { build_time: NOW + 3 * DAY }
const fresh = { statement: statement({ rev: 7, nonce: 'n-1' }) }
const clock: SinceCase[] = [
  yes('active', 'statement', 'below the build time, with a fresh statement', {
    ...stale,
    ...fresh,
    nonce: 'n-1',
  }),
  yes('active', 'statement', 'below the build time, with a statement within 48 hours of it', {
    now: NOW - 400 * DAY,
    build_time: NOW,
    statement: statement({ rev: 7, iat: NOW - 48 * HOUR }),
    warnings: ['clock_behind'],
  }),
  yes('active', 'code', 'within the tolerance of the build time', {
    build_time: NOW + DAY,
    warnings: ['clock_behind'],
    list: list({ entries: [] }),
  }),
  no('clock_rolled_back', 'statement', 'below the build time, with an old statement', {
    ...stale,
    statement: statement({ rev: 7, iat: NOW - 48 * HOUR }),
  }),
  no('clock_rolled_back', 'statement', 'below the build time, with a nonce that nobody sent', {
    ...stale,
    ...fresh,
  }),
  no('clock_rolled_back', 'statement', 'below the build time, with another nonce', {
    ...stale,
    ...fresh,
    nonce: 'n-2',
    warnings: ['statement_not_fresh'],
  }),
  no('frozen', 'list', 'below the build time, and on the list', { ...stale, list: list() }),
]

/** From two days before the code was issued, to an end that lies before its issue. */
const early = (worksUntil: number, over: object = {}) =>
  statement({
    rev: 8,
    iat: ISSUED - 2 * DAY,
    exp: ISSUED + DAY,
    paid_until: worksUntil,
    works_until: worksUntil,
    ...over,
  })
const beforeIssue: SinceCase[] = [
  no('expired', 'statement', 'issued at counts as now: a statement’s end has passed by then', {
    now: ISSUED - 1000,
    statement: early(ISSUED - 100),
  }),
  no('expired', 'statement', 'issued at counts as now: the end at that second has passed', {
    now: ISSUED - 48 * HOUR,
    statement: early(ISSUED),
  }),
  yes('active', 'statement', 'issued at counts as now: the end a second later has not passed', {
    now: ISSUED - 48 * HOUR,
    statement: early(ISSUED + 1),
  }),
  no('superseded', 'statement', 'issued at counts as now: the statement is past its exp', {
    now: ISSUED - 1000,
    statement: early(ISSUED + 1, { exp: ISSUED }),
  }),
  no('not_yet_valid', 'statement', 'further before issued at, the clock is the clock', {
    now: ISSUED - 48 * HOUR - 1,
    statement: early(ISSUED - 100, { exp: ISSUED }),
  }),
]

const chains: SinceCase[] = [
  yes('active', 'code', 'two of three, under a manifest met since', {
    text: license2of3,
    manifests: [root2],
  }),
  yes('active', 'code', 'a forged manifest beside a good one', {
    text: license2of3,
    manifests: [root2Forged, root2],
    warnings: ['manifests_refused'],
  }),
  no('unknown_key', null, 'two of three, the manifest is not at hand', { text: license2of3, list: list() }),
  no('unknown_key', null, 'a license of a thief who brings his own manifest', {
    text: `${lc1({ kid: THIEF.kid }, THIEF)} ${lk1({ x: THIEF.x }, THIEF)}`,
    manifests: [root2Forged],
    warnings: ['manifests_refused'],
  }),
  no('key_revoked', null, 'the key is revoked by a manifest met since', {
    manifests: [root2Revoking(SIGNER)],
  }),
  yes('active', 'code', 'the key of a frozen statement is revoked', {
    statement: statement({ status: 'frozen' }),
    manifests: [root2Revoking(SPEAKER)],
    warnings: ['statement_key_revoked'],
  }),
]

export const verdictsSince = {
  about:
    'Offline verdicts with what was met since the program was shipped (contract 1.4, 1.5 and 2): statement, list, manifests, certificates, nonce; nothing is stored from before. root: the pinned chain. warnings: in any order.',
  keys: published(ROOT, ...QUORUM, SIGNER, SPEAKER, LISTER, STRANGER, THIEF),
  root: [root1],
  cases: [...precedence, ...unheard, ...clock, ...beforeIssue, ...chains, ...atHand],
}
