/** Largest body of a request that anybody may send, bytes (contract 3). */
export const MOST_BODY = 64 * 1024

export type Body =
  | { readonly type: 'read'; readonly bytes: Uint8Array }
  | { readonly type: 'too_large' }
  /** The deadline passed, or the client went away, before the end. */
  | { readonly type: 'incomplete' }

/**
 * Reads a body of at most `most` bytes; a chunked one is counted as it comes. Stops at the limit or when
 * `expired` settles; the host discards the rest for a moment and then hangs up, so that a client which writes
 * before it reads still gets its answer.
 */
export async function readBody(
  request: Request,
  expired: Promise<unknown>,
  most: number = MOST_BODY,
): Promise<Body> {
  const declared = request.headers.get('content-length')
  if (Number(declared ?? 0) > most) return { type: 'too_large' }
  const stop = expired.then((): Body => ({ type: 'incomplete' }))
  return declared === null ? readCounted(request, stop, most) : Promise.race([readWhole(request, most), stop])
}

/** For a declared length, to which HTTP itself holds the sender; a stream of the Fetch API costs far more. */
async function readWhole(request: Request, most: number): Promise<Body> {
  try {
    const bytes = new Uint8Array(await request.arrayBuffer())
    return bytes.byteLength > most ? { type: 'too_large' } : { type: 'read', bytes }
  } catch {
    return { type: 'incomplete' }
  }
}

async function readCounted(request: Request, stop: Promise<Body>, most: number): Promise<Body> {
  const reader = request.body?.getReader()
  if (reader === undefined) return { type: 'read', bytes: new Uint8Array() }
  const body = await Promise.race([collect(reader, most), stop])
  if (body.type !== 'read') reader.cancel().catch(() => undefined)
  return body
}

async function collect(reader: ReadableStreamDefaultReader<Uint8Array>, most: number): Promise<Body> {
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return { type: 'read', bytes: joined(chunks, length) }
      length += value.byteLength
      if (length > most) return { type: 'too_large' }
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
