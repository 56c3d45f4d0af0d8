import { ISSUED, QUORUM, ROOT, SIGNER, STRANGER } from './base.ts'
import { published, sha256, type VectorKey } from './keys.ts'
import { compact, header, manifest } from './objects.ts'

export const entry = ({ kid, x }: VectorKey) => ({ kid, x })
export const revocation = (key: VectorKey, at = ISSUED, reason = 'leaked') => ({ ...entry(key), at, reason })

/** Version 1 of one root key; tests of several keys say so. */
export const payload = (over: object = {}) => ({
  version: 1,
  threshold: 1,
  keys: [entry(ROOT)],
  revoked: [],
  issued_at: ISSUED,
  ...over,
})

const signed = (over: object = {}, signers: readonly VectorKey[] = [ROOT]): string =>
  JSON.stringify(manifest(payload(over), signers))

/** A manifest whose payload is any text. */
function around(text: string): string {
  const [head, body, signature] = compact(ROOT, 'licet-root+json', text).split('.')
  return JSON.stringify({ payload: body, signatures: [{ protected: head, signature }] })
}

/** The parts of a good manifest, to be put together wrongly. */
const parts = JSON.parse(signed()) as {
  payload: string
  signatures: { protected: string; signature: string }[]
}
const put = (over: object) => JSON.stringify({ ...parts, ...over })
const signature = (over: object) => put({ signatures: [{ ...parts.signatures[0]!, ...over }] })
const protectedText = (text: string) => signature({ protected: Buffer.from(text).toString('base64url') })
const without = (name: string) => signed({ [name]: undefined })
const a = QUORUM[0]

const good = [
  { name: 'one root key', payload: payload(), text: signed() },
  {
    name: 'two of three',
    payload: payload({ threshold: 2, keys: QUORUM.map(entry) }),
    text: signed({ threshold: 2, keys: QUORUM.map(entry) }, QUORUM.slice(0, 2)),
  },
  {
    name: 'a later version that revokes a signing key and a root key',
    payload: payload({ version: 12, revoked: [revocation(SIGNER), revocation(STRANGER, 0, '')] }),
    text: signed({ version: 12, revoked: [revocation(SIGNER), revocation(STRANGER, 0, '')] }),
  },
  { name: 'signed by nobody yet', payload: payload(), text: signed({}, []) },
  { name: 'signed twice by one key', payload: payload(), text: signed({}, [ROOT, ROOT]) },
  { name: 'signed by an unknown key too', payload: payload(), text: signed({}, [STRANGER, ROOT]) },
  { name: 'white space between the members', payload: payload(), text: JSON.stringify(parts, null, 2) },
  { name: 'exactly 64 KiB', payload: payload(), text: signed() + ' '.repeat(65_536 - signed().length) },
  { name: 'unknown members are ignored', payload: payload(), text: put({ comment: 'of 2026', header: {} }) },
  { name: 'an unknown member of the payload is ignored', payload: payload(), text: signed({ comment: 1 }) },
]

const bad = [
  { why: 'no JSON', text: '' },
  { why: 'no object', text: '[]' },
  { why: 'null', text: 'null' },
  { why: 'text after the object', text: `${signed()}x` },
  { why: 'a byte order mark', text: `\ufeff${signed()}` },
  { why: 'over 64 KiB', text: signed() + ' '.repeat(65_537 - signed().length) },
  { why: 'over 64 KiB in UTF-8, not in characters', text: put({ note: '\u00e9'.repeat(32_600) }) },
  { why: 'payload twice', text: signed().replace('{', `{"payload":"${parts.payload}",`) },
  { why: 'compact serialization', text: compact(ROOT, 'licet-root+json', JSON.stringify(payload())) },
  {
    why: 'flattened serialization',
    text: JSON.stringify({ payload: parts.payload, ...parts.signatures[0] }),
  },
  { why: 'no payload', text: put({ payload: undefined }) },
  { why: 'payload is no text', text: put({ payload: payload() }) },
  { why: 'payload is padded', text: put({ payload: `${parts.payload}=` }) },
  { why: 'payload is no UTF-8', text: put({ payload: '_w' }) },
  { why: 'payload is no JSON', text: around('version 1') },
  { why: 'payload is an array', text: around(JSON.stringify([payload()])) },
  { why: 'payload with a byte order mark', text: around(`\ufeff${JSON.stringify(payload())}`) },
  {
    why: 'a member of the payload twice',
    text: around(JSON.stringify(payload()).replace('{', '{"version":1,')),
  },
  { why: 'no signatures', text: put({ signatures: undefined }) },
  { why: 'signatures is no array', text: put({ signatures: parts.signatures[0] }) },
  { why: 'a signature is no object', text: put({ signatures: ['x'] }) },
  { why: 'no protected header', text: signature({ protected: undefined }) },
  { why: 'no signature in the entry', text: signature({ signature: undefined }) },
  { why: 'a signature of 63 bytes', text: signature({ signature: Buffer.alloc(63).toString('base64url') }) },
  { why: 'a signature of 65 bytes', text: signature({ signature: Buffer.alloc(65).toString('base64url') }) },
  { why: 'a padded signature', text: signature({ signature: `${parts.signatures[0]!.signature}==` }) },
  { why: 'header of a statement', text: signature({ protected: header(ROOT.kid, 'license-statement+jwt') }) },
  { why: 'alg none', text: protectedText(`{"alg":"none","kid":"${ROOT.kid}","typ":"licet-root+json"}`) },
  {
    why: 'alg Ed25519',
    text: protectedText(`{"alg":"Ed25519","kid":"${ROOT.kid}","typ":"licet-root+json"}`),
  },
  {
    why: 'a space in the header',
    text: protectedText(`{"alg":"EdDSA", "kid":"${ROOT.kid}","typ":"licet-root+json"}`),
  },
  {
    why: 'another member order',
    text: protectedText(`{"kid":"${ROOT.kid}","alg":"EdDSA","typ":"licet-root+json"}`),
  },
  {
    why: 'crit in the header',
    text: protectedText(`{"alg":"EdDSA","kid":"${ROOT.kid}","typ":"licet-root+json","crit":[]}`),
  },
  {
    why: 'kid in upper case',
    text: protectedText('{"alg":"EdDSA","kid":"ABCDEF01","typ":"licet-root+json"}'),
  },
  { why: 'kid of 7 digits', text: protectedText('{"alg":"EdDSA","kid":"abcdef0","typ":"licet-root+json"}') },
  ...['version', 'threshold', 'keys', 'revoked', 'issued_at'].map((name) => ({
    why: `no ${name}`,
    text: without(name),
  })),
  { why: 'a lone surrogate', text: around(JSON.stringify(payload()).replace('{', '{"note":"\\udfff",')) },
  { why: 'version 0', text: signed({ version: 0 }) },
  { why: 'version 1.5', text: signed({ version: 1.5 }) },
  { why: 'version as text', text: signed({ version: '1' }) },
  { why: 'version beyond the safe integers', text: signed({ version: 2 ** 53 }) },
  { why: 'threshold 0', text: signed({ threshold: 0 }) },
  { why: 'threshold -1', text: signed({ threshold: -1 }) },
  { why: 'threshold above the number of keys', text: signed({ threshold: 2 }) },
  { why: 'threshold null', text: signed({ threshold: null }) },
  { why: 'no key at all', text: signed({ keys: [] }) },
  { why: 'keys is an object', text: signed({ keys: { 0: entry(ROOT), length: 1 } }) },
  { why: 'a key is a text', text: signed({ keys: [ROOT.x] }) },
  { why: 'a key twice', text: signed({ keys: [entry(ROOT), entry(ROOT)] }) },
  { why: 'kid is not the thumbprint of x', text: signed({ keys: [{ kid: a.kid, x: ROOT.x }] }) },
  { why: 'kid in upper case', text: signed({ keys: [{ kid: ROOT.kid.toUpperCase(), x: ROOT.x }] }) },
  { why: 'a key without a kid', text: signed({ keys: [{ x: ROOT.x }] }) },
  { why: 'a key without an x', text: signed({ keys: [{ kid: ROOT.kid }] }) },
  { why: 'x of 31 bytes', text: signed({ keys: [shortKey(31)] }) },
  { why: 'x of 33 bytes', text: signed({ keys: [shortKey(33)] }) },
  { why: 'x is padded', text: signed({ keys: [{ kid: ROOT.kid, x: `${ROOT.x}=` }] }) },
  { why: 'revoked twice', text: signed({ revoked: [revocation(SIGNER), revocation(SIGNER, ISSUED + 1)] }) },
  { why: 'revoked is null', text: signed({ revoked: null }) },
  { why: 'revoked without a date', text: signed({ revoked: [{ ...entry(SIGNER), reason: '' }] }) },
  { why: 'revoked before 1970', text: signed({ revoked: [revocation(SIGNER, -1)] }) },
  { why: 'revoked without a reason', text: signed({ revoked: [{ ...entry(SIGNER), at: 1 }] }) },
  {
    why: 'a revoked kid that is not the thumbprint',
    text: signed({ revoked: [{ ...revocation(SIGNER), kid: a.kid }] }),
  },
  { why: 'issued_at as text', text: signed({ issued_at: '2026-01-01T00:00:00Z' }) },
  { why: 'issued_at before 1970', text: signed({ issued_at: -1 }) },
  { why: 'issued_at after the year 9999', text: signed({ issued_at: 253_402_300_800 }) },
]

/** A key of a wrong length whose kid is the thumbprint of what it is. */
function shortKey(length: number) {
  const x = Buffer.alloc(length, 7).toString('base64url')
  return { kid: sha256(`{"crv":"Ed25519","kty":"OKP","x":"${x}"}`).toString('hex', 0, 4), x }
}

export const rootManifest = {
  about:
    'Root manifests as JSON text (contract 1.3). good: the payload that is read; signatures may still be too few, reading does not judge them. bad: malformed, each of them.',
  keys: published(ROOT, SIGNER, STRANGER, ...QUORUM),
  good,
  bad,
}
