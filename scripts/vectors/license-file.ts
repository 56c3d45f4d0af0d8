import { lc1, lk1, mistype, QUORUM, ROOT, SIGNER } from './base.ts'
import { published } from './keys.ts'
import { certificates, LISTER, license, license2of3, list, root2, SPEAKER, statement } from './since-case.ts'

const manifest = JSON.stringify(root2)
const [token, revocations] = [statement({ root: 2 }), list()]
const lines = [license, ...certificates, manifest, token, revocations]
const file = (...parts: readonly string[]): string => parts.map((part) => `${part}\n`).join('')
const all = { license, certificates, manifests: [manifest], statement: token, list: revocations }
const none = { license: null, certificates: [], manifests: [], statement: null, list: null }

const good = [
  { name: 'everything', text: file(...lines), file: all },
  {
    name: 'the lines turned around',
    text: file(...[...lines].reverse()),
    file: { ...all, certificates: [...certificates].reverse() },
  },
  { name: 'no line end at the end', text: file(...lines).trimEnd(), file: all },
  { name: 'comments and blank lines', text: `# for machine 7\n\n${file(...lines)}\n\t# end`, file: all },
  {
    name: 'line ends of another system, blanks, a byte order mark',
    text: `\ufeff${lines.map((line) => ` ${line}\t\r\n`).join('')}`,
    file: all,
  },
  { name: 'a license text alone', text: license, file: { ...none, license } },
  {
    name: 'two certificates on one line',
    text: file(lc1(), certificates.join(' ')),
    file: { ...none, license: lc1(), certificates: [certificates.join(' ')] },
  },
  {
    name: 'two of three',
    text: file(manifest, license2of3),
    file: { ...none, manifests: [manifest], license: license2of3 },
  },
  {
    name: 'no license',
    text: file(manifest, token),
    file: { ...none, manifests: [manifest], statement: token },
  },
  { name: 'nothing', text: '', file: none },
]

const bad = [
  { name: 'a line of prose', line: 2, why: 'malformed', text: file(license, 'Dear customer,') },
  { name: 'a comment behind an object', line: 1, why: 'malformed', text: file(`${license} # machine 7`) },
  {
    name: 'a license text on two lines',
    line: 1,
    why: 'malformed',
    text: file(license.slice(0, 90), license.slice(90)),
  },
  {
    name: 'a mistyped license',
    line: 3,
    why: 'mistyped',
    text: file('# one', '', `${mistype(lc1(), 60)} ${lk1()}`),
  },
  {
    name: 'a mistyped certificate',
    line: 2,
    why: 'mistyped',
    text: file(license, mistype(lk1({ serial: 9 }), 60)),
  },
  {
    name: 'a version that is to come',
    line: 2,
    why: 'unsupported_version',
    text: file(license, lk1({ version: 2 })),
  },
  { name: 'two licenses', line: 3, why: 'repeated', text: file(license, '', lc1()) },
  { name: 'two statements', line: 3, why: 'repeated', text: file(license, token, token) },
  { name: 'two lists', line: 4, why: 'repeated', text: file(revocations, license, '#', revocations) },
  { name: 'a token of another type', line: 1, why: 'malformed', text: file('eyJhbGciOiJFZERTQSJ9.e30.AAAA') },
  { name: 'a statement cut short', line: 2, why: 'malformed', text: file(license, token.slice(0, -1)) },
  {
    name: 'a statement without a signature',
    line: 2,
    why: 'malformed',
    text: file(license, `${token.slice(0, token.lastIndexOf('.'))}.`),
  },
  { name: 'a manifest that is none', line: 1, why: 'malformed', text: file('{}', license) },
  {
    name: 'a manifest on two lines',
    line: 1,
    why: 'malformed',
    text: file(JSON.stringify(root2, null, 1), license),
  },
  { name: 'a list of manifests', line: 1, why: 'malformed', text: file(`[${manifest}]`, license) },
  { name: '65 manifests', line: 65, why: 'too_many', text: file(...Array(65).fill(manifest)) },
  {
    name: '65 lines of certificates',
    line: 66,
    why: 'too_many',
    text: file(license, ...Array(65).fill(certificates[0]!)),
  },
  { name: 'the first of several broken lines', line: 2, why: 'malformed', text: file('', 'x', license, 'y') },
]

export const licenseFile = {
  about:
    'License files (.lic): one object per line. good: the parts that are read, nothing verified. bad: the number of the first broken line and why.',
  keys: published(ROOT, ...QUORUM, SIGNER, SPEAKER, LISTER),
  good,
  bad,
}
