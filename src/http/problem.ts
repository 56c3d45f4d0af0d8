import type { Reply } from './reply.ts'

/** Errors outside the callbacks: RFC 9457 `application/problem+json` with a stable `code` (contract 3). */
export type ProblemCode =
  | 'malformed_request'
  | 'unauthorized'
  | 'not_found'
  | 'license_unknown'
  | 'method_not_allowed'
  | 'versions_differ'
  | 'too_large'
  | 'unsupported_media_type'
  | 'rate_limited'
  | 'unavailable'

const PROBLEMS: Readonly<Record<ProblemCode, { readonly status: number; readonly title: string }>> = {
  malformed_request: { status: 400, title: 'The request is malformed.' },
  unauthorized: { status: 401, title: 'This address is for whoever has the operator token.' },
  not_found: { status: 404, title: 'There is nothing at this address.' },
  license_unknown: { status: 404, title: 'The license is not known here any more.' },
  method_not_allowed: { status: 405, title: 'This address does not answer that method.' },
  versions_differ: { status: 409, title: 'The command line and the Worker are of different versions.' },
  too_large: { status: 413, title: 'The body is too large.' },
  unsupported_media_type: { status: 415, title: 'The body must be application/json.' },
  rate_limited: { status: 429, title: 'Too many requests from one address; try again later.' },
  unavailable: { status: 503, title: 'The service cannot answer now; try again later.' },
}

/** `detail` says which member is wrong and how; it never repeats what the client sent. */
export function problem(
  code: ProblemCode,
  detail?: string,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  const { status, title } = PROBLEMS[code]
  const body = JSON.stringify({ type: 'about:blank', title, status, code, ...(detail && { detail }) })
  const told = { problem: code }
  return { status, headers: { 'content-type': 'application/problem+json', ...headers }, body, told }
}
