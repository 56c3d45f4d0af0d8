import { decodeBase64url, encodeBase64url } from './base64url.ts'
import type { Sha256 } from './bytes.ts'
import { readJson } from './json.ts'
import { keyId } from './jws.ts'
import { PUBLIC_KEY_BYTES } from './layout.ts'
import { LAST_SECOND } from './limits.ts'
import { asMembers, isIntegerIn, type Members, member } from './members.ts'
import type { RevokedKey } from './root-manifest.ts'

/**
 * What a server asks the root for after a leak: that the next manifest names this key as revoked. Nobody can sign
 * it, for the private part is destroyed or in the hands of a thief: the officers ask who sends it.
 */

const LONGEST_REQUEST = 16 * 1024

/** One line of JSON with its line break. */
export function writeRevocationRequest({ kid, publicKey, at, reason }: RevokedKey): string {
  return `${JSON.stringify({ revoke: { kid, x: encodeBase64url(publicKey), at, reason } })}\n`
}

/** null for anything but such a line, and for a kid that is not that of its x. Blanks around it are dropped. */
export function readRevocationRequest(text: string, sha256: Sha256): RevokedKey | null {
  if (text.length > LONGEST_REQUEST) return null
  const read = readJson(text, { maxDepth: 2, duplicates: 'refuse' })
  const members = read.ok ? asMembers(read.value) : null
  const revoke = members && asMembers(member(members, 'revoke'))
  return revoke && readKey(revoke, sha256)
}

function readKey(revoke: Members, sha256: Sha256): RevokedKey | null {
  const x = member(revoke, 'x')
  const at = member(revoke, 'at')
  const reason = member(revoke, 'reason')
  const publicKey = typeof x === 'string' ? decodeBase64url(x) : null
  if (publicKey?.length !== PUBLIC_KEY_BYTES) return null
  const kid = keyId(publicKey, sha256)
  if (member(revoke, 'kid') !== kid || !isIntegerIn(at, 0, LAST_SECOND)) return null
  return typeof reason === 'string' && reason !== '' ? { kid, publicKey, at, reason } : null
}
