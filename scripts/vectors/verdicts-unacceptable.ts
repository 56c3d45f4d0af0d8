import { DAY, FINGERPRINT, FLAG, ISSUED, lc1, lk1, NOW, PAID_UNTIL, PERPETUAL } from './base.ts'
import { bound, type Case, code, key, no, pair, worksUntil } from './verdict-case.ts'

const grants: Case[] = [
  no('outside_issuing_window', 'issued a second before the window', `${code} ${lk1({ from: ISSUED + 1 })}`),
  no(
    'outside_issuing_window',
    'issued in the first second after the window',
    `${code} ${lk1({ to: ISSUED })}`,
  ),
  no(
    'outside_issuing_window',
    'a window that never opens',
    `${code} ${lk1({ from: PAID_UNTIL, to: ISSUED })}`,
  ),
  no(
    'outside_issuing_window',
    'outside the window and for another product',
    `${code} ${lk1({ to: ISSUED, product_id: 7 })}`,
  ),
  no('not_certified', 'for statements only', `${code} ${lk1({ usages: 2 })}`),
  no('not_certified', 'for statements and lists', `${code} ${lk1({ usages: 6 })}`),
  no('not_certified', 'for nothing', `${code} ${lk1({ usages: 0 })}`),
  no('not_certified', 'for log checkpoints', `${code} ${lk1({ usages: 8 })}`),
  no('not_certified', 'for codes and log checkpoints, which stand alone', `${code} ${lk1({ usages: 9 })}`),
  no('not_certified', 'for another product', `${code} ${lk1({ product_id: 1002 })}`),
  no(
    'not_certified',
    'a second longer than 12 months of 31 days',
    `${lc1({ paid_until: ISSUED + 12 * 31 * DAY + 1 })} ${lk1({ max_term_months: 12 })}`,
  ),
  no(
    'not_certified',
    'perpetual where a longest term is set',
    `${lc1({ paid_until: PERPETUAL })} ${lk1({ max_term_months: 255 })}`,
  ),
  no(
    'not_certified',
    'for the product by one certificate, for the term by another',
    `${code} ${lk1({ max_term_months: 1 })} ${lk1({ product_id: 7 })}`,
  ),
  no(
    'not_certified',
    'not certified and a bad range',
    `${lc1({ paid_until: ISSUED })} ${lk1({ usages: 2 })}`,
  ),
  no('bad_range', 'ends when it is issued', `${lc1({ paid_until: ISSUED })} ${key}`),
  no('bad_range', 'ends before it is issued', `${lc1({ paid_until: ISSUED - DAY })} ${key}`),
  no('bad_range', 'a perpetual trial', `${lc1({ flags: FLAG.trial, paid_until: PERPETUAL })} ${key}`),
  no('bad_range', 'a bad range and another product', `${lc1({ paid_until: ISSUED })} ${key}`, { product: 7 }),
]

const asked: Case[] = [
  no('wrong_product', 'another product', pair, { product: 1002 }),
  no('wrong_product', 'product 0 is a product like any other', pair, { product: 0 }),
  no('wrong_product', 'another product and another device', `${lc1(bound)} ${key}`, {
    product: 7,
    fingerprint: 'x',
  }),
  no('wrong_product', 'another product, and expired as well', pair, { product: 7, now: worksUntil }),
  no('wrong_device', 'another device', `${lc1(bound)} ${key}`, { fingerprint: 'device-43' }),
  no('wrong_device', 'a device that does not tell its name', `${lc1(bound)} ${key}`),
  no('wrong_device', 'a device with an empty name', `${lc1(bound)} ${key}`, { fingerprint: '' }),
  no('wrong_device', 'the name with a blank behind it', `${lc1(bound)} ${key}`, {
    fingerprint: `${FINGERPRINT} `,
  }),
  no('wrong_device', 'a name longer than 5,120 bytes', `${lc1(bound)} ${key}`, {
    fingerprint: 'x'.repeat(5121),
  }),
  no('wrong_device', 'another device and a clock that was set back', `${lc1(bound)} ${key}`, {
    now: 0,
    buildTime: NOW,
  }),
]

const clock: Case[] = [
  no('clock_rolled_back', 'more than 48 hours before the build', pair, { buildTime: NOW + 48 * 3600 + 1 }),
  no('clock_rolled_back', 'in 1970', pair, { now: 0, buildTime: NOW }),
  no('clock_rolled_back', 'back into the paid time of an expired license', pair, {
    buildTime: worksUntil + 3 * DAY,
  }),
  no('clock_rolled_back', 'before the build and before the issue', pair, {
    now: ISSUED - 3 * DAY,
    buildTime: NOW,
  }),
  no('not_yet_valid', 'more than 48 hours before the issue', pair, { now: ISSUED - 48 * 3600 - 1 }),
  no('not_yet_valid', 'in 1970, the build time is not known', pair, { now: 0 }),
  no(
    'not_yet_valid',
    'perpetual, more than 48 hours before the issue',
    `${lc1({ paid_until: PERPETUAL })} ${key}`,
    { now: ISSUED - 3 * DAY },
  ),
  no('expired', 'in the first second after grace', pair, { now: worksUntil }),
  no('expired', 'without grace, in the first unpaid second', `${lc1({ grace_days: 0 })} ${key}`, {
    now: PAID_UNTIL,
  }),
  no('expired', 'years later', pair, { now: PAID_UNTIL + 3650 * DAY }),
  no(
    'expired',
    'a trial of one second',
    `${lc1({ flags: FLAG.trial, paid_until: ISSUED + 1, grace_days: 0 })} ${key}`,
  ),
  no(
    'expired',
    'grace that ended beyond 32 bits',
    `${lc1({ paid_until: 0xfffffffe, grace_days: 255 })} ${key}`,
    { now: 0xfffffffe + 255 * DAY },
  ),
]

/** Texts of a genuine key that are refused all the same, and why. */
export const unacceptable: readonly Case[] = [...grants, ...asked, ...clock]
