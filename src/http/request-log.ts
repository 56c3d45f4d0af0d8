import type { Authority } from '../authority/authority.ts'
import type { Reply } from './reply.ts'

export interface Handled {
  readonly requestId: string
  readonly method: string
  /** The route's own spelling: what stands in its place in a request may be anything. */
  readonly route: string
  /** When it was met, Unix milliseconds. */
  readonly began: number
}

/** Asked every few seconds for as long as the server lives; a line each would bury the others. */
const PROBES: ReadonlySet<string> = new Set(['/healthz', '/readyz'])

/** RFC 9110 9.3 and RFC 5789; any other may be a text of the sender's. */
const METHODS: ReadonlySet<string> = new Set(
  'GET HEAD POST PUT DELETE CONNECT OPTIONS TRACE PATCH'.split(' '),
)

/**
 * One line per request: route, status, milliseconds, and what the answer tells of itself. Never the path, the query,
 * a body, or the address of who asked: the proxy's log has that, and its own rule of how long it is kept.
 */
export function logRequest(
  { ambient, log }: Pick<Authority, 'ambient' | 'log'>,
  handled: Handled,
  { status, told }: Reply,
): void {
  const { requestId, method, route, began } = handled
  const detail = {
    requestId,
    method: METHODS.has(method) ? method : 'other',
    route,
    status,
    ms: ambient.nowMs() - began,
    ...told,
  }
  if (status >= 500) log.warn('request', detail)
  else if (PROBES.has(route)) log.debug('request', detail)
  else log.info('request', detail)
}
