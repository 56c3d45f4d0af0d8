import {
  fields,
  grant,
  lc1,
  lk1,
  mistype,
  NOW,
  PAID_UNTIL,
  QUORUM,
  ROOT,
  SIGNER,
  unsigned,
  unsignedGrant,
} from './base.ts'
import { published } from './keys.ts'
import { certificateBody, codeBody } from './objects.ts'

const code = lc1()
const key = lk1()
const pair = `${code} ${key}`

const fullWidth = (text: string) =>
  text
    .replace(/[!-~]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0))
    .replace(/ /g, '\u3000')
const wrapped = (text: string, width: number, end: string) =>
  text.match(new RegExp(`.{1,${width}}`, 'g'))!.join(end)
const sprinkled = (text: string, noise: string) => [...text].join(noise)
/** Misread symbols, the prefixes left as they are. */
const misread = (text: string) =>
  text
    .split(' ')
    .map(
      (object) =>
        object.slice(0, 4) +
        object
          .slice(4)
          .replace(/0/g, 'O')
          .replace(/1/g, (_, at) => 'IL'[at % 2]!),
    )
    .join(' ')

const one = [grant()]
const certificates = (count: number) => Array.from({ length: count }, (_, i) => ({ serial: i + 1 }))
const texts = (overs: readonly { serial: number }[]) => overs.map((over) => lk1(over)).join(' ')

const good = [
  { name: 'a code alone', text: code, certificates: [] },
  { name: 'a code and its certificate', text: pair, certificates: one },
  { name: 'the certificate first', text: `${key} ${code}`, certificates: one },
  { name: 'nothing between the objects', text: code + key, certificates: one },
  { name: 'no dashes', text: pair.replaceAll('-', ''), certificates: one },
  { name: 'lower case', text: pair.toLowerCase(), certificates: one },
  { name: 'full width, as an input method types it', text: fullWidth(pair), certificates: one },
  { name: 'full width in lower case', text: fullWidth(pair.toLowerCase()), certificates: one },
  { name: 'O for 0, I and L for 1', text: misread(pair), certificates: one },
  { name: 'o for 0, i and l for 1', text: misread(pair).toLowerCase(), certificates: one },
  { name: 'wrapped by a mail program', text: wrapped(pair, 72, '\r\n'), certificates: one },
  { name: 'wrapped in the middle of a prefix', text: wrapped(pair, 2, '\n'), certificates: one },
  { name: 'zero width spaces everywhere', text: sprinkled(pair, '\u200b'), certificates: one },
  { name: 'soft hyphens everywhere', text: sprinkled(pair, '\u00ad'), certificates: one },
  { name: 'typographic dashes', text: pair.replaceAll('-', '\u2013'), certificates: one },
  { name: 'minus signs', text: pair.replaceAll('-', '\u2212'), certificates: one },
  {
    name: 'no-break hyphens and no-break spaces',
    text: `\u00a0${pair.replaceAll('-', '\u2011')}\u00a0`,
    certificates: one,
  },
  { name: 'a byte order mark and a line end', text: `\ufeff${pair}\r\n`, certificates: one },
  { name: 'a file, one object per line, indented', text: `\t${code}\n\t${key}\n`, certificates: one },
  { name: 'the same certificate twice', text: `${pair} ${key}`, certificates: [...one, ...one] },
  {
    name: 'certificates around the code keep their order',
    text: `${lk1({ serial: 2 })} ${code} ${key}`,
    certificates: [grant({ serial: 2 }), grant()],
  },
  {
    name: 'two of three: two certificates equal in all but the root key',
    text: [code, ...QUORUM.slice(0, 2).map((root) => lk1({}, root))].join(' '),
    certificates: QUORUM.slice(0, 2).map(({ kid }) => grant({ root_kid: kid })),
  },
  {
    name: 'sixteen certificates',
    text: `${code} ${texts(certificates(16))}`,
    certificates: certificates(16).map(grant),
  },
  { name: 'exactly 8 KiB', text: pair + ' '.repeat(8192 - pair.length), certificates: one },
  {
    name: 'exactly 8 KiB of UTF-8',
    text: `${pair}\u3000${' '.repeat(8192 - pair.length - 3)}`,
    certificates: one,
  },
].map(({ certificates: overs, ...rest }) => ({
  ...rest,
  body_hex: codeBody(fields()).toString('hex'),
  certificate_bodies_hex: overs.map((over) => certificateBody(over).toString('hex')),
}))

const bad = [
  { name: 'nothing', reason: 'malformed', text: '' },
  { name: 'blanks', reason: 'malformed', text: ' \r\n\t-' },
  { name: 'no license code', reason: 'malformed', text: key },
  { name: 'the same code twice', reason: 'malformed', text: `${code} ${code}` },
  { name: 'two codes', reason: 'malformed', text: `${code} ${lc1({ revision: 8 })}` },
  { name: 'two codes around a certificate', reason: 'malformed', text: `${code} ${key} ${code}` },
  { name: 'seventeen certificates', reason: 'malformed', text: `${code} ${texts(certificates(17))}` },
  { name: 'one byte over 8 KiB', reason: 'malformed', text: pair + ' '.repeat(8193 - pair.length) },
  {
    name: 'over 8 KiB in UTF-8, not in characters',
    reason: 'malformed',
    text: pair + '\u3000'.repeat(Math.ceil((8193 - pair.length) / 3)),
  },
  { name: 'a word between the objects', reason: 'malformed', text: `${code} and ${key}` },
  { name: 'a comma between the objects', reason: 'malformed', text: `${code}, ${key}` },
  { name: 'one symbol between the objects', reason: 'malformed', text: `${code} 0 ${key}` },
  { name: 'a word before', reason: 'malformed', text: `License: ${pair}` },
  { name: 'a word after', reason: 'malformed', text: `${pair} thanks` },
  { name: 'quotation marks around', reason: 'malformed', text: `"${pair}"` },
  { name: 'angle brackets of a mail reply', reason: 'malformed', text: `> ${pair}` },
  { name: 'an unknown object after', reason: 'malformed', text: `${pair} ${key.replace('LK1', 'LX1')}` },
  { name: 'a prefix after and nothing else', reason: 'malformed', text: `${pair} LK1` },
  { name: 'the certificate cut short', reason: 'malformed', text: pair.slice(0, -7) },
  {
    name: 'the code cut short before its certificate',
    reason: 'malformed',
    text: `${code.slice(0, -6)} ${key}`,
  },
  { name: 'I for 1 inside a prefix', reason: 'malformed', text: pair.replace('LK1', 'LKI') },
  { name: 'the accented letter É', reason: 'malformed', text: pair.replace(/E/, '\u00c9') },
  { name: 'a lone surrogate', reason: 'malformed', text: `${pair}\ud800` },
  { name: 'the code mistyped', reason: 'mistyped', text: `${mistype(code, 50)} ${key}` },
  { name: 'the certificate mistyped', reason: 'mistyped', text: `${code} ${mistype(key, 50)}` },
  { name: 'mistyped, but a shape is wrong too', reason: 'malformed', text: `${mistype(code, 50)} ${key} ?` },
  {
    name: 'an unknown version, and the other object mistyped',
    reason: 'mistyped',
    text: `${unsigned({ version: 2 })} ${mistype(key, 50)}`,
  },
  { name: 'a code of version 2', reason: 'unsupported_version', text: `${unsigned({ version: 2 })} ${key}` },
  {
    name: 'a code with an unknown flag',
    reason: 'unsupported_version',
    text: `${unsigned({ flags: 16 })} ${key}`,
  },
  {
    name: 'a certificate of version 2',
    reason: 'unsupported_version',
    text: `${code} ${unsignedGrant({ version: 2 })}`,
  },
  {
    name: 'a certificate with a flag',
    reason: 'unsupported_version',
    text: `${code} ${unsignedGrant({ flags: 1 })}`,
  },
  {
    name: 'one certificate of version 2 beside a good one',
    reason: 'unsupported_version',
    text: `${pair} ${unsignedGrant({ version: 2, to: PAID_UNTIL, from: NOW })}`,
  },
]

export const licenseText = {
  about:
    'License texts (contract 1.1 reader, 1.2 license text), all with the same license code. good: the bodies that are read, certificates in the order of the text. bad: the reason each must get by reading alone.',
  keys: published(ROOT, SIGNER, ...QUORUM),
  good,
  bad,
}
