import { toHex } from '../../format/bytes.ts'
import type { Authority } from '../authority.ts'
import type { Snapshot } from '../configuration.ts'
import type { AccessKey } from '../marketplace.ts'
import type { QueuedCall } from './calls.ts'
import { areStillSet } from './credentials.ts'
import type { DialectOutcome, OpenApi, OutgoingDialect } from './dialect.ts'
import type { OutgoingCall, OutgoingOutcome } from './port.ts'
import { isProof, outcomeOfProof } from './proof.ts'
import type { OutgoingRequest, Transport } from './transport.ts'

/** Whose call it is; `key` and `attempts` are those of a queued one. */
type Calling = Pick<QueuedCall, 'channel'> & Partial<Pick<QueuedCall, 'key' | 'attempts'>>

/**
 * One try of a call, at each address of the channel's site in turn until one of them gives an answer that counts. Never
 * throws for what the far side does.
 */
export async function attempt(
  authority: Authority,
  { channels }: Snapshot,
  transport: Transport,
  calling: Calling,
  call: OutgoingCall,
  stopping: AbortSignal | undefined,
): Promise<OutgoingOutcome> {
  const channel = channels.get(calling.channel)
  const dialect = channel && authority.marketplaces.get(channel.kind)?.outgoing
  if (channel === undefined || dialect === undefined) return unreachable('unknown_channel')
  const { openApi, keys, timeZone } = channel
  if (openApi === null) return unreachable('no_credentials')
  if (openApi === 'unreadable') return unreachable('credentials_unreadable')
  const line = { authority, transport, dialect, openApi, timeZone, stopping }
  const outcome = dialect.signsByAccessKey(call)
    ? await askByEachKey(line, call, keys)
    : await askEachAddress(line, call, null)
  const attempts = calling.attempts ?? 1
  if (!isProof({ ...calling, type: call.type })) return explainedOf(outcome, attempts)
  // Of those that are set by now it says nothing, neither good nor bad.
  if (!(await areStillSet(authority, channel.name, openApi))) return unreachable('other_credentials')
  return explainedOf(outcomeOfProof(outcome), attempts)
}

interface Line {
  readonly authority: Authority
  readonly transport: Transport
  readonly dialect: OutgoingDialect
  readonly openApi: OpenApi
  readonly timeZone: string
  readonly stopping: AbortSignal | undefined
}

/**
 * Milliseconds after which no further key is tried: what is slow to refuse must not outlast the claim of its call, which
 * is longer than this and all the addresses of the last key together.
 */
const KEYS_MS = 20_000

/** A channel has a key for each class of interface, and does not know which is which: the newest first. */
async function askByEachKey(
  line: Line,
  call: OutgoingCall,
  keys: readonly AccessKey[],
): Promise<DialectOutcome> {
  const { ambient } = line.authority
  const begun = ambient.nowMs()
  let outcome: DialectOutcome = { type: 'unauthorized', code: 'no_key' }
  for (const key of [...keys].reverse()) {
    outcome = await askEachAddress(line, call, key)
    if (outcome.type !== 'unauthorized') return outcome
    if (ambient.nowMs() - begun > KEYS_MS) break
  }
  return { type: 'unauthorized', code: `${outcome.code} ${BY_ACCESS_KEY}` }
}

/** Ends the error of a call that was refused under the access keys, and not under the credentials. */
export const BY_ACCESS_KEY = 'access_key'

async function askEachAddress(
  line: Line,
  call: OutgoingCall,
  accessKey: AccessKey | null,
): Promise<DialectOutcome> {
  const { authority, dialect, openApi } = line
  const { ambient } = authority
  const nonce = toHex(ambient.random(16))
  const requests = dialect.requests(call, { openApi, accessKey, nowMs: ambient.nowMs(), nonce })
  let outcome: DialectOutcome = unreachable('unknown_site')
  for (const request of requests) {
    const answer = await ask(line, request, call)
    if (answer.counts) return answer.outcome
    outcome = answer.outcome
  }
  return outcome
}

interface Answer {
  readonly outcome: DialectOutcome
  /** False when another address may know better: nothing that could be understood, or a server out of order. */
  readonly counts: boolean
}

async function ask(
  { transport, dialect, timeZone, stopping }: Line,
  request: OutgoingRequest,
  call: OutgoingCall,
): Promise<Answer> {
  const sent = await transport.send(request, stopping)
  if (sent.type === 'failed') return { outcome: unreachable(sent.why), counts: false }
  const outcome = dialect.outcome(call, sent.status, sent.body, timeZone)
  return { outcome, counts: outcome.type !== 'unreachable' && sent.status < 500 }
}

/**
 * After so many tries, about four hours, a refusal that nobody can explain is the call's own: as long as marketplaces
 * themselves go on calling about an order. Support hears of it while the buyer still waits.
 */
const UNEXPLAINED_TRIES = 15

const explainedOf = (outcome: DialectOutcome, attempts: number): OutgoingOutcome =>
  outcome.type === 'unexplained'
    ? { type: 'refused', code: outcome.code, retry: attempts < UNEXPLAINED_TRIES }
    : outcome

const unreachable = (why: string): OutgoingOutcome => ({ type: 'unreachable', why })
