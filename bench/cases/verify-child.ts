import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import { compactVerify, importJWK } from 'jose'
import { foundOn, newDevelopmentRoot } from '../../src/authority/found.ts'
import { nodeCrypto } from '../../src/crypto/node.ts'
import { decodeBase64url, encodeBase64url } from '../../src/format/base64url.ts'
import { signingInput, writeCompact } from '../../src/format/jws.ts'
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

interface Signed {
  readonly message: Uint8Array
  readonly signature: Uint8Array
  readonly jws: string
  readonly text: string
}

interface Material {
  readonly signed: readonly Signed[]
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
  const { keys, manifests } = foundOn(newDevelopmentRoot(nodeCrypto, NOW), TOOLS, NOW)
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
  const opened = openTrustSync(manifests)
  if (!opened.ok) throw new Error(opened.why)
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: publicKey }
  const key = createPublicKey({ key: jwk, format: 'jwk' })
  return { signed, key, jose: await importJWK(jwk, 'EdDSA'), trust: opened.trust }
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
function verifiers({ key, jose, trust }: Material): Readonly<Record<Verifier, (one: Signed) => unknown>> {
  const options = { now: NOW, product: 1001 }
  return {
    licet: ({ text }) => assert(verifySync(text, trust, options).valid),
    'node:crypto': ({ message, signature }) => assert(verify(null, message, key, signature)),
    jose: ({ jws }) => compactVerify(jws, jose),
  }
}

function assert(valid: boolean): void {
  if (!valid) throw new Error('a good signature did not verify')
}

const made = await material()
const verifyOne = verifiers(made)
const cost = (name: Verifier) =>
  cpuMicrosOf(settings.verifications, (index) => verifyOne[name](made.signed[index % CODES]!))

// The first rounds compile; they are not kept.
await interleave(VERIFIERS, 4, cost)
const rounds: readonly VerifyRound[] = await interleave(VERIFIERS, settings.rounds, cost)
console.log(JSON.stringify(rounds))
