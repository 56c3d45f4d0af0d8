import type { Channel } from '../authority/marketplace.ts'
import { BY_ACCESS_KEY } from '../authority/outgoing/attempt.ts'
import type { CallEntry, CallTrouble } from '../authority/outgoing/calls.ts'
import type { StoredChannel } from '../authority/ports.ts'
import { rfc3339 } from '../authority/view.ts'
import type { Seconds } from '../domain/time.ts'
import { type Check, failed, ok, warning } from './check.ts'

/** A channel as it is judged. */
export interface ChannelState {
  readonly channel: Channel
  readonly stored: StoredChannel
  /** What failed of its calls and is not done. */
  readonly troubles: readonly CallTrouble[]
  /** The call that is to prove its credentials; null: they are proven, or nobody asked. */
  readonly proof: CallEntry | null
}

/** Whether the marketplace of a channel can be called. Credentials and keys are judged by what failed since they were set. */
export function channelCheck({ channel, stored, troubles, proof }: ChannelState): Check {
  const { name, openApi } = channel
  const check = `channel ${name}`
  const set = `"licet channel set-open-api ${name}"`
  if (openApi === 'unreadable')
    return failed(check, `Its open-API credentials do not open; give them again: ${set}.`)
  const failure = failureOf(troubles)
  if (openApi === null) {
    const says = 'Its marketplace is not called: it has no open-API credentials'
    return failure === null ? ok(check, `${says}.`) : failed(check, `${says}, and calls wait; ${set}.`)
  }
  const refused = refusals(stored, troubles)
  if (refused.credentials !== null)
    return failed(
      check,
      `The marketplace refuses its credentials (AK, SK). ${refused.credentials}; is the clock right? else ${set}.`,
    )
  if (refused.accessKeys !== null)
    return failed(
      check,
      `The marketplace refuses usage (push_usage) under every access key. ${refused.accessKeys}; is the key of the base interfaces there? else "licet channel add-key ${name}".`,
    )
  if (proof !== null && failureOf(since(stored.openApi?.since ?? 0, troubles)) === null) {
    const says =
      'Its credentials (AK, SK) are not proven yet: a running server asks the marketplace within a minute'
    return warning(check, failure === null ? `${says}.` : `${says}. ${failure}, before they were set.`)
  }
  if (failure !== null) return warning(check, `${failure}; see "licet outgoing list".`)
  return ok(check, `Its marketplace is called at site ${openApi.site}; no call fails.`)
}

function refusals({ openApi, keys }: StoredChannel, troubles: readonly CallTrouble[]) {
  const unauthorized = troubles.filter(({ error }) => error.startsWith('unauthorized '))
  const byKey = unauthorized.filter(({ error }) => error.endsWith(` ${BY_ACCESS_KEY}`))
  const ofCredentials = unauthorized.filter((one) => !byKey.includes(one))
  const keySince = Math.max(0, ...keys.map(({ createdAt }) => createdAt))
  return {
    credentials: failureOf(since(openApi?.since ?? 0, ofCredentials)),
    accessKeys: failureOf(since(keySince, byKey)),
  }
}

const since = (set: Seconds, troubles: readonly CallTrouble[]): readonly CallTrouble[] =>
  troubles.filter(({ newest }) => newest >= set)

function failureOf(troubles: readonly CallTrouble[]): string | null {
  const last = [...troubles].sort((a, b) => b.newest - a.newest)[0]
  return last === undefined ? null : `The last failure was ${last.error} at ${rfc3339(last.newest)}`
}
