import { NOW, STRANGER } from './base.ts'
import { keyOf, published } from './keys.ts'
import { compact } from './objects.ts'

export const LISTER = keyOf('lists')
const ID = '5f2c9d0b7a11e384'
const DAY = 86_400

export const listClaims = (over: object = {}) => ({
  iss: 'https://license.example.com',
  aud: 'cad-pro',
  number: 12,
  iat: NOW,
  next_update: NOW + 7 * DAY,
  root: 1,
  entries: [[ID, 8, 'frozen']],
  ...over,
})

const text = (over: object = {}) => JSON.stringify(listClaims(over))
const jwt = (body: string) => compact(LISTER, 'license-revocations+jwt', body)

const good = [
  { name: 'one frozen license', over: {} },
  { name: 'nothing on it', over: { entries: [] } },
  {
    name: 'every reason, revisions at both ends',
    over: {
      entries: [
        ['0000000000000000', 0, 'released'],
        ['ffffffffffffffff', 65_535, 'superseded'],
        [ID, 1, 'frozen'],
      ],
    },
  },
  {
    name: 'a license twice',
    over: {
      entries: [
        [ID, 8, 'frozen'],
        [ID, 9, 'superseded'],
      ],
    },
  },
  {
    name: 'numbers at their largest',
    over: { number: 0xffffffff, root: 2 ** 53 - 1, next_update: 253_402_300_799 },
  },
  { name: 'numbers at their smallest', over: { number: 0, iat: 0, next_update: 0 } },
  { name: 'overdue when it was made', over: { next_update: NOW - 1 } },
].map(({ name, over }) => ({ name, claims: listClaims(over), jwt: jwt(text(over)) }))

const ignored = [
  { name: 'an unknown claim', more: '"note":"for later"' },
  { name: 'an unknown claim called __proto__', more: '"__proto__":{"entries":[]}' },
].map(({ name, more }) => ({ name, claims: listClaims(), jwt: jwt(`${text().slice(0, -1)},${more}}`) }))

const entries = (...list: readonly unknown[]) => ({ entries: list })
const badClaims = [
  ...Object.keys(listClaims()).flatMap((name) => [
    { why: `no ${name}`, over: { [name]: undefined } },
    { why: `${name} is null`, over: { [name]: null } },
    { why: `${name} is true`, over: { [name]: true } },
  ]),
  { why: 'iss is empty', over: { iss: '' } },
  { why: 'aud is empty', over: { aud: '' } },
  { why: 'aud is a list', over: { aud: ['cad-pro'] } },
  { why: 'number of 33 bits', over: { number: 2 ** 32 } },
  { why: 'number below 0', over: { number: -1 } },
  { why: 'number in fractions', over: { number: 1.5 } },
  { why: 'number as a text', over: { number: '12' } },
  { why: 'iat in milliseconds', over: { iat: NOW * 1000 } },
  { why: 'iat before 1970', over: { iat: -1 } },
  { why: 'next_update as a date', over: { next_update: '2026-07-08T00:00:00Z' } },
  { why: 'root 0', over: { root: 0 } },
  { why: 'entries as an object', over: { entries: { [ID]: [8, 'frozen'] } } },
  { why: 'entries of a status list', over: { entries: 'eNrbuRgAAhcBXQ' } },
  { why: 'an entry that is a text', over: entries(ID) },
  { why: 'an entry that is an object', over: entries({ 0: ID, 1: 8, 2: 'frozen', length: 3 }) },
  { why: 'an entry that is null', over: entries([ID, 8, 'frozen'], null) },
  { why: 'an entry of two', over: entries([ID, 8]) },
  { why: 'an entry of four', over: entries([ID, 8, 'frozen', NOW]) },
  { why: 'a license id in upper case', over: entries([ID.toUpperCase(), 8, 'frozen']) },
  { why: 'a license id of 15 digits', over: entries([ID.slice(1), 8, 'frozen']) },
  { why: 'a license id with a line end', over: entries([`${ID}\n`, 8, 'frozen']) },
  { why: 'a revision of 17 bits', over: entries([ID, 65_536, 'frozen']) },
  { why: 'a revision below 0', over: entries([ID, -1, 'frozen']) },
  { why: 'a revision in fractions', over: entries([ID, 0.5, 'frozen']) },
  { why: 'a revision that is null', over: entries([ID, null, 'released']) },
  { why: 'an unknown reason', over: entries([ID, 8, 'expired']) },
  { why: 'a reason in upper case', over: entries([ID, 8, 'Frozen']) },
  { why: 'the name of an inherited member as reason', over: entries([ID, 8, 'constructor']) },
  { why: 'no reason', over: entries([ID, 8, null]) },
].map(({ why, over }) => ({ why, jwt: jwt(text(over)) }))

const parts = jwt(text()).split('.') as [string, string, string]
const head = (line: string) => [Buffer.from(line).toString('base64url'), parts[1], parts[2]].join('.')
const typ = 'license-revocations+jwt'

const badShapes = [
  { why: 'nothing', jwt: '' },
  { why: 'two parts', jwt: parts.slice(0, 2).join('.') },
  { why: 'a padded signature', jwt: `${parts.join('.')}==` },
  { why: 'a line end', jwt: `${parts.join('.')}\n` },
  { why: 'a JSON object instead of a JWT', jwt: text() },
  { why: 'typ of a statement', jwt: compact(LISTER, 'license-statement+jwt', text()) },
  { why: 'typ in upper case', jwt: compact(LISTER, typ.toUpperCase(), text()) },
  { why: 'typ JWT', jwt: compact(LISTER, 'JWT', text()) },
  { why: 'alg none', jwt: head(`{"alg":"none","kid":"${LISTER.kid}","typ":"${typ}"}`) },
  { why: 'alg HS256', jwt: head(`{"alg":"HS256","kid":"${LISTER.kid}","typ":"${typ}"}`) },
  {
    why: 'an embedded key',
    jwt: head(
      `{"alg":"EdDSA","jwk":{"kty":"OKP","crv":"Ed25519","x":"${STRANGER.x}"},"kid":"${LISTER.kid}","typ":"${typ}"}`,
    ),
  },
  { why: 'crit', jwt: head(`{"alg":"EdDSA","crit":[],"kid":"${LISTER.kid}","typ":"${typ}"}`) },
  { why: 'body is a list', jwt: jwt(`[${text()}]`) },
  { why: 'body with a byte order mark', jwt: jwt(`\ufeff${text()}`) },
  { why: 'entries twice', jwt: jwt(text().replace('{', '{"entries":[],')) },
  { why: 'number twice, once escaped', jwt: jwt(text().replace('{', '{"num\\u0062er":11,')) },
  { why: 'nested 17 deep', jwt: jwt(text().replace('{', `{"note":${'['.repeat(17)}${']'.repeat(17)},`)) },
]

export const revocations = {
  about:
    'Revocation lists as compact JWTs (contract 1.5). good: the claims that are read. bad: malformed, each of them, whatever the signature, which is good where the shape allows one.',
  keys: published(LISTER),
  good: [...good, ...ignored],
  bad: [...badShapes, ...badClaims],
}
