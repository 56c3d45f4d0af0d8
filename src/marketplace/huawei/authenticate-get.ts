import type { Channel, RawCall } from '../../authority/marketplace.ts'
import { no, yes } from '../../domain/result.ts'
import {
  type Authenticated,
  isWithin,
  malformed,
  markOf,
  type Rejected,
  unauthenticated,
} from './authentic.ts'
import { readTimeStamp } from './date.ts'
import { readQuery } from './query.ts'
import { type HuaweiCrypto, keyOfAuthToken, readAuthToken } from './signature.ts'

/**
 * License 1.0: everything is in the query, `authToken` signs it (reference 3.4). Checked in the order of
 * contract 3.1. A query that could be cut into other parameters under the same token is malformed either way;
 * when its token is good it also leaves a mark, so that the other reading cannot be played afterwards.
 * A body, which this method should not have, has no say.
 */
export function authenticateGet(
  crypto: HuaweiCrypto,
  call: RawCall,
  channel: Channel,
  nowMs: number,
): Rejected | Authenticated {
  const { values, fault, recut } = readQuery(call.query)
  const authToken = values.get('authToken') ?? ''
  if (authToken === '') return unauthenticated('authToken: missing')
  if (fault !== null) return malformed(fault)
  const timeStamp = values.get('timeStamp') ?? ''
  const sentMs = readTimeStamp(timeStamp)
  if (sentMs === null) return malformed('timeStamp: missing or not 17 digits of a date')
  const window = channel.windows.authToken
  if (!isWithin(window, sentMs, nowMs)) return malformed('timeStamp: outside the window')
  const signature = readAuthToken(authToken)
  const key = signature && keyOfAuthToken(crypto, channel.keys, values, timeStamp, signature)
  if (signature === null || key === null) {
    return recut === null ? unauthenticated('authToken: wrong') : malformed(`${recut}: holds a parameter`)
  }
  return {
    type: 'authenticated',
    key,
    mark: markOf(crypto, call, { signature, nonce: null }, window, nowMs),
    content: recut === null ? yes((name: string) => values.get(name)) : no(`${recut}: holds a parameter`),
  }
}
