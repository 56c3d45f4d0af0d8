import type { Grant } from '../domain/grant.ts'
import { chooseKey, type NoKey } from '../domain/keyring.ts'
import { type Result, yes } from '../domain/result.ts'
import type { Seconds } from '../domain/time.ts'
import { decodeBase64url, encodeBase64url } from '../format/base64url.ts'
import { concat, fromHex, utf8 } from '../format/bytes.ts'
import { signingInput } from '../format/jws.ts'
import { encodeLicenseCode, type LicenseCode, writeLicenseCode } from '../format/license-code.ts'
import { writeLicenseText } from '../format/license-text.ts'
import type { Authority } from './authority.ts'
import type { Crypto } from './host.ts'
import type { Keyring } from './keyring.ts'
import type { IssuedCode } from './ports.ts'

export interface Issued {
  readonly code: IssuedCode
  /** LC1 and the certificate of its key: what a customer installs. */
  readonly text: string
}

/**
 * Signs the code a grant is due and verifies the signature before anyone sees it (design 5). Refuses with
 * `no_key` when no active key may issue it; throws when the signature does not verify, which is a fault of
 * the machine.
 */
export async function issueCode(
  authority: Authority,
  keyring: Keyring,
  grant: Grant,
  now: Seconds,
): Promise<Result<Issued, NoKey>> {
  const { product, paidUntil } = grant.terms
  const chosen = chooseKey(keyring.known, 'codes', { now, product, paidUntil })
  if (!chosen.ok) return chosen
  const key = keyring.open(chosen.value.kid)
  const body = encodeLicenseCode(codeOf(grant, key.kid, now))
  const message = signingInput(key.kid, 'lc1', body)
  const signature = await key.signer.sign(message)
  if (!authority.crypto.verify(key.publicKey, message, signature))
    throw new Error(`key ${key.kid} signs wrongly`)
  const digest = authority.crypto.sha256(concat(PREFIX, body, signature))
  const code: IssuedCode = {
    digest: shortDigest(digest),
    license: grant.license,
    revision: grant.revision,
    kid: key.kid,
    bytes: encodeBase64url(concat(body, signature)),
  }
  // The check symbols are taken from the same digest, so it is not computed again.
  return yes({ code, text: textOf({ sha256: () => digest }, keyring, code.kid, body, signature) })
}

/** The license text of a code issued before, with the certificates its key has today. */
export function licenseText(crypto: Pick<Crypto, 'sha256'>, keyring: Keyring, code: IssuedCode): string {
  const bytes = decodeBase64url(code.bytes)
  if (bytes === null) throw new Error(`the stored code of license ${code.license} is damaged`)
  return textOf(crypto, keyring, code.kid, bytes.subarray(0, -64), bytes.subarray(-64))
}

function textOf(
  { sha256 }: Pick<Crypto, 'sha256'>,
  keyring: Keyring,
  kid: string,
  body: Uint8Array,
  signature: Uint8Array,
): string {
  return writeLicenseText(writeLicenseCode(body, signature, sha256), keyring.certificatesOf(kid))
}

function codeOf({ license, revision, terms }: Grant, kid: string, issuedAt: Seconds): LicenseCode {
  const binding = terms.binding === null ? null : fromHex(terms.binding)
  return { ...terms, licenseId: license, revision, kid, issuedAt, binding }
}

const PREFIX = utf8('LC1')

/**
 * How the server knows its own codes again: 128 bits of the SHA-256 that the check symbols are taken from.
 * It is looked up only after the signature has been verified.
 */
export const shortDigest = (digest: Uint8Array): string => encodeBase64url(digest.subarray(0, 16))
