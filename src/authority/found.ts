import type { Seconds } from '../domain/time.ts'
import { encodeBase64url } from '../format/base64url.ts'
import { keyId, signingInput } from '../format/jws.ts'
import { encodeKeyCertificate, USAGE, writeKeyCertificate } from '../format/key-certificate.ts'
import { manifestSigned, writeManifest, writeManifestPayload } from '../format/root-manifest.ts'
import type { Crypto, Sealing } from './host.ts'
import type { KeyUsage, StoredKey } from './key-store.ts'

/** What a new instance needs to sign: its keys, and the root that certifies them. */
export interface Foundation {
  readonly keys: readonly StoredKey[]
  readonly manifests: readonly string[]
}

export interface DevelopmentRoot {
  readonly kid: string
  readonly publicKey: Uint8Array
  readonly privateKey: Uint8Array
  readonly manifest: string
}

/** Purposes sealed private keys open as. */
export const signingKeyPurpose = (kid: string): string => `signing-key:${kid}`
export const developmentRootPurpose = (kid: string): string => `development-root:${kid}`

/** The usages a server signs with. One key each: what one key may sign, another object cannot be passed off as. */
const USAGES: readonly KeyUsage[] = ['codes', 'statements']

/** Issuing window of a certified key (security 7): twelve months. */
const WINDOW: Seconds = 366 * 86_400

/** A root of one key, for a newcomer to start at once; production certifies with a root that never lay on a server. */
export function newDevelopmentRoot(crypto: Crypto, now: Seconds): DevelopmentRoot {
  const { privateKey, publicKey } = crypto.newKeyPair()
  const kid = keyId(publicKey, crypto.sha256)
  const keys = [{ kid, publicKey }]
  const payload = writeManifestPayload({ version: 1, threshold: 1, keys, revoked: [], issuedAt: now })
  const signature = crypto.signer(privateKey, publicKey).sign(manifestSigned(kid, payload))
  return { kid, publicKey, privateKey, manifest: writeManifest(payload, [{ kid, signature }]) }
}

/** Active signing keys, certified by a development root for twelve months from `now`. */
export function foundOn(root: DevelopmentRoot, crypto: Crypto, sealing: Sealing, now: Seconds): Foundation {
  const rootSigner = crypto.signer(root.privateKey, root.publicKey)
  const keys = newKeys(crypto, sealing, now).map((key, index) => {
    const certificate = {
      rootKid: root.kid,
      serial: index + 1,
      usages: USAGE[key.stored.usage],
      from: now,
      to: now + WINDOW,
    }
    const body = encodeKeyCertificate({
      ...certificate,
      publicKey: key.publicKey,
      product: 0,
      maxTermMonths: 0,
    })
    const signature = rootSigner.sign(signingInput(root.kid, 'lk1', body))
    const text = writeKeyCertificate(body, signature, crypto.sha256)
    return { ...key.stored, status: 'active', certificates: [text] } as const
  })
  return { keys, manifests: [root.manifest] }
}

/** Pending signing keys under a root that lies elsewhere; each waits for its certificate. */
export function foundUnder(
  manifests: readonly string[],
  crypto: Crypto,
  sealing: Sealing,
  now: Seconds,
): Foundation {
  return { keys: newKeys(crypto, sealing, now).map(({ stored }) => stored), manifests }
}

function newKeys(
  crypto: Crypto,
  sealing: Sealing,
  now: Seconds,
): { stored: StoredKey; publicKey: Uint8Array }[] {
  return USAGES.map((usage) => {
    const { privateKey, publicKey } = crypto.newKeyPair()
    const kid = keyId(publicKey, crypto.sha256)
    const sealed = sealing.seal(signingKeyPurpose(kid), privateKey)
    const shown = { kid, usage, publicKey: encodeBase64url(publicKey), certificates: [], createdAt: now }
    return { stored: { ...shown, status: 'pending', sealed }, publicKey }
  })
}
