import type { Below, Channel, RawCall } from '../../authority/marketplace.ts'
import { no } from '../../domain/result.ts'
import {
  type Authenticated,
  isWithin,
  malformed,
  markOf,
  type Rejected,
  unauthenticated,
} from './authentic.ts'
import { kitBody } from './authenticate-kit-2.ts'
import { readBody } from './body.ts'
import { readTimeStamp, type Zone } from './date.ts'
import { holdsAnyParameter, isParameterName } from './parameters.ts'
import { type HuaweiCrypto, keyOfAuthToken, readAuthToken } from './signature.ts'

/**
 * Version 1 of the kit: the header `authToken` signs the top-level members of the body as `name=value`, with the
 * `timeStamp` among them (reference 3.4, "POST variant"). What is signed has no escapes: a body whose members could be cut
 * into others is malformed, and leaves a mark when its token is good.
 */
export function authenticateKit1(
  crypto: HuaweiCrypto,
  call: RawCall,
  headers: Below['headers'],
  channel: Channel,
  zone: Zone,
  nowMs: number,
): Rejected | Authenticated {
  const authToken = headers.authtoken ?? ''
  if (authToken === '') return unauthenticated('authToken: missing')
  const sent = kitBody(call)
  if (typeof sent === 'string') return malformed(sent)
  const body = readBody(sent)
  if (!body.content.ok) return malformed(body.content.no)
  const members = body.texts()
  const timeStamp = members.get('timeStamp') ?? ''
  const wallMs = readTimeStamp(timeStamp)
  if (wallMs === null) return malformed('timeStamp: missing or not 17 digits of a date')
  const window = channel.windows.authToken
  if (!isWithin(window, zone(wallMs), nowMs)) return malformed('timeStamp: outside the window')
  const signature = readAuthToken(authToken)
  const key = signature && keyOfAuthToken(crypto, channel.keys, members, timeStamp, signature)
  const recut = isRecuttable(members)
  if (signature === null || key === null)
    return recut ? malformed(RECUT) : unauthenticated('authToken: wrong')
  return {
    type: 'authenticated',
    key,
    mark: markOf(crypto, call, { signature, nonce: null }, window, nowMs),
    content: recut ? no(RECUT) : body.content,
  }
}

const RECUT = 'body: a member holds a parameter'

const isRecuttable = (members: ReadonlyMap<string, string>): boolean =>
  [...members].some(([name, value]) => !isParameterName(name) || holdsAnyParameter(value))
