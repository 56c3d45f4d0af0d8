import type { Authority } from '../authority/authority.ts'
import { type ValidationRequest, validate } from '../authority/validate.ts'
import { type Result, yes } from '../domain/result.ts'
import { inTime } from './deadline.ts'
import { type JsonObject, malformed, readDevice, readJsonBody } from './json-body.ts'
import { problem } from './problem.ts'
import { type Answering, json, type Reply } from './reply.ts'

/** `POST /v1/validate`: judges a license text and answers with a signed statement (contract 3). */
export function validation(authority: Authority, deadline: number): Answering {
  return async (c, requestId) => {
    const read = await readJsonBody(c)
    const request = read.ok ? requestOf(read.value) : read
    if (!request.ok) return request.no
    const judge = () => judged(authority, request.value)
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

function requestOf({ code, device, nonce }: JsonObject): Result<ValidationRequest, Reply> {
  if (typeof code !== 'string') return malformed('code must be a string: the license text.')
  const fingerprint = readDevice(device)
  if (!fingerprint.ok) return fingerprint
  if (nonce !== undefined && !(typeof nonce === 'string' && NONCE.test(nonce)))
    return malformed('nonce must be 1 to 64 characters of A-Z a-z 0-9 _ -.')
  return yes({ text: code, fingerprint: fingerprint.value, nonce: nonce ?? null })
}

const NONCE = /^[A-Za-z0-9_-]{1,64}$/
