import type { Authority } from '../authority/authority.ts'
import { describe } from '../authority/receive.ts'
import {
  MOST_REQUEST,
  OPERATOR_PATH,
  type RemoteAnswers,
  type RemoteRequest,
  type RemoteStep,
  SHORTEST_TOKEN,
} from '../authority/remote.ts'
import { readUtf8, utf8 } from '../format/bytes.ts'
import { readBody } from './body.ts'
import { startDeadline } from './deadline.ts'
import { readRemoteRequest, sqlOf } from './operator-request.ts'
import { problem } from './problem.ts'
import { json, newRequestId, type Reply, send } from './reply.ts'
import { logRequest } from './request-log.ts'

/** What the door runs the statements on. */
export interface Statements {
  /** Whether this program has compiled the statement itself. */
  knows(sql: string): boolean
  all(sql: string, values: RemoteStep['values']): Promise<readonly unknown[]>
  write(token: string, steps: readonly RemoteStep[]): Promise<'committed' | 'conflict'>
  hasToken(token: string): Promise<boolean>
}

/** Milliseconds; an import sends its largest request over a slow line in it, and the command line waits no longer. */
const BODY_DEADLINE = 30_000

interface Surroundings extends Pick<Authority, 'ambient' | 'log' | 'crypto'> {
  /** `iss` of what the Worker signs; null while it has none. */
  readonly publicUrl: string | null
}

export type OperatorDoor = (request: Request) => Promise<Response>

/**
 * `POST /v1/operator` with the operator's token as bearer (RFC 6750 2.1): where the command line works on a database that
 * only a Worker reaches. Of the token its digest is kept, and compared in constant time; one that is too short opens
 * nothing. An outage is told to whoever has the token as the sentence that it is.
 */
export function createOperatorDoor(
  surroundings: Surroundings,
  statements: Statements,
  token: string,
): OperatorDoor {
  const { ambient, log, crypto } = surroundings
  const digest = token.length < SHORTEST_TOKEN ? null : crypto.sha256(utf8(token))
  const isAllowed = (request: Request): boolean => {
    const [, given = ''] = /^Bearer ([\x21-\x7e]+)$/.exec(request.headers.get('authorization') ?? '') ?? []
    return digest !== null && crypto.equal(crypto.sha256(utf8(given)), digest)
  }
  return async (request) => {
    const began = ambient.nowMs()
    const requestId = newRequestId({ ambient })
    const reply = await answer(request, isAllowed, statements, surroundings).catch((thrown: unknown) => {
      log.error('request_failed', { requestId, error: describe(thrown) })
      return problem('unavailable', thrown instanceof Error ? thrown.message : undefined)
    })
    const handled = { requestId, method: request.method, route: OPERATOR_PATH, began }
    logRequest(surroundings, handled, reply)
    return send(reply, requestId)
  }
}

async function answer(
  request: Request,
  isAllowed: (request: Request) => boolean,
  statements: Statements,
  { publicUrl }: Surroundings,
): Promise<Reply> {
  if (!isAllowed(request)) return problem('unauthorized', undefined, { 'www-authenticate': 'Bearer' })
  if (request.method !== 'POST') return problem('method_not_allowed', undefined, { allow: 'POST' })
  const { expired, clear } = startDeadline(BODY_DEADLINE)
  const body = await readBody(request, expired, MOST_REQUEST).finally(clear)
  if (body.type === 'too_large') return problem('too_large')
  const asked = body.type === 'read' ? readRemoteRequest(readUtf8(body.bytes) ?? '') : null
  if (asked === null) return problem('malformed_request')
  if (!sqlOf(asked).every((sql) => statements.knows(sql))) return problem('versions_differ')
  return json(200, await run(statements, asked, publicUrl), { 'cache-control': 'no-store' })
}

async function run(
  statements: Statements,
  asked: RemoteRequest,
  publicUrl: string | null,
): Promise<RemoteAnswers[keyof RemoteAnswers]> {
  switch (asked.ask) {
    case 'rows':
      return { rows: await statements.all(asked.sql, asked.values) }
    case 'write':
      return { outcome: await statements.write(asked.token, asked.steps) }
    case 'landed':
      return { landed: await statements.hasToken(asked.token) }
    case 'public_url':
      return { publicUrl }
    default:
      return asked satisfies never
  }
}
