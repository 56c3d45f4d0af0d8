import { describe, expect, it } from 'vitest'
import { certify } from '../../../src/authority/ceremony/certify.ts'
import { countedCertificates } from '../../../src/authority/ceremony/count.ts'
import { nodeCrypto } from '../../../src/crypto/node.ts'
import { manifestBy, NOW, newKey, requestOf } from './kit.ts'

const [A, B, C, D] = [newKey(), newKey(), newKey(), newKey()]
const KEY = newKey()
const ASKED = requestOf(KEY)
const by = (root: typeof A, asked = ASKED): string => certify(asked, root, nodeCrypto)
const FIRST = manifestBy([A, B, C])
const count = (certificates: readonly string[], chain = [FIRST]) =>
  countedCertificates(chain, KEY.publicKey, certificates, nodeCrypto)

describe('certificates count', () => {
  it('when as many root keys signed as the threshold asks', () => {
    const texts = [by(A), by(C)]
    const { counted, grants, short, refused } = count(texts)
    expect({ counted, short, refused }).toEqual({ counted: texts, short: [], refused: [] })
    expect(grants).toMatchObject([{ have: 2, need: 2, roots: [A.kid, C.kid] }])
  })

  it('once for each root key', () => {
    expect(count([by(A), by(B), by(A)]).counted).toEqual([by(A), by(B)])
  })

  it('under an older manifest of the chain, too', () => {
    const next = manifestBy([C, D], { version: 2 })
    expect(count([by(A), by(B)], [FIRST, next]).counted).toHaveLength(2)
  })

  it('for each of two windows alone', () => {
    const later = { ...ASKED, from: ASKED.to, to: ASKED.to + 1_000 }
    const { counted, short } = count([by(A), by(B), by(A, later)])
    expect(counted).toEqual([by(A), by(B)])
    expect(short).toMatchObject([{ have: 1, need: 2 }])
  })
})

describe('certificates do not count', () => {
  it.each([
    ['of one root key of two', [by(A)], 1],
    ['of one root key twice', [by(A), by(A)], 1],
    ['of two root keys that say two things', [by(A), by(B, { ...ASKED, serial: 2 })], 1],
    ['of two root keys that name two terms', [by(A), by(B, { ...ASKED, maxTermMonths: 12 })], 1],
  ])('%s', (_, texts, have) => {
    const { counted, short } = count(texts)
    expect(counted).toEqual([])
    for (const one of short) expect(one).toMatchObject({ have, need: 2 })
    expect(short.length).toBeGreaterThan(0)
  })

  it('of root keys of two manifests, one of each', () => {
    const next = manifestBy([C, D], { version: 2 })
    const { counted, short } = count([by(A), by(D)], [FIRST, next])
    expect(counted).toEqual([])
    expect(short).toMatchObject([{ have: 1, need: 2 }])
  })

  it('of a root key that the newest manifest revokes', () => {
    const entry = { kid: A.kid, publicKey: A.publicKey, at: NOW, reason: 'lost' }
    const next = manifestBy([B, C], { version: 2, revoked: [entry] })
    const { counted, short, refused } = count([by(A), by(B)], [FIRST, next])
    expect(counted).toEqual([])
    expect(refused).toEqual([{ text: by(A), why: 'revoked_root' }])
    expect(short).toMatchObject([{ have: 1, need: 2 }])
  })

  it.each([
    ['another root', by(D), 'unknown_root'],
    ['another key', by(A, requestOf(newKey())), 'other_key'],
    ['no certificate', 'LK1-00000', 'unreadable'],
    ['a typing error', by(A).replace(/.$/, (s) => (s === '0' ? '1' : '0')), 'unreadable'],
    ['nothing', '', 'unreadable'],
  ])('that are of %s', (_, text, why) => {
    expect(count([text, by(B)])).toMatchObject({ counted: [], refused: [{ text, why }] })
  })

  it('that name a root key which did not sign', () => {
    const forged = certify(ASKED, { ...D, kid: A.kid }, nodeCrypto)
    expect(count([forged, by(B)])).toMatchObject({ counted: [], refused: [{ why: 'bad_signature' }] })
  })

  it('where there are none, or nobody is trusted', () => {
    expect(count([])).toEqual({ counted: [], grants: [], short: [], refused: [] })
    expect(count([by(A)], [])).toMatchObject({ counted: [], refused: [{ why: 'unknown_root' }] })
  })
})
