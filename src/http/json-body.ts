import type { Context } from 'hono'
import { no, type Result, yes } from '../domain/result.ts'
import { readUtf8, utf8 } from '../format/bytes.ts'
import { type Json, readJson } from '../format/json.ts'
import { FINGERPRINT_BYTES } from '../format/limits.ts'
import type { Env } from './app.ts'
import { readBody } from './body.ts'
import { startDeadline } from './deadline.ts'
import { problem } from './problem.ts'
import type { Reply } from './reply.ts'

export type JsonObject = { readonly [member: string]: Json }

/** Milliseconds a client may take to send its body. */
const BODY_DEADLINE = 10_000

/** The JSON object that a client sent, or what it is told in place of an answer. */
export async function readJsonBody(c: Context<Env>): Promise<Result<JsonObject, Reply>> {
  if (!isJson(c.req.header('content-type'))) return no(problem('unsupported_media_type'))
  const { expired, clear } = startDeadline(BODY_DEADLINE)
  const body = await readBody(c.req.raw, expired).finally(clear)
  if (body.type === 'too_large') return no(problem('too_large'))
  if (body.type === 'incomplete') return malformed('The body did not arrive.')
  const text = readUtf8(body.bytes)
  if (text === null) return malformed('The body is not well-formed UTF-8.')
  const read = readJson(text, { maxDepth: 8, duplicates: 'refuse' })
  if (!read.ok) return malformed(`The body is not acceptable JSON: ${read.why} at character ${read.at}.`)
  return isObject(read.value) ? yes(read.value) : malformed('The body must be a JSON object.')
}

export const malformed = (detail: string): Result<never, Reply> => no(problem('malformed_request', detail))

/** The fingerprint in the member `device`; null where there is no such member. */
export function readDevice(device: Json | undefined): Result<string | null, Reply> {
  if (device === undefined) return yes(null)
  return isObject(device) && isFingerprint(device.fingerprint)
    ? yes(device.fingerprint)
    : malformed('device must be {"fingerprint": a string of 1 to 5,120 bytes of UTF-8}.')
}

/** Well-formed it is: the reader refuses lone surrogates. */
function isFingerprint(value: Json | undefined): value is string {
  return typeof value === 'string' && value !== '' && utf8(value).byteLength <= FINGERPRINT_BYTES
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isJson(contentType: string | undefined): boolean {
  return contentType?.split(';')[0]?.trim().toLowerCase() === 'application/json'
}
