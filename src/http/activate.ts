import { type Activation, type ActivationRequest, type Asker, activate } from '../authority/activate.ts'
import type { Authority } from '../authority/authority.ts'
import type { Transport } from '../authority/outgoing/transport.ts'
import { type Result, yes } from '../domain/result.ts'
import { ACTIVATION_DEADLINE, inTime } from './deadline.ts'
import { type JsonObject, malformed, readDevice, readJsonBody } from './json-body.ts'
import type { guessing } from './limited.ts'
import { problem } from './problem.ts'
import { type Answering, json, type Reply } from './reply.ts'

/** Seconds after which to ask again: an outage of the marketplace, and what waits for a person. */
const OUTAGE = 30
const PERSON = 300

/** `POST /v1/activate`: a code that the marketplace made becomes a license of ours. */
export function activation(
  authority: Authority,
  transport: Transport,
  guesses: ReturnType<typeof guessing>,
): Answering {
  return async (c, requestId) => {
    const read = await readJsonBody(c)
    const request = read.ok ? requestOf(read.value) : read
    if (!request.ok) return request.no
    const work = (expired: Promise<void>) =>
      activated(authority, transport, request.value, { expired, guesses: guesses(c) })
    return inTime(authority, requestId, ACTIVATION_DEADLINE, work, () => later(OUTAGE, DOWN))
  }
}

const DOWN = 'The marketplace cannot be asked about this code now.'

async function activated(
  authority: Authority,
  transport: Transport,
  request: ActivationRequest,
  asker: Asker,
): Promise<Reply> {
  const snapshot = await authority.configuration.current(authority.ambient.now())
  return replyTo(await activate(authority, snapshot, transport, request, asker))
}

/** What the seller set wrongly is for him to know: whoever asks is told the same as of an outage. */
function replyTo(result: Activation): Reply {
  switch (result.type) {
    case 'answer': {
      const { answer, license } = result
      const reply = json(200, answer, { 'cache-control': 'no-store' })
      return { ...reply, told: { reason: answer.reason, license } }
    }
    case 'unknown_channel':
      return problem('malformed_request', 'channel names no channel of this server.')
    case 'channel_needed':
      return problem('malformed_request', 'channel must be given: it does not follow from the code.')
    case 'unknown_code':
      return problem('license_unknown', 'The marketplace has no such code.')
    case 'unclaimed':
      return later(PERSON, 'The buyer has not claimed this code in the marketplace yet.')
    case 'not_set_up':
      return later(PERSON, 'The purchase is known; the seller has not set it up yet.')
    case 'too_many':
      return problem('rate_limited', undefined, { 'retry-after': String(result.wait) })
    case 'unavailable':
      return later(OUTAGE, DOWN)
    default:
      return result satisfies never
  }
}

const later = (seconds: number, detail: string): Reply =>
  problem('unavailable', detail, { 'retry-after': String(seconds) })

const MEMBERS: ReadonlySet<string> = new Set(['marketplaceCode', 'channel', 'device'])

function requestOf(body: JsonObject): Result<ActivationRequest, Reply> {
  const { marketplaceCode, channel, device } = body
  if (Object.keys(body).some((member) => !MEMBERS.has(member)))
    return malformed('The body may hold marketplaceCode, channel and device, and no other member.')
  const code = typeof marketplaceCode === 'string' ? marketplaceCode.trim() : ''
  if (!CODE.test(code))
    return malformed(
      'marketplaceCode must be 1 to 64 printable ASCII characters: the code of the marketplace.',
    )
  if (channel !== undefined && typeof channel !== 'string') return malformed('channel must be a string.')
  const fingerprint = readDevice(device)
  return fingerprint.ok
    ? yes({ code, channel: channel ?? null, fingerprint: fingerprint.value })
    : fingerprint
}

/** No document tells the form of a code beyond its length. */
const CODE = /^[!-~]{1,64}$/
