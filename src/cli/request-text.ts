import type { RequestLineFault } from '../authority/ceremony/certify.ts'
import { rfc3339 } from '../authority/view.ts'
import type { CertificationRequest } from '../format/certification-request.ts'
import { sheet } from './table.ts'

/** A request as a JSON document shows it. */
export const shown = ({
  kid,
  usage,
  serial,
  from,
  to,
  product,
  maxTermMonths,
  issuer,
  createdAt,
}: CertificationRequest) => ({
  kid,
  usage,
  serial,
  from: rfc3339(from),
  to: rfc3339(to),
  product,
  maxTermMonths,
  issuer,
  createdAt: rfc3339(createdAt),
})

/** What an officer compares with what the server's people say. */
export const requestSheet = (request: CertificationRequest): string =>
  sheet([
    ['key', request.kid],
    ['may sign', request.usage],
    ['from', rfc3339(request.from)],
    ['to', `${rfc3339(request.to)} (exclusive)`],
    ['products', productText(request)],
    ['longest term', termText(request)],
    ['serial', `${request.serial}`],
    ['asked by', request.issuer],
    ['asked at', rfc3339(request.createdAt)],
  ])

const productText = ({ product }: CertificationRequest): string =>
  product === 0 ? 'every one' : `${product}`

const termText = ({ maxTermMonths }: CertificationRequest): string =>
  maxTermMonths === 0 ? 'any, perpetual included' : `${maxTermMonths} months of 31 days`

/** One line of a transcript. */
export const summary = (request: CertificationRequest): string =>
  `key ${request.kid}: ${request.usage}, ${rfc3339(request.from)} to ${rfc3339(request.to)}, product ${productText(request)}, term ${termText(request)}, serial ${request.serial}`

export function requestSentence(path: string, { line, why }: RequestLineFault): string {
  switch (why) {
    case 'none':
      return `${path} holds no certification request; "licet keys add --request-file FILE" writes one.`
    case 'too_many':
      return `${path} holds too many certification requests; split it.`
    case 'malformed':
      return `Line ${line} of ${path} is no certification request, or was edited; bring the file again from the server.`
    case 'bad_proof':
      return `Line ${line} of ${path} is not signed by the key it speaks of: it was edited, or is not from who holds the key. Do not certify it; bring the file again from the server.`
    case 'empty_window':
      return `Line ${line} of ${path} asks for a window that ends before it begins; ask with other times.`
    case 'window_too_long':
      return `Line ${line} of ${path} asks for a window of over five years; ask for a shorter one.`
    default:
      return why satisfies never
  }
}
