import { toHex } from '../../format/bytes.ts'
import type { Authority } from '../authority.ts'
import type { Snapshot } from '../configuration.ts'
import type { QueuedCall } from './calls.ts'
import type { OutgoingDialect } from './dialect.ts'
import type { OutgoingCall, OutgoingOutcome } from './port.ts'
import type { OutgoingRequest, Transport } from './transport.ts'

/**
 * One try of a call, at each address of the channel's site in turn until one of them gives an answer that counts. Never
 * throws for what the far side does.
 */
export async function attempt(
  { ambient, marketplaces }: Authority,
  { channels }: Snapshot,
  transport: Transport,
  { channel: name }: Pick<QueuedCall, 'channel'>,
  call: OutgoingCall,
  stopping: AbortSignal | undefined,
): Promise<OutgoingOutcome> {
  const channel = channels.get(name)
  const dialect = channel && marketplaces.get(channel.kind)?.outgoing
  if (channel === undefined || dialect === undefined) return unreachable('unknown_channel')
  const { openApi, keys, timeZone } = channel
  if (openApi === null) return unreachable('no_credentials')
  if (openApi === 'unreadable') return unreachable('credentials_unreadable')
  const accessKey = keys.at(-1) ?? null
  const nonce = toHex(ambient.random(16))
  const requests = dialect.requests(call, { openApi, accessKey, nowMs: ambient.nowMs(), nonce })
  let outcome = unreachable('unknown_site')
  for (const request of requests) {
    const answer = await ask(transport, dialect, request, call, timeZone, stopping)
    if (answer.counts) return answer.outcome
    outcome = answer.outcome
  }
  return outcome
}

interface Answer {
  readonly outcome: OutgoingOutcome
  /** False when another address may know better: nothing that could be understood, or a server out of order. */
  readonly counts: boolean
}

async function ask(
  transport: Transport,
  dialect: OutgoingDialect,
  request: OutgoingRequest,
  call: OutgoingCall,
  timeZone: string,
  stopping: AbortSignal | undefined,
): Promise<Answer> {
  const sent = await transport.send(request, stopping)
  if (sent.type === 'failed') return { outcome: unreachable(sent.why), counts: false }
  const outcome = dialect.outcome(call, sent.status, sent.body, timeZone)
  return { outcome, counts: outcome.type !== 'unreachable' && sent.status < 500 }
}

const unreachable = (why: string): OutgoingOutcome => ({ type: 'unreachable', why })
