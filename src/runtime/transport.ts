import type { OutgoingRequest, Sent, Transport, TransportFailure } from '../authority/outgoing/transport.ts'

export interface TransportOptions {
  /** Milliseconds from the first byte out to the last byte in, however they drip. */
  readonly patience: number
  /** Ends what is under way, and what is sent afterwards: whoever waits for it is told at once. */
  readonly stopping?: AbortSignal
}

/** Two addresses one after the other take less than a call is claimed for. */
const PATIENCE = 10_000

/** Somebody waits: two addresses one after the other take less than an activation may. */
export const ACTIVATION_PATIENCE = 3_000

/** Bytes of an answer; no answer that means something is as long. */
const LONGEST_ANSWER = 64 * 1024

/**
 * Sends by `fetch`, on Node and on Workers. Certificates are always verified: where the environment tells Node not to,
 * nothing is sent by TLS at all. No redirect is followed, and of an answer no more than 64 KiB are read.
 */
export function createTransport(options: TransportOptions = { patience: PATIENCE }): Transport {
  const { patience } = options
  return {
    async send(request, stopping = options.stopping) {
      if (request.url.startsWith('https:') && !verifiesCertificates()) return failed('certificate')
      const timeout = AbortSignal.timeout(patience)
      const signal = stopping === undefined ? timeout : AbortSignal.any([timeout, stopping])
      const whyAborted = () =>
        stopping?.aborted ? 'stopping' : timeout.aborted ? ('timeout' as const) : null
      let response: Response
      try {
        response = await fetch(request.url, initOf(request, signal))
      } catch (thrown) {
        return failed(whyAborted() ?? connectionFailure(thrown))
      }
      try {
        return await answerOf(response)
      } catch {
        return failed(whyAborted() ?? 'cut_off')
      }
    },
  }
}

/** Asked each time: Node asks each time, too. */
export const verifiesCertificates = (): boolean => process.env.NODE_TLS_REJECT_UNAUTHORIZED !== '0'

const initOf = ({ method, headers, body }: OutgoingRequest, signal: AbortSignal): RequestInit => ({
  method,
  headers,
  ...(method === 'POST' && { body: body as Uint8Array<ArrayBuffer> }),
  // Not followed, and no answer either; Workers know no 'error' here.
  redirect: 'manual',
  signal,
})

async function answerOf(response: Response): Promise<Sent> {
  const { status, body } = response
  if (status < 200 || (status >= 300 && status < 400)) {
    await body?.cancel()
    return failed('redirect')
  }
  const read = await atMost(LONGEST_ANSWER, body)
  return read === null ? failed('answer_too_large') : { type: 'answered', status, body: read }
}

/** null when there is more; the rest is left unread and the connection given up. */
export async function atMost(
  limit: number,
  stream: ReadableStream<Uint8Array> | null,
): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = []
  let length = 0
  if (stream !== null) {
    // Leaving the loop cancels the stream.
    for await (const chunk of stream) {
      length += chunk.length
      if (length > limit) return null
      chunks.push(chunk)
    }
  }
  const whole = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}

/** By the code alone: what a thrown error says may hold an address. */
export function connectionFailure(thrown: unknown): TransportFailure & ('certificate' | 'no_connection') {
  const { code } = ((thrown as Error).cause ?? {}) as { readonly code?: unknown }
  return typeof code === 'string' && CERTIFICATE.test(code) ? 'certificate' : 'no_connection'
}

/** Codes of Node for a certificate that proves nothing, or something else. */
const CERTIFICATE = /CERT|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER/

const failed = (why: TransportFailure): Sent => ({ type: 'failed', why })
