import {
  DAY,
  FINGERPRINT,
  FLAG,
  ISSUED,
  lc1,
  lk1,
  NOW,
  PAID_UNTIL,
  PERPETUAL,
  QUORUM,
  STRANGER,
} from './base.ts'
import { binding } from './objects.ts'
import { active, bound, type Case, code, grace, key, NEIGHBOUR, pair, worksUntil } from './verdict-case.ts'

const lastEnd = lc1({ paid_until: 0xfffffffe, grace_days: 255 })
const [a, b, c] = QUORUM

const times: Case[] = [
  { name: 'in the middle of the paid year', text: pair, now: NOW, expect: active },
  { name: 'in the second of the issue', text: pair, now: ISSUED, expect: active },
  { name: 'by a clock 48 hours before the issue', text: pair, now: ISSUED - 48 * 3600, expect: active },
  { name: 'in the last paid second', text: pair, now: PAID_UNTIL - 1, expect: active },
  { name: 'in the first second of grace', text: pair, now: PAID_UNTIL, expect: grace },
  { name: 'in the last second of grace', text: pair, now: worksUntil - 1, expect: grace },
  {
    name: 'perpetual, a century later',
    text: `${lc1({ paid_until: PERPETUAL })} ${key}`,
    now: NOW + 36_525 * DAY,
    expect: active,
  },
  {
    name: 'the last end that is a date, a second before',
    text: `${lastEnd} ${key}`,
    now: 0xfffffffd,
    expect: active,
  },
  {
    name: 'grace that ends beyond 32 bits',
    text: `${lastEnd} ${key}`,
    now: 0xfffffffe + 255 * DAY - 1,
    expect: grace,
  },
  {
    name: 'paid for one second, within it',
    text: `${lc1({ paid_until: ISSUED + 1, grace_days: 0 })} ${key}`,
    now: ISSUED,
    expect: active,
  },
  {
    name: 'paid for one second, by a clock that is behind',
    text: `${lc1({ paid_until: ISSUED + 1, grace_days: 0 })} ${key}`,
    now: ISSUED - 3600,
    expect: active,
  },
  { name: 'a trial', text: `${lc1({ flags: FLAG.trial, grace_days: 0 })} ${key}`, now: NOW, expect: active },
  { name: 'the build is older than the clock', text: pair, now: NOW, buildTime: ISSUED, expect: active },
  {
    name: 'the clock is 48 hours before the build',
    text: pair,
    now: NOW,
    buildTime: NOW + 48 * 3600,
    expect: active,
  },
]

const askers: Case[] = [
  { name: 'the product of the program', text: pair, now: NOW, product: 1001, expect: active },
  {
    name: 'on the device it is bound to',
    text: `${lc1(bound)} ${key}`,
    now: NOW,
    fingerprint: FINGERPRINT,
    expect: active,
  },
  {
    name: 'a bound trial in grace on its device',
    text: `${lc1({ ...bound, flags: FLAG.trial | FLAG.bound })} ${key}`,
    now: PAID_UNTIL,
    fingerprint: FINGERPRINT,
    expect: grace,
  },
  {
    name: 'bound to a device whose name is not ASCII',
    text: `${lc1({ flags: FLAG.bound, bind_hex: binding('工作站 7 ö') })} ${key}`,
    now: NOW,
    fingerprint: '工作站 7 ö',
    expect: active,
  },
  {
    name: 'bound to nothing, on a device that tells its name',
    text: pair,
    now: NOW,
    fingerprint: 'device-43',
    expect: active,
  },
]

const certificates: Case[] = [
  { name: 'the certificate stands first', text: `${key} ${code}`, now: NOW, expect: active },
  {
    name: 'typed in lower case without dashes',
    text: pair.replaceAll('-', '').toLowerCase(),
    now: NOW,
    expect: active,
  },
  {
    name: 'issued in the first second of the window',
    text: `${code} ${lk1({ from: ISSUED })}`,
    now: NOW,
    expect: active,
  },
  {
    name: 'issued in the last second of the window, which closed long ago',
    text: `${code} ${lk1({ to: ISSUED + 1 })}`,
    now: NOW,
    expect: active,
  },
  {
    name: 'certified for this product only',
    text: `${code} ${lk1({ product_id: 1001 })}`,
    now: NOW,
    expect: active,
  },
  {
    name: 'certified for codes, statements and lists',
    text: `${code} ${lk1({ usages: 7 })}`,
    now: NOW,
    expect: active,
  },
  {
    name: 'a term of exactly 12 months of 31 days',
    text: `${lc1({ paid_until: ISSUED + 12 * 31 * DAY })} ${lk1({ max_term_months: 12 })}`,
    now: NOW,
    expect: active,
  },
  {
    name: 'certificates of strangers and neighbours beside the good one',
    text: `${code} ${lk1({}, STRANGER)} ${key} ${lk1({ x: NEIGHBOUR.x })}`,
    now: NOW,
    expect: active,
  },
  {
    name: 'one certificate whose window is over beside the good one',
    text: `${code} ${lk1({ serial: 2, to: ISSUED })} ${key}`,
    now: NOW,
    expect: active,
  },
  {
    name: 'one certificate for another product beside the good one',
    text: `${code} ${lk1({ serial: 2, product_id: 7 })} ${key}`,
    now: NOW,
    expect: active,
  },
  {
    name: 'of another key than the revoked one',
    text: `${lc1({ kid: NEIGHBOUR.kid }, NEIGHBOUR)} ${lk1({ x: NEIGHBOUR.x })}`,
    now: NOW,
    chain: 'signer_revoked',
    expect: active,
  },
  {
    name: 'two roots of three',
    text: `${code} ${lk1({}, a)} ${lk1({}, c)}`,
    now: NOW,
    chain: 'two_of_three',
    expect: active,
  },
  {
    name: 'three roots of three',
    text: `${lk1({}, a)} ${code} ${lk1({}, b)} ${lk1({}, c)}`,
    now: NOW,
    chain: 'two_of_three',
    expect: active,
  },
  {
    name: 'the old root after a rotation, which revoked nobody',
    text: pair,
    now: NOW,
    chain: 'rotated',
    expect: active,
  },
  {
    name: 'two new roots after a rotation',
    text: `${code} ${lk1({}, b)} ${lk1({}, c)}`,
    now: NOW,
    chain: 'rotated',
    expect: active,
  },
  {
    name: 'two new roots after the old one was revoked',
    text: `${code} ${lk1({}, a)} ${lk1({}, c)}`,
    now: NOW,
    chain: 'root_revoked',
    expect: active,
  },
  {
    name: 'the two roots that were not revoked',
    text: `${code} ${lk1({}, b)} ${lk1({}, c)}`,
    now: NOW,
    chain: 'one_of_three_revoked',
    expect: active,
  },
]

export const acceptances: readonly Case[] = [...times, ...askers, ...certificates]
