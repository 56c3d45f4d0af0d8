import { setTimeout } from 'node:timers/promises'
import type { HuaweiCall } from '../../marketplace/huawei/caller.ts'
import { type Heard, PATIENCE_MS } from '../../marketplace/huawei/desk/judge.ts'
import type { Line } from '../../marketplace/huawei/desk/line.ts'
import { ambient } from '../ambient.ts'

/** Bytes of an answer that are read; a right one has a few hundred, or a license text more. */
const LONGEST_ANSWER = 1024 * 1024

export interface LineOptions {
  /** 1 waits as long as the marketplace; 3,600,000 makes an hour one millisecond. */
  readonly compression: number
  readonly nowMs: () => number
  /** What waits then rejects. */
  readonly stopping: AbortSignal
  /** Milliseconds until an answer is too late. */
  readonly patience?: number
}

/** The line over HTTP. */
export function httpLine({ compression, nowMs, stopping, patience = PATIENCE_MS }: LineOptions): Line {
  return {
    nowMs,
    random: ambient.random,
    pause: (marketMs) => setTimeout(marketMs / compression, undefined, { signal: stopping }),
    rest: (wallMs) => setTimeout(wallMs, undefined, { signal: stopping }),
    send: (call) => send(call, patience),
  }
}

async function send({ method, url, headers, body }: HuaweiCall, patience: number): Promise<Heard> {
  const began = performance.now()
  const took = () => Math.round(performance.now() - began)
  const signal = AbortSignal.timeout(patience)
  // The marketplace's calls are minutes apart: none finds a connection that was kept for it.
  const sent = { ...headers, Connection: 'close' }
  try {
    const response = await fetch(url, { method, headers: sent, body, signal, redirect: 'manual' })
    const text = await textOf(response)
    const heard = {
      status: response.status,
      contentType: response.headers.get('content-type'),
      bodySign: response.headers.get('body-sign'),
    }
    return { type: 'answer', ...heard, body: text, tookMs: took() }
  } catch (thrown) {
    const why = signal.aborted ? `${patience} ms are over` : whyOf(thrown)
    return { type: 'silence', why, tookMs: took() }
  }
}

async function textOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body ?? []) {
    length += chunk.length
    if (length > LONGEST_ANSWER) throw new RangeError(`more than ${LONGEST_ANSWER} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** What fetch hides behind "fetch failed". */
function whyOf(thrown: unknown): string {
  const { cause, message } = thrown as Error & { cause?: { code?: string; message?: string } }
  return cause?.code ?? cause?.message ?? message
}
