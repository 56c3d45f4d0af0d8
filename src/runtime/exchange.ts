import type { Exchange, Exchanged, ExchangeFailure, ExchangeRequest } from '../authority/marketplace-check.ts'
import { atMost, connectionFailure, verifiesCertificates } from './transport.ts'

/** As long as the marketplace waits. Milliseconds. */
const PATIENCE = 5_000

/** Bytes of an answer. */
const LONGEST_ANSWER = 64 * 1024

/**
 * Sends a call as the marketplace would, and measures how long its whole answer took. `nowMs` may be any clock that does not
 * go back.
 */
export function createExchange(nowMs: () => number, patience: number = PATIENCE): Exchange {
  return async (request) => {
    const began = nowMs()
    const exchanged = await exchange(request, AbortSignal.timeout(patience))
    return { ...exchanged, milliseconds: nowMs() - began }
  }
}

type Unmeasured<T> = T extends unknown ? Omit<T, 'milliseconds'> : never

async function exchange(
  { method, url, headers, body }: ExchangeRequest,
  signal: AbortSignal,
): Promise<Unmeasured<Exchanged>> {
  if (url.startsWith('https:') && !verifiesCertificates()) return failed('certificate')
  const failure = (why: ExchangeFailure) => failed(signal.aborted ? 'timeout' : why)
  let response: Response
  try {
    response = await fetch(url, { method, headers, body, redirect: 'manual', signal })
  } catch (thrown) {
    return failure(connectionFailure(thrown))
  }
  try {
    const whole = await atMost(LONGEST_ANSWER, response.body)
    if (whole === null) return failed('answer_too_large')
    return { type: 'answered', status: response.status, headers: new Map(response.headers), body: whole }
  } catch {
    return failure('cut_off')
  }
}

const failed = (why: ExchangeFailure) => ({ type: 'failed', why }) as const
