import { no, type Result, yes } from '../../domain/result.ts'
import type { Seconds } from '../../domain/time.ts'
import { type CertificationRequest, readRequest } from '../../format/certification-request.ts'
import { signingInput } from '../../format/jws.ts'
import { encodeKeyCertificate, USAGE, writeKeyCertificate } from '../../format/key-certificate.ts'
import type { Crypto } from '../host.ts'
import type { RootSigner } from './root-signer.ts'

/** Longest issuing window a root should grant: a stolen key may date codes into all of it. */
const LONGEST_WINDOW: Seconds = 5 * 366 * 86_400

export type RequestFault =
  /** No request, or edited so that it is none any more. */
  | 'malformed'
  /** The key it speaks of did not sign these words: edited, or of somebody who has only the public key. */
  | 'bad_proof'
  /** It ends before it begins. */
  | 'empty_window'
  /** Over five years. */
  | 'window_too_long'

/** Reads a request and checks what can be checked without knowing the server: its proof of possession, its ranges. */
export function checkRequest(
  text: string,
  crypto: Pick<Crypto, 'sha256' | 'verify'>,
): Result<CertificationRequest, RequestFault> {
  const read = readRequest(text, crypto.sha256)
  if (read === null) return no('malformed')
  const { request, signed, signature } = read
  if (!crypto.verify(request.publicKey, signed, signature)) return no('bad_proof')
  if (request.from >= request.to) return no('empty_window')
  return request.to - request.from > LONGEST_WINDOW ? no('window_too_long') : yes(request)
}

/** A request that cannot be used, by its line in the file. */
export interface RequestLineFault {
  /** Counts from 1; 0 for a file without a request, or with too many. */
  readonly line: number
  readonly why: RequestFault | 'none' | 'too_many'
}

const MOST_REQUESTS = 64

/** The requests of a file, one a line; lines that begin with `#` and empty lines say nothing. The first fault counts. */
export function checkRequests(
  text: string,
  crypto: Pick<Crypto, 'sha256' | 'verify'>,
): Result<readonly [CertificationRequest, ...CertificationRequest[]], RequestLineFault> {
  const requests: CertificationRequest[] = []
  for (const [i, raw] of text.split('\n').entries()) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) continue
    if (requests.length === MOST_REQUESTS) return no({ line: 0, why: 'too_many' })
    const checked = checkRequest(line, crypto)
    if (!checked.ok) return no({ line: i + 1, why: checked.no })
    requests.push(checked.value)
  }
  const [first, ...more] = requests
  return first === undefined ? no({ line: 0, why: 'none' }) : yes([first, ...more])
}

/** The key certificate (LK1) that the request asks for, signed by one root key. */
export function certify(
  request: CertificationRequest,
  root: RootSigner,
  crypto: Pick<Crypto, 'sha256'>,
): string {
  const { serial, from, to, publicKey, product, maxTermMonths } = request
  const body = encodeKeyCertificate({
    rootKid: root.kid,
    serial,
    usages: USAGE[request.usage],
    from,
    to,
    publicKey,
    product,
    maxTermMonths,
  })
  return writeKeyCertificate(body, root.signer.sign(signingInput(root.kid, 'lk1', body)), crypto.sha256)
}
