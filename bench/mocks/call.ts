import { createHmac, hash, timingSafeEqual } from 'node:crypto'

/** An authentic `getLicense`, as far as the mocks look at it. */
export interface Call {
  readonly parameters: ReadonlyMap<string, string>
  /** Hex of the `authToken`. */
  readonly signature: string
  /** Hex SHA-256 of the query: the same request again gets the stored answer. */
  readonly request: string
}

/** The call, or null when its `authToken` is not by this access key (reference 3.4). Looks at no clock. */
export function authenticCall(query: string, accessKey: string): Call | null {
  const parameters = new Map(new URLSearchParams(query))
  const given = Buffer.from(parameters.get('authToken') ?? '', 'base64')
  parameters.delete('authToken')
  const signed = [...parameters.keys()]
    .sort()
    .map((name) => `${name}=${parameters.get(name)}`)
    .join('&')
  const expected = createHmac('sha256', accessKey + parameters.get('timeStamp'))
    .update(signed)
    .digest()
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null
  return { parameters, signature: expected.toString('hex'), request: hash('sha256', query) }
}

export function answerHeaders(body: string, accessKey: string): Record<string, string> {
  const signature = createHmac('sha256', accessKey).update(body).digest('base64')
  return {
    'Content-Type': 'application/json',
    'Body-Sign': `sign_type="HMAC-SHA256", signature= "${signature}"`,
    'Content-Length': String(Buffer.byteLength(body)),
  }
}
