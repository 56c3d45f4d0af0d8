import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import { compactVerify, importJWK } from 'jose'
import { foundOn, newDevelopmentRoot } from '../../src/authority/found.ts'
import { nodeCrypto } from '../../src/crypto/node.ts'
import { decodeBase64url, encodeBase64url } from '../../src/format/base64url.ts'
import { signingInput, writeCompact } from '../../src/format/jws.ts'
import { encodeKeyCertificate, USAGE, writeKeyCertificate } from '../../src/format/key-certificate.ts'
import { encodeLicenseCode, writeLicenseCode } from '../../src/format/license-code.ts'
import { writeLicenseText } from '../../src/format/license-text.ts'
import { openTrustSync, type Trust, verifySync } from '../../src/verify/node.ts'
import { cpuMicrosOf } from '../report/own-time.ts'
import { interleave } from '../rounds.ts'
import { VERIFIERS, type VerifyRound, type VerifySettings } from './verify.ts'

/** Verifies the same signatures in three ways, in one process without HTTP. Prints its rounds as JSON. */
const settings: VerifySettings = JSON.parse(process.argv[2]!)
const NOW = 1_800_000_000
const CODES = 256
/** More certificates than the verifier remembers: each comes as if for the first time. */
const CHAINS = 1024

interface Signed {
  readonly message: Uint8Array
  readonly signature: Uint8Array
  readonly jws: string
  readonly text: string
}

/** A license text whose certificate is met for the first time, and both signatures in it. */
interface Chained {
  readonly text: string
  readonly certified: Pick<Signed, 'message' | 'signature'>
  readonly signed: Signed
}

interface Material {
  readonly signed: readonly Signed[]
  readonly chained: readonly Chained[]
  readonly root: KeyObject
  readonly key: KeyObject
  readonly jose: Awaited<ReturnType<typeof importJWK>>
  readonly trust: Trust
}

/** The bench has no need of secrets. */
const OPENLY = {
  seal: (_: string, secret: Uint8Array) => encodeBase64url(secret),
  open: () => new Uint8Array(),
}
const TOOLS = { crypto: nodeCrypto, sealing: OPENLY, issuer: 'https://licenses.example.com' }

async function material(): Promise<Material> {
  const root = newDevelopmentRoot(nodeCrypto, NOW)
  const { keys, manifests } = foundOn(root, TOOLS, NOW)
  const { kid, publicKey, sealed, certificates } = keys.find(({ usage }) => usage === 'codes')!
  const signer = nodeCrypto.signer(decodeBase64url(sealed!)!, decodeBase64url(publicKey)!)
  const signed = Array.from({ length: CODES }, (_, index) => {
    const licenseId = index.toString(16).padStart(16, '0')
    const body = encodeLicenseCode({ ...FIELDS, licenseId, kid })
    const message = signingInput(kid, 'lc1', body)
    const signature = signer.sign(message)
    const jws = writeCompact(kid, 'lc1', body, signature)
    const text = writeLicenseText(writeLicenseCode(body, signature, nodeCrypto.sha256), certificates)
    return { message, signature, jws, text }
  })
  const rootSigner = nodeCrypto.signer(root.privateKey, root.publicKey)
  const chained = Array.from({ length: CHAINS }, (_, serial): Chained => {
    const grant = { serial, usages: USAGE.codes, from: NOW, to: NOW + 1, product: 0, maxTermMonths: 0 }
    const bytes = decodeBase64url(publicKey)!
    const body = encodeKeyCertificate({ ...grant, rootKid: root.kid, publicKey: bytes })
    const message = signingInput(root.kid, 'lk1', body)
    const signature = rootSigner.sign(message)
    const one = signed[serial % CODES]!
    const certificate = writeKeyCertificate(body, signature, nodeCrypto.sha256)
    const text = writeLicenseText(one.text.slice(0, one.text.indexOf(' ')), [certificate])
    return { text, certified: { message, signature }, signed: one }
  })
  const opened = openTrustSync(manifests)
  if (!opened.ok) throw new Error(opened.why)
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: publicKey }
  const key = createPublicKey({ key: jwk, format: 'jwk' })
  const rootJwk = { ...jwk, x: encodeBase64url(root.publicKey) }
  const prepared = { root: createPublicKey({ key: rootJwk, format: 'jwk' }), key }
  return { signed, chained, ...prepared, jose: await importJWK(jwk, 'EdDSA'), trust: opened.trust }
}

const FIELDS = {
  trial: false,
  product: 1001,
  edition: 2,
  seats: 25,
  issuedAt: NOW,
  paidUntil: NOW + 365 * 86_400,
  revision: 1,
  graceDays: 3,
  features: 7,
  binding: null,
}

type Verifier = (typeof VERIFIERS)[number]

/** Each throws when the signature, which is a good one, does not hold. */
function verifiers({ signed, chained, root, key, jose, trust }: Material): Readonly<Record<Verifier, Act>> {
  const options = { now: NOW, product: 1001 }
  const isLicensed = (text: string) => assert(verifySync(text, trust, options).valid)
  const isSigned = ({ message, signature }: Pick<Signed, 'message' | 'signature'>, by: KeyObject) =>
    assert(verify(null, message, by, signature))
  return {
    licet: (index) => isLicensed(signed[index % CODES]!.text),
    'node:crypto': (index) => isSigned(signed[index % CODES]!, key),
    jose: (index) => compactVerify(signed[index % CODES]!.jws, jose),
    'licet, new certificate': (index) => isLicensed(chained[index % CHAINS]!.text),
    'node:crypto, both': (index) => {
      const { certified, signed } = chained[index % CHAINS]!
      isSigned(certified, root)
      isSigned(signed, key)
    },
  }
}

type Act = (index: number) => unknown

function assert(valid: boolean): void {
  if (!valid) throw new Error('a good signature did not verify')
}

const made = await material()
const verifyOne = verifiers(made)
const cost = (name: Verifier) => cpuMicrosOf(settings.verifications, verifyOne[name])

// The first rounds compile; they are not kept.
await interleave(VERIFIERS, 4, cost)
const rounds: readonly VerifyRound[] = await interleave(VERIFIERS, settings.rounds, cost)
console.log(JSON.stringify(rounds))
