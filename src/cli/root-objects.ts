import { checkRequests } from '../authority/ceremony/certify.ts'
import { no, type Result, yes } from '../domain/result.ts'
import { splitCertificates } from '../format/certificates-file.ts'
import type { CertificationRequest } from '../format/certification-request.ts'
import type { KeyCertificate } from '../format/key-certificate.ts'
import { readKeyCertificate } from '../format/license-text.ts'
import { type ManifestDraft, readDraft } from '../format/manifest-draft.ts'
import { readRevocationRequest } from '../format/revocation-request.ts'
import type { RevokedKey } from '../format/root-manifest.ts'
import { readSealedKey, type SealedKey } from '../format/sealed-key.ts'
import { manifestTexts } from './manifests.ts'
import { requestSentence } from './request-text.ts'
import { keyFileSentence } from './secrets.ts'
import type { Shell } from './shell.ts'

/** What a file of a ceremony holds. */
export type RootObject =
  | {
      readonly kind: 'manifests'
      readonly texts: readonly string[]
      readonly manifests: readonly ManifestDraft[]
    }
  | { readonly kind: 'requests'; readonly requests: readonly CertificationRequest[] }
  | { readonly kind: 'certificates'; readonly certificates: readonly CertificateText[] }
  | { readonly kind: 'sealed_key'; readonly key: SealedKey }
  | { readonly kind: 'revocation'; readonly key: RevokedKey }

export interface CertificateText {
  readonly text: string
  readonly certificate: KeyCertificate
}

/** What the text is, by how it begins, or a sentence on why it is nothing of all this. Throws `Unreadable` for no JSON. */
export function readRootObject({ crypto }: Shell, path: string, text: string): Result<RootObject, string> {
  const first = firstSaid(text)
  if (first.startsWith('{') || first.startsWith('[')) return manifestsIn(crypto, path, text)
  if (/^LK1-/i.test(first)) return certificatesIn(crypto, path, text)
  if (/^[\dOIL]{1,2}\s/i.test(first)) return sealedKeyIn(crypto, path, text)
  if (first.includes('.')) return requestsIn(crypto, path, text)
  return no(
    `${path} is nothing of a ceremony: no root manifest, certification request, certificates or sealed key.`,
  )
}

/** The first line that is no comment, without what is around it. */
const firstSaid = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trim())
    .find((line) => line !== '' && !line.startsWith('#')) ?? ''

type Sha = Pick<Shell['crypto'], 'sha256'>

function manifestsIn({ sha256 }: Sha, path: string, text: string): Result<RootObject, string> {
  const revocation = readRevocationRequest(text, sha256)
  if (revocation !== null) return yes({ kind: 'revocation', key: revocation })
  const texts = manifestTexts(path, text)
  const manifests = texts.map((one) => readDraft(one, sha256))
  const readable = manifests.filter((one) => one !== null)
  if (readable.length === texts.length && texts.length > 0)
    return yes({ kind: 'manifests', texts, manifests: readable })
  return no(`${path} is JSON, but no root manifest; it was cut or edited, or is something else.`)
}

function certificatesIn({ sha256 }: Sha, path: string, text: string): Result<RootObject, string> {
  const certificates: CertificateText[] = []
  const texts = splitCertificates(text)
  if (texts === null) return no(`${path} is no file of certificates: something else stands between them.`)
  for (const [i, one] of texts.entries()) {
    const read = readKeyCertificate(one, sha256)
    if (!read.ok) return no(`Certificate ${i + 1} of ${path} is ${read.reason}; bring the file again.`)
    certificates.push({ text: one, certificate: read.certificate.value })
  }
  return yes({ kind: 'certificates', certificates })
}

function sealedKeyIn({ sha256 }: Sha, path: string, text: string): Result<RootObject, string> {
  const read = readSealedKey(text, sha256)
  if (read.ok) return yes({ kind: 'sealed_key', key: read.key })
  return no(keyFileSentence(path, { reason: 'unreadable', line: read.line, why: read.why }))
}

function requestsIn(crypto: Shell['crypto'], path: string, text: string): Result<RootObject, string> {
  const checked = checkRequests(text, crypto)
  return checked.ok
    ? yes({ kind: 'requests', requests: checked.value })
    : no(requestSentence(path, checked.no))
}
