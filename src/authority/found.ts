import type { Seconds } from '../domain/time.ts'
import { keyId } from '../format/jws.ts'
import { manifestSigned, writeManifest, writeManifestPayload } from '../format/root-manifest.ts'
import type { Authority } from './authority.ts'
import { certify } from './ceremony/certify.ts'
import type { Crypto } from './host.ts'
import type { KeyUsage, StoredKey } from './key-store.ts'
import { pendingKey, requestOf, signRequest, WINDOW } from './keys/request.ts'

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

/** The usages a server signs with. One key each: what one key may sign, another object cannot be passed off as. */
export const USAGES: readonly KeyUsage[] = ['codes', 'statements', 'lists']

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
export function foundOn(root: DevelopmentRoot, tools: Tools, now: Seconds): Foundation {
  const { kid, publicKey } = root
  const signer = { kid, publicKey, signer: tools.crypto.signer(root.privateKey, publicKey) }
  const keys = newKeys(tools, now).map((key) => {
    const request = requestOf(key, tools.crypto)
    const certificates = request === null ? [] : [certify(request, signer, tools.crypto)]
    return { ...key, status: 'active', certificates, certifiedAt: now } as const
  })
  return { keys, manifests: [root.manifest] }
}

/** Pending signing keys under a root that lies elsewhere; each waits for its certificate. */
export function foundUnder(manifests: readonly string[], tools: Tools, now: Seconds): Foundation {
  return { keys: newKeys(tools, now), manifests }
}

type Tools = Pick<Authority, 'crypto' | 'sealing' | 'issuer'>

/** One of each usage, with the request for its certificate. */
function newKeys(tools: Tools, now: Seconds): readonly StoredKey[] {
  const { crypto, issuer } = tools
  return USAGES.map((usage, index) => {
    const pair = crypto.newKeyPair()
    const grant = { serial: index + 1, from: now, to: now + WINDOW, product: 0, maxTermMonths: 0 }
    const request = signRequest(pair, { ...grant, usage, issuer, createdAt: now }, crypto)
    return pendingKey(tools, pair, { usage, spare: false, request, createdAt: now })
  })
}
