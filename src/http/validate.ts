import type { Context } from 'hono'
import type { Authority } from '../authority/authority.ts'
import { type ValidationRequest, validate } from '../authority/validate.ts'
import { readUtf8, utf8 } from '../format/bytes.ts'
import { type Json, readJson } from '../format/json.ts'
import { FINGERPRINT_BYTES } from '../format/limits.ts'
import type { Env } from './app.ts'
import { readBody } from './body.ts'
import { inTime, startDeadline } from './deadline.ts'
import { problem } from './problem.ts'
import { type Answering, json, type Reply } from './reply.ts'

/** Milliseconds a client may take to send its body. */
const BODY_DEADLINE = 10_000

/** `POST /v1/validate`: judges a license text and answers with a signed statement (contract 3). */
export function validation(authority: Authority, deadline: number): Answering {
  return async (c, requestId) => {
    const request = await readRequest(c)
    if ('status' in request) return request
    const judge = () => judged(authority, request)
    return inTime(authority, requestId, deadline, judge, () => problem('unavailable'))
  }
}

async function judged(authority: Authority, request: ValidationRequest): Promise<Reply> {
  const snapshot = await authority.configuration.current(authority.ambient.now())
  const result = await validate(authority, snapshot, request)
  switch (result.type) {
    case 'answer': {
      const { reason, license } = result.answer
      const reply = json(200, result.answer, { 'cache-control': 'no-store' })
      return { ...reply, told: { reason, license: license?.id } }
    }
    case 'license_unknown':
      return problem('license_unknown')
    case 'no_key':
      return problem('unavailable')
    default:
      return result satisfies never
  }
}

async function readRequest(c: Context<Env>): Promise<ValidationRequest | Reply> {
  if (!isJson(c.req.header('content-type'))) return problem('unsupported_media_type')
  const { expired, clear } = startDeadline(BODY_DEADLINE)
  const body = await readBody(c.req.raw, expired).finally(clear)
  if (body.type === 'too_large') return problem('too_large')
  if (body.type === 'incomplete') return problem('malformed_request', 'The body did not arrive.')
  const text = readUtf8(body.bytes)
  if (text === null) return problem('malformed_request', 'The body is not well-formed UTF-8.')
  const read = readJson(text, { maxDepth: 8, duplicates: 'refuse' })
  if (!read.ok)
    return problem(
      'malformed_request',
      `The body is not acceptable JSON: ${read.why} at character ${read.at}.`,
    )
  return requestOf(read.value)
}

function requestOf(body: Json): ValidationRequest | Reply {
  if (!isObject(body)) return problem('malformed_request', 'The body must be a JSON object.')
  const { code, device, nonce } = body
  if (typeof code !== 'string')
    return problem('malformed_request', 'code must be a string: the license text.')
  if (device !== undefined && !(isObject(device) && isFingerprint(device.fingerprint))) {
    return problem(
      'malformed_request',
      'device must be {"fingerprint": a string of 1 to 5,120 bytes of UTF-8}.',
    )
  }
  if (nonce !== undefined && !(typeof nonce === 'string' && NONCE.test(nonce))) {
    return problem('malformed_request', 'nonce must be 1 to 64 characters of A-Z a-z 0-9 _ -.')
  }
  const fingerprint = device === undefined ? null : (device.fingerprint as string)
  return { text: code, fingerprint, nonce: nonce ?? null }
}

const NONCE = /^[A-Za-z0-9_-]{1,64}$/

/** Well-formed it is: the reader refuses lone surrogates. */
function isFingerprint(value: Json | undefined): value is string {
  return typeof value === 'string' && value !== '' && utf8(value).byteLength <= FINGERPRINT_BYTES
}

function isObject(value: Json | undefined): value is { readonly [member: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isJson(contentType: string | undefined): boolean {
  return contentType?.split(';')[0]?.trim().toLowerCase() === 'application/json'
}
