import {
  FINGERPRINT,
  FLAG,
  fields,
  ISSUED,
  lc1,
  mistype,
  PAID_UNTIL,
  PERPETUAL,
  SIGNER,
  unsigned,
} from './base.ts'
import { published } from './keys.ts'
import { binding, codeBody, compact, spelled } from './objects.ts'

const bound = { flags: FLAG.bound, bind_hex: binding(FINGERPRINT) }

const good = [
  { name: 'a year of a plain license', over: {} },
  { name: 'a trial', over: { flags: FLAG.trial } },
  { name: 'bound to a device', over: bound },
  { name: 'a trial bound to a device', over: { ...bound, flags: FLAG.trial | FLAG.bound } },
  { name: 'perpetual', over: { paid_until: PERPETUAL } },
  { name: 'the last end that is a date', over: { paid_until: 0xfffffffe, grace_days: 255 } },
  { name: 'paid for one second', over: { paid_until: ISSUED + 1, grace_days: 0 } },
  {
    name: 'every number at its largest',
    over: {
      license_id: 'ffffffffffffffff',
      product_id: 0xffffffff,
      edition_id: 0xffff,
      seats: 0xffff,
      issued_at: 0xfffffffd,
      paid_until: 0xfffffffe,
      revision: 0xffff,
      grace_days: 255,
      features: 0xffffff,
    },
  },
  {
    name: 'every number at its smallest, seats unlimited',
    over: {
      license_id: '0000000000000000',
      product_id: 0,
      edition_id: 0,
      seats: 0,
      issued_at: 0,
      paid_until: 1,
      revision: 0,
      grace_days: 0,
      features: 0,
    },
  },
].map(({ name, over }) => {
  const body = codeBody(fields(over))
  const jws = compact(SIGNER, 'lc1', body)
  const sig_hex = Buffer.from(jws.split('.')[2]!, 'base64url').toString('hex')
  return { name, fields: fields(over), body_hex: body.toString('hex'), sig_hex, code: lc1(over), jws }
})

const plain = lc1()
const device = lc1(bound)
const bytesOf = (length: number) => Buffer.alloc(length, 0x5a)
const version2Short = Buffer.concat([Buffer.from([2, 0]), bytesOf(98)])

const bad = [
  { name: 'nothing', reason: 'malformed', code: '' },
  { name: 'the prefix alone', reason: 'malformed', code: 'LC1-' },
  { name: 'without its prefix', reason: 'malformed', code: plain.slice(4) },
  { name: 'half of its prefix', reason: 'malformed', code: plain.slice(1) },
  { name: 'another prefix', reason: 'malformed', code: plain.replace('LC1', 'LC2') },
  { name: 'a prefix with the letter I for 1', reason: 'malformed', code: plain.replace('LC1', 'LCI') },
  { name: 'a prefix with the digit 1 for L', reason: 'malformed', code: plain.replace('LC1', '1C1') },
  { name: 'the prefix twice', reason: 'malformed', code: `LC1-${plain}` },
  { name: 'a quotation mark before it', reason: 'malformed', code: `"${plain}` },
  { name: 'a full stop after it', reason: 'malformed', code: `${plain}.` },
  { name: 'a pad character after it', reason: 'malformed', code: `${plain}=` },
  { name: 'the letter U inside', reason: 'malformed', code: `${plain.slice(0, 40)}U${plain.slice(41)}` },
  { name: 'the letter U for the last check symbol', reason: 'malformed', code: `${plain.slice(0, -1)}U` },
  {
    name: 'the letter U for the first check symbol',
    reason: 'malformed',
    code: `${plain.slice(0, -5)}U${plain.slice(-4)}`,
  },
  { name: 'one symbol missing at the end', reason: 'malformed', code: plain.slice(0, -1) },
  { name: 'one symbol missing inside', reason: 'malformed', code: plain.slice(0, 50) + plain.slice(51) },
  { name: 'one symbol too many', reason: 'malformed', code: `${plain}0` },
  { name: 'check symbols missing', reason: 'malformed', code: plain.slice(0, -6) },
  { name: 'cut in half', reason: 'malformed', code: plain.slice(0, 100) },
  { name: 'bound, one symbol missing', reason: 'malformed', code: device.slice(0, -1) },
  { name: 'bound, one symbol too many', reason: 'malformed', code: `${device}0` },
  {
    name: 'the flag says bound, the length says plain',
    reason: 'malformed',
    code: spelled('LC1', Buffer.concat([Buffer.from([1, FLAG.bound]), bytesOf(98)])),
  },
  {
    name: 'the flag says plain, the length says bound',
    reason: 'malformed',
    code: spelled('LC1', Buffer.concat([Buffer.from([1, 0]), bytesOf(108)])),
  },
  { name: 'its JWS spelling', reason: 'malformed', code: compact(SIGNER, 'lc1', codeBody(fields())) },
  { name: 'base64url after the prefix', reason: 'malformed', code: `LC1-${'AAAA'.repeat(33)}_` },
  { name: 'the version symbol mistyped', reason: 'mistyped', code: mistype(plain, 4) },
  { name: 'a symbol of the body mistyped', reason: 'mistyped', code: mistype(plain, 30) },
  { name: 'a symbol of the signature mistyped', reason: 'mistyped', code: mistype(plain, 120) },
  { name: 'the first check symbol mistyped', reason: 'mistyped', code: mistype(plain, plain.length - 5) },
  { name: 'the last check symbol mistyped', reason: 'mistyped', code: mistype(plain, plain.length - 1) },
  { name: 'a symbol of the binding mistyped', reason: 'mistyped', code: mistype(device, 78) },
  {
    name: 'two groups swapped',
    reason: 'mistyped',
    code:
      plain.slice(0, 40) + plain.slice(46, 51) + plain.slice(45, 46) + plain.slice(40, 45) + plain.slice(51),
  },
  {
    name: 'check symbols of a key certificate',
    reason: 'mistyped',
    code: spelled('LK1', Buffer.concat([codeBody(fields()), bytesOf(64)])).replace('LK1', 'LC1'),
  },
  {
    name: 'an unknown version, mistyped: the typing error comes first',
    reason: 'mistyped',
    code: mistype(unsigned({ version: 2 }), 60),
  },
  { name: 'version 0', reason: 'unsupported_version', code: unsigned({ version: 0 }) },
  { name: 'version 2', reason: 'unsupported_version', code: unsigned({ version: 2 }) },
  {
    name: 'version 2, nothing else known',
    reason: 'unsupported_version',
    code: spelled('LC1', version2Short),
  },
  { name: 'version 129', reason: 'unsupported_version', code: unsigned({ version: 129 }) },
  { name: 'version 2, well signed', reason: 'unsupported_version', code: lc1({ version: 2 }) },
  { name: 'version 2, bound', reason: 'unsupported_version', code: unsigned({ version: 2, ...bound }) },
  { name: 'unknown flag, bit 2', reason: 'unsupported_version', code: unsigned({ flags: 4 }) },
  { name: 'unknown flag, bit 7', reason: 'unsupported_version', code: unsigned({ flags: 128 }) },
  { name: 'unknown flag beside trial', reason: 'unsupported_version', code: unsigned({ flags: 5 }) },
  {
    name: 'unknown flag beside bound',
    reason: 'unsupported_version',
    code: unsigned({ ...bound, flags: 6 }),
  },
  { name: 'unknown flag, well signed', reason: 'unsupported_version', code: lc1({ flags: 8 }) },
  { name: 'ends when it is issued', reason: 'bad_range', code: lc1({ paid_until: ISSUED }) },
  { name: 'ends before it is issued', reason: 'bad_range', code: lc1({ paid_until: ISSUED - 1 }) },
  { name: 'ends in 1970', reason: 'bad_range', code: lc1({ paid_until: 0 }) },
  { name: 'a trial that is perpetual', reason: 'bad_range', code: lc1({ flags: 1, paid_until: PERPETUAL }) },
  {
    name: 'a bound trial that is perpetual',
    reason: 'bad_range',
    code: lc1({ ...bound, flags: 3, paid_until: PERPETUAL }),
  },
  {
    name: 'issued after the last end that is a date',
    reason: 'bad_range',
    code: lc1({ issued_at: 0xffffffff, paid_until: 0xfffffffe }),
  },
  {
    name: 'works until the year 2027 only by its grace',
    reason: 'bad_range',
    code: lc1({ issued_at: PAID_UNTIL, paid_until: PAID_UNTIL - 1, grace_days: 255 }),
  },
]

export const licenseCode = {
  about:
    'License codes (contract 1.1), all of the published key. good: fields, bytes and both spellings of one code. bad: the reason each must get, by reading alone: malformed, mistyped, unsupported_version, or bad_range, for which the numbers of the code are enough.',
  keys: published(SIGNER),
  device_fingerprint: FINGERPRINT,
  good,
  bad,
}
