/** Largest body of any request, bytes (contract 3). */
export const MOST_BODY = 64 * 1024

export type Body =
  | { readonly type: 'read'; readonly bytes: Uint8Array }
  | { readonly type: 'too_large' }
  /** The deadline passed, or the client went away, before the end. */
  | { readonly type: 'incomplete' }

/**
 * Reads a body and counts its bytes as they come, so that the limit holds for chunked bodies and for a
 * `content-length` that lies. Stops reading at the limit or when `expired` settles; the host discards the rest
 * for a moment and then hangs up, so that a client which writes before it reads still gets its answer.
 */
export async function readBody(request: Request, expired: Promise<unknown>): Promise<Body> {
  if (Number(request.headers.get('content-length') ?? 0) > MOST_BODY) return { type: 'too_large' }
  const reader = request.body?.getReader()
  if (reader === undefined) return { type: 'read', bytes: new Uint8Array() }
  const stop = expired.then((): Body => ({ type: 'incomplete' }))
  const body = await Promise.race([collect(reader), stop])
  if (body.type !== 'read') reader.cancel().catch(() => undefined)
  return body
}

async function collect(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<Body> {
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return { type: 'read', bytes: joined(chunks, length) }
      length += value.byteLength
      if (length > MOST_BODY) return { type: 'too_large' }
      chunks.push(value)
    }
  } catch {
    return { type: 'incomplete' }
  }
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
  if (chunks.length === 1) return chunks[0]!
  const bytes = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.byteLength
  }
  return bytes
}
