import { FINGERPRINT, NOW, PAID_UNTIL, STRANGER } from './base.ts'
import { keyOf, published, sha256 } from './keys.ts'
import { compact } from './objects.ts'

export const SPEAKER = keyOf('statements')
const device = sha256('LC1 bind\0', FINGERPRINT).toString('base64url')

export const statementClaims = (over: object = {}) => ({
  iss: 'https://license.example.com',
  sub: '5f2c9d0b7a11e384',
  aud: 'cad-pro',
  iat: NOW,
  exp: NOW + 86_400,
  root: 1,
  rev: 7,
  status: 'active',
  paid_until: PAID_UNTIL,
  works_until: PAID_UNTIL + 15 * 86_400,
  product: 1001,
  edition: 'flagship',
  features: ['render', 'simulate'],
  seats: 50,
  trial: false,
  ...over,
})

const text = (over: object = {}) => JSON.stringify(statementClaims(over))
const jwt = (body: string) => compact(SPEAKER, 'license-statement+jwt', body)

const good = [
  { name: 'an active license', over: {} },
  { name: 'for a device, with a nonce', over: { device, nonce: 'Az09_-' } },
  { name: 'a nonce of 64 characters', over: { nonce: 'n'.repeat(64) } },
  { name: 'a nonce of one character', over: { nonce: '-' } },
  { name: 'frozen', over: { status: 'frozen' } },
  { name: 'released', over: { status: 'released' } },
  { name: 'pending, end not known', over: { status: 'pending', paid_until: null, works_until: null } },
  {
    name: 'perpetual and unlimited, no features',
    over: { paid_until: null, works_until: null, seats: null, features: [] },
  },
  { name: 'a trial without grace', over: { trial: true, works_until: PAID_UNTIL } },
  { name: 'an end beyond 32 bits', over: { paid_until: 2 ** 32, works_until: 253_402_300_799 } },
  { name: 'numbers at their largest', over: { rev: 65_535, seats: 65_535, product: 0xffffffff } },
  { name: 'numbers at their smallest', over: { rev: 0, seats: 1, product: 0, iat: 0, exp: 0 } },
].map(({ name, over }) => ({ name, claims: statementClaims(over), jwt: jwt(text(over)) }))

const ignored = [
  { name: 'an unknown claim', over: { note: 'for later' } },
  { name: 'an unknown claim that is nested', over: { next: { plan: [{ a: 1 }] } } },
  { name: 'an unknown claim called __proto__', over: JSON.parse('{"__proto__": {"trial": true}}') },
].map(({ name, over }) => ({
  name,
  claims: statementClaims(),
  jwt: jwt(`${text().slice(0, -1)},${JSON.stringify(over).slice(1)}`),
}))

const escaped = {
  name: 'an unknown claim with both halves of a surrogate pair, escaped',
  claims: statementClaims(),
  jwt: jwt(text().replace('{', '{"note":"\\ud83d\\ude00 \\\\ud800",')),
}

const REQUIRED = Object.keys(statementClaims())

const badClaims = [
  ...REQUIRED.map((name) => ({ why: `no ${name}`, over: { [name]: undefined } })),
  ...REQUIRED.filter((name) => !['paid_until', 'works_until', 'seats'].includes(name)).map((name) => ({
    why: `${name} is null`,
    over: { [name]: null },
  })),
  ...REQUIRED.filter((name) => name !== 'trial').map((name) => ({
    why: `${name} is true`,
    over: { [name]: true },
  })),
  { why: 'iss is empty', over: { iss: '' } },
  { why: 'sub in upper case', over: { sub: '5F2C9D0B7A11E384' } },
  { why: 'sub of 15 digits', over: { sub: '5f2c9d0b7a11e38' } },
  { why: 'sub of 17 digits', over: { sub: '5f2c9d0b7a11e3840' } },
  { why: 'sub with a line end', over: { sub: '5f2c9d0b7a11e384\n' } },
  { why: 'aud is a list', over: { aud: ['cad-pro'] } },
  { why: 'aud is empty', over: { aud: '' } },
  { why: 'iat is a text', over: { iat: String(NOW) } },
  { why: 'iat in fractions', over: { iat: NOW + 0.5 } },
  { why: 'iat before 1970', over: { iat: -1 } },
  { why: 'exp in fractions', over: { exp: NOW + 0.1 } },
  { why: 'exp in milliseconds', over: { exp: NOW * 1000 } },
  { why: 'root 0', over: { root: 0 } },
  { why: 'root in fractions', over: { root: 1.5 } },
  { why: 'rev above 65535', over: { rev: 65_536 } },
  { why: 'rev below 0', over: { rev: -1 } },
  { why: 'an unknown status', over: { status: 'expired' } },
  { why: 'status in upper case', over: { status: 'Active' } },
  { why: 'the name of an inherited member as status', over: { status: 'constructor' } },
  { why: 'paid_until as a date', over: { paid_until: '2027-01-01T00:00:00Z' } },
  { why: 'perpetual in one end only', over: { paid_until: null } },
  { why: 'perpetual in the other end only', over: { works_until: null } },
  { why: 'works shorter than it is paid', over: { works_until: PAID_UNTIL - 1 } },
  { why: 'works_until after the year 9999', over: { works_until: 253_402_300_800 } },
  { why: 'product as its code', over: { product: 'cad-pro' } },
  { why: 'product above 32 bits', over: { product: 2 ** 32 } },
  { why: 'edition as its number', over: { edition: 2 } },
  { why: 'edition is empty', over: { edition: '' } },
  { why: 'features as bits', over: { features: 5 } },
  { why: 'features as a text', over: { features: 'render' } },
  { why: 'a feature is a number', over: { features: ['render', 2] } },
  { why: 'a feature is empty', over: { features: [''] } },
  { why: 'seats 0: unlimited is null', over: { seats: 0 } },
  { why: 'seats above 65535', over: { seats: 65_536 } },
  { why: 'trial as a number', over: { trial: 1 } },
  { why: 'trial as a text', over: { trial: 'false' } },
  { why: 'device is null', over: { device: null } },
  { why: 'device of 10 bytes', over: { device: Buffer.alloc(10).toString('base64url') } },
  { why: 'device of 33 bytes', over: { device: Buffer.alloc(33).toString('base64url') } },
  { why: 'device is padded', over: { device: `${device}=` } },
  { why: 'device as the fingerprint itself', over: { device: FINGERPRINT } },
  { why: 'an empty nonce', over: { nonce: '' } },
  { why: 'a nonce of 65 characters', over: { nonce: 'n'.repeat(65) } },
  { why: 'a nonce with a dot', over: { nonce: 'a.b' } },
  { why: 'a nonce with a line end', over: { nonce: 'abc\n' } },
  { why: 'a nonce that is a number', over: { nonce: 12345 } },
].map(({ why, over }) => ({ why, jwt: jwt(text(over)) }))

const parts = jwt(text()).split('.') as [string, string, string]
const joined = (...over: string[]) => over.join('.')
const head = (line: string) => joined(Buffer.from(line).toString('base64url'), parts[1], parts[2])

const badShapes = [
  { why: 'nothing', jwt: '' },
  { why: 'two parts', jwt: joined(parts[0], parts[1]) },
  { why: 'four parts', jwt: joined(...parts, parts[2]) },
  { why: 'no body', jwt: joined(parts[0], '', parts[2]) },
  { why: 'a signature of 63 bytes', jwt: joined(parts[0], parts[1], 'A'.repeat(84)) },
  { why: 'a padded signature', jwt: `${joined(...parts)}==` },
  { why: 'a line end', jwt: `${joined(...parts)}\n` },
  { why: 'longer than 16 KiB', jwt: jwt(text({ note: 'x'.repeat(16_384) })) },
  { why: 'a JSON object instead of a JWT', jwt: text() },
  { why: 'typ of a revocation list', jwt: compact(SPEAKER, 'license-revocations+jwt', text()) },
  { why: 'typ of a license code', jwt: compact(SPEAKER, 'lc1', text()) },
  { why: 'typ JWT', jwt: compact(SPEAKER, 'JWT', text()) },
  { why: 'alg none', jwt: head(`{"alg":"none","kid":"${SPEAKER.kid}","typ":"license-statement+jwt"}`) },
  { why: 'alg HS256', jwt: head(`{"alg":"HS256","kid":"${SPEAKER.kid}","typ":"license-statement+jwt"}`) },
  { why: 'alg Ed25519', jwt: head(`{"alg":"Ed25519","kid":"${SPEAKER.kid}","typ":"license-statement+jwt"}`) },
  {
    why: 'an embedded key',
    jwt: head(
      `{"alg":"EdDSA","jwk":{"kty":"OKP","crv":"Ed25519","x":"${STRANGER.x}"},"kid":"${SPEAKER.kid}","typ":"license-statement+jwt"}`,
    ),
  },
  {
    why: 'another member order',
    jwt: head(`{"typ":"license-statement+jwt","alg":"EdDSA","kid":"${SPEAKER.kid}"}`),
  },
  {
    why: 'a header in JSON of another spelling',
    jwt: head(`{"alg":"EdDSA","kid":"${SPEAKER.kid}","typ":"license-statement\\u002bjwt"}`),
  },
  {
    why: 'alg twice',
    jwt: head(`{"alg":"none","alg":"EdDSA","kid":"${SPEAKER.kid}","typ":"license-statement+jwt"}`),
  },
  { why: 'no kid', jwt: head('{"alg":"EdDSA","typ":"license-statement+jwt"}') },
  { why: 'kid of another form', jwt: head('{"alg":"EdDSA","kid":"../../x1","typ":"license-statement+jwt"}') },
  { why: 'body is no JSON', jwt: jwt('active') },
  { why: 'body is a list', jwt: jwt(`[${text()}]`) },
  { why: 'body with a byte order mark', jwt: jwt(`\ufeff${text()}`) },
  { why: 'body with text behind', jwt: jwt(`${text()}}`) },
  { why: 'status twice', jwt: jwt(text().replace('{', '{"status":"frozen",')) },
  { why: 'the same status twice', jwt: jwt(text().replace('{', '{"status":"active",')) },
  { why: 'a claim twice, once escaped', jwt: jwt(text().replace('{', '{"st\\u0061tus":"frozen",')) },
  { why: 'a lone surrogate', jwt: jwt(text().replace('{', '{"note":"\\ud800",')) },
  { why: 'surrogates the wrong way round', jwt: jwt(text().replace('{', '{"note":"\\udc00\\ud800",')) },
  { why: 'a lone surrogate as the name of a claim', jwt: jwt(text().replace('{', '{"\\ud800":1,')) },
  { why: 'nested 17 deep', jwt: jwt(text().replace('{', `{"note":${'['.repeat(17)}${']'.repeat(17)},`)) },
]

export const statement = {
  about:
    'Statements as compact JWTs (contract 1.4). good: the claims that are read. bad: malformed, each of them, whatever the signature, which is good where the shape allows one.',
  keys: published(SPEAKER),
  good: [...good, ...ignored, escaped],
  bad: [...badShapes, ...badClaims],
}
