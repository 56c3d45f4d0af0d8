import type { Seconds } from '../../domain/time.ts'
import { type ObjectType, signingInput, writeCompact } from '../../format/jws.ts'
import type { KeyCertificate } from '../../format/key-certificate.ts'
import { encodeLicenseCode, writeLicenseCode } from '../../format/license-code.ts'
import { writeLicenseText } from '../../format/license-text.ts'
import { writeRevocations } from '../../format/revocations.ts'
import { writeStatement } from '../../format/statement.ts'
import { createSyncVerifier } from '../../verify/index.ts'
import { createSyncObjectVerifier, metSince } from '../../verify/since.ts'
import type { Authority } from '../authority.ts'
import type { PromptSigner } from '../host.ts'
import type { StoredKey } from '../key-store.ts'
import type { KeysNow } from './now.ts'
import { openPair } from './request.ts'

const DAY: Seconds = 86_400

/** A license id that no license has: ids are random. */
const NOBODY = '0000000000000000'

/** Of a key that may sign for every product. */
const ANY_PRODUCT = 1

const CANARY = 'canary'

/**
 * Signs something to be thrown away with a key and asks our own verifier about it, as software would that pinned
 * the first manifest and met what this server publishes. Answers with why it would be refused, or null.
 */
export function canaryRefusal(
  authority: Authority,
  { manifests, now }: KeysNow,
  key: StoredKey,
  certificate: KeyCertificate,
): string | null {
  const { crypto } = authority
  const objects = createSyncObjectVerifier(crypto)
  const pair = openPair(authority, key)
  const bird = { kid: key.kid, signer: crypto.signer(pair.privateKey, pair.publicKey), now }
  const product = certificate.product === 0 ? ANY_PRODUCT : certificate.product
  const asked = { now, product, certificates: key.certificates }
  switch (key.usage) {
    case 'codes': {
      const code = writeLicenseCode(...codeOf(bird, product), crypto.sha256)
      const [pinned = ''] = manifests
      const since = metSince({ manifests })
      const text = writeLicenseText(code, key.certificates)
      return createSyncVerifier(crypto).verifySync(text, pinned, { now, product, since }).reason
    }
    case 'statements': {
      const checked = objects.verifyStatementSync(statementOf(bird, product, authority), manifests, asked)
      return checked.ok ? null : checked.reason
    }
    case 'lists': {
      const checked = objects.verifyListSync(listOf(bird, authority), manifests, asked)
      return checked.ok ? null : checked.reason
    }
    default:
      return key.usage satisfies never
  }
}

interface Bird {
  readonly kid: string
  readonly signer: PromptSigner
  readonly now: Seconds
}

function codeOf({ kid, signer, now }: Bird, product: number): [Uint8Array, Uint8Array] {
  const about = { kid, licenseId: NOBODY, product, edition: 0, seats: 1, features: 0, trial: true }
  const term = { issuedAt: now, paidUntil: now + DAY, revision: 0, graceDays: 0, binding: null }
  const body = encodeLicenseCode({ ...about, ...term })
  return [body, signer.sign(signingInput(kid, 'lc1', body))]
}

function statementOf(bird: Bird, product: number, { issuer }: Authority): string {
  const { now } = bird
  const about = { iss: issuer, sub: NOBODY, aud: CANARY, product, edition: CANARY, features: [], root: 1 }
  const ends = { iat: now, exp: now + DAY, paid_until: now + DAY, works_until: now + DAY }
  const body = writeStatement({ ...about, ...ends, rev: 0, status: 'active', seats: 1, trial: true })
  return signed(bird, 'license-statement+jwt', body)
}

function listOf(bird: Bird, { issuer }: Authority): string {
  const times = { iat: bird.now, next_update: bird.now + DAY }
  const body = writeRevocations({ iss: issuer, aud: CANARY, number: 0, ...times, root: 1, entries: [] })
  return signed(bird, 'license-revocations+jwt', body)
}

function signed({ kid, signer }: Bird, typ: ObjectType, body: Uint8Array): string {
  return writeCompact(kid, typ, body, signer.sign(signingInput(kid, typ, body)))
}
