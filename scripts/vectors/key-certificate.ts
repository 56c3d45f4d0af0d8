import { grant, lc1, lk1, mistype, ROOT, SIGNER, unsignedGrant } from './base.ts'
import { published } from './keys.ts'
import { certificateBody, compact } from './objects.ts'

const good = [
  { name: 'license codes of every product, any term', over: {} },
  { name: 'license codes of one product, at most a year', over: { product_id: 1001, max_term_months: 12 } },
  { name: 'license codes of one product, any term', over: { product_id: 1001 } },
  { name: 'license codes of every product, at most a month', over: { max_term_months: 1 } },
  { name: 'statements of one product', over: { usages: 2, product_id: 1001 } },
  { name: 'revocation lists of one product', over: { usages: 4, product_id: 1001 } },
  { name: 'statements', over: { serial: 2, usages: 2 } },
  { name: 'revocation lists', over: { serial: 3, usages: 4 } },
  { name: 'log checkpoints', over: { serial: 4, usages: 8 } },
  { name: 'codes, statements and lists together', over: { serial: 5, usages: 7 } },
  {
    name: 'every number at its largest',
    over: {
      serial: 0xffffffff,
      from: 0xfffffffe,
      to: 0xffffffff,
      product_id: 0xffffffff,
      max_term_months: 255,
    },
  },
  { name: 'a window that never opens is read; it covers nothing', over: { from: 2_000_000_000, to: 1 } },
].map(({ name, over }) => {
  const body = certificateBody(grant(over))
  const jws = compact(ROOT, 'lk1', body)
  const sig_hex = Buffer.from(jws.split('.')[2]!, 'base64url').toString('hex')
  return { name, fields: grant(over), body_hex: body.toString('hex'), sig_hex, certificate: lk1(over), jws }
})

const plain = lk1()

const bad = [
  { name: 'nothing', reason: 'malformed', certificate: '' },
  { name: 'the prefix alone', reason: 'malformed', certificate: 'LK1' },
  { name: 'a license code', reason: 'malformed', certificate: lc1() },
  { name: 'a license code beside it', reason: 'malformed', certificate: `${plain} ${lc1()}` },
  { name: 'two certificates', reason: 'malformed', certificate: `${plain} ${lk1({ serial: 2 })}` },
  { name: 'another prefix', reason: 'malformed', certificate: plain.replace('LK1', 'LK2') },
  { name: 'a prefix with the letter L for 1', reason: 'malformed', certificate: plain.replace('LK1', 'LKL') },
  { name: 'one symbol missing', reason: 'malformed', certificate: plain.slice(0, -1) },
  { name: 'one symbol too many', reason: 'malformed', certificate: `${plain}7` },
  {
    name: 'the letter U inside',
    reason: 'malformed',
    certificate: `${plain.slice(0, 90)}U${plain.slice(91)}`,
  },
  { name: 'a comment behind it', reason: 'malformed', certificate: `${plain} # root 2026` },
  { name: 'over 8 KiB of blanks', reason: 'malformed', certificate: plain + ' '.repeat(8192) },
  { name: 'a mistyped symbol of the public key', reason: 'mistyped', certificate: mistype(plain, 60) },
  { name: 'a mistyped check symbol', reason: 'mistyped', certificate: mistype(plain, plain.length - 1) },
  { name: 'version 0', reason: 'unsupported_version', certificate: unsignedGrant({ version: 0 }) },
  { name: 'version 2', reason: 'unsupported_version', certificate: unsignedGrant({ version: 2 }) },
  { name: 'a flag', reason: 'unsupported_version', certificate: unsignedGrant({ flags: 1 }) },
  { name: 'the last flag', reason: 'unsupported_version', certificate: unsignedGrant({ flags: 128 }) },
  { name: 'a flag, well signed', reason: 'unsupported_version', certificate: lk1({ flags: 2 }) },
]

/** What a certificate grants, asked about one license of product 1001. */
const coverage = [
  { name: 'codes grants codes', usages: 1, usage: 1, grants: true },
  { name: 'all three grant lists', usages: 7, usage: 4, grants: true },
  { name: 'checkpoints alone grants checkpoints', usages: 8, usage: 8, grants: true },
  { name: 'codes does not grant statements', usages: 1, usage: 2, grants: false },
  { name: 'statements does not grant codes', usages: 2, usage: 1, grants: false },
  { name: 'nothing grants nothing', usages: 0, usage: 1, grants: false },
  { name: 'checkpoints does not grant codes', usages: 8, usage: 1, grants: false },
  { name: 'checkpoints beside codes grants no codes', usages: 9, usage: 1, grants: false },
  { name: 'checkpoints beside codes grants no checkpoints', usages: 9, usage: 8, grants: false },
  { name: 'an unknown usage beside codes grants nothing', usages: 17, usage: 1, grants: false },
  { name: 'every bit grants nothing', usages: 255, usage: 1, grants: false },
]

export const keyCertificate = {
  about:
    'Key certificates (contract 1.2), all of the published root. bad: the reason each must get by reading alone. coverage: whether usage bits grant one usage.',
  keys: published(ROOT, SIGNER),
  good,
  bad,
  coverage,
}
