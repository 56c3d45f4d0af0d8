import { decodeBase64url, encodeBase64url } from './base64url.ts'
import { equalBytes, isWellFormed, readUtf8, type Sha256, utf8 } from './bytes.ts'
import { readJson } from './json.ts'
import { keyId, readCompact, signingInput, writeCompact } from './jws.ts'
import { PUBLIC_KEY_BYTES } from './layout.ts'
import { LAST_SECOND } from './limits.ts'
import { asMembers, isIntegerIn, type Members, member } from './members.ts'

/**
 * What a server asks the root for: every byte of a key certificate but the root that signs it, so that several
 * officers sign the same certificate without talking to each other.
 */
export interface CertificationRequest {
  readonly kid: string
  readonly publicKey: Uint8Array
  readonly usage: RequestUsage
  readonly serial: number
  /** Issuing window, Unix seconds; `to` is exclusive. */
  readonly from: number
  readonly to: number
  /** 0 = every product. */
  readonly product: number
  /** Months of 31 days; 0 = any term. */
  readonly maxTermMonths: number
  /** The public address of the server that asks: for people, who should know it. */
  readonly issuer: string
  /** Unix seconds. */
  readonly createdAt: number
}

export type RequestUsage = 'codes' | 'statements' | 'lists'

/** A request that was read; the signature was not verified. */
export interface SignedRequest {
  readonly request: CertificationRequest
  /** The signing input, as it was received. */
  readonly signed: Uint8Array
  readonly signature: Uint8Array
}

const TYP = 'licet-certification-request+json'
const VERSION = 1
const LONGEST_REQUEST = 4096
const LONGEST_ISSUER = 512
const UINT_32 = 0xffff_ffff
const BYTE = 0xff
const USAGES: readonly string[] = ['codes', 'statements', 'lists'] satisfies RequestUsage[]

/** The one text of these values: the members in this order, no blanks. */
export function requestPayload(request: CertificationRequest): Uint8Array {
  return utf8(
    JSON.stringify({
      version: VERSION,
      x: encodeBase64url(request.publicKey),
      usage: request.usage,
      serial: request.serial,
      from: request.from,
      to: request.to,
      product: request.product,
      max_term_months: request.maxTermMonths,
      issuer: request.issuer,
      created_at: request.createdAt,
    }),
  )
}

/** What the key `kid` itself signs, to prove that its private part is in the hands of who asks. */
export function requestSigned(kid: string, payload: Uint8Array): Uint8Array {
  return signingInput(kid, TYP, payload)
}

/** One line: JWS compact serialization, RFC 7515 7.1. */
export function writeRequest(kid: string, payload: Uint8Array, signature: Uint8Array): string {
  return writeCompact(kid, TYP, payload, signature)
}

/**
 * Reads one request. null unless it is a compact JWS of this typ, its payload is byte for byte `requestPayload` of
 * values in the range of a certificate's fields, and its kid is that of its key. Whether the window makes sense is
 * not judged.
 */
export function readRequest(text: string, sha256: Sha256): SignedRequest | null {
  const compact = readCompact(text, TYP, LONGEST_REQUEST)
  const request = compact && readPayload(compact.body, sha256)
  if (!compact || !request || request.kid !== compact.kid) return null
  return { request, signed: compact.signed, signature: compact.signature }
}

function readPayload(body: Uint8Array, sha256: Sha256): CertificationRequest | null {
  const text = readUtf8(body)
  const read = text === null ? null : readJson(text, { maxDepth: 1, duplicates: 'refuse' })
  const members = read?.ok ? asMembers(read.value) : null
  const request = members && readMembers(members, sha256)
  // One spelling: what officers compare is what they sign.
  return request && equalBytes(requestPayload(request), body) ? request : null
}

function readMembers(members: Members, sha256: Sha256): CertificationRequest | null {
  const of = (name: string) => member(members, name)
  const [x, usage, issuer] = [of('x'), of('usage'), of('issuer')]
  const [serial, from, to, product] = [of('serial'), of('from'), of('to'), of('product')]
  const [maxTermMonths, createdAt] = [of('max_term_months'), of('created_at')]
  const publicKey = typeof x === 'string' ? decodeBase64url(x) : null
  if (publicKey?.length !== PUBLIC_KEY_BYTES || !isUsage(usage) || !isIssuer(issuer)) return null
  if (!isIntegerIn(serial, 0, UINT_32) || !isIntegerIn(product, 0, UINT_32)) return null
  if (!isIntegerIn(from, 0, UINT_32) || !isIntegerIn(to, 0, UINT_32)) return null
  if (!isIntegerIn(maxTermMonths, 0, BYTE) || !isIntegerIn(createdAt, 0, LAST_SECOND)) return null
  const kid = keyId(publicKey, sha256)
  return { kid, publicKey, usage, serial, from, to, product, maxTermMonths, issuer, createdAt }
}

const isUsage = (value: unknown): value is RequestUsage => typeof value === 'string' && USAGES.includes(value)

const isIssuer = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= LONGEST_ISSUER && isWellFormed(value)
