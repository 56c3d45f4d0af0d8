import { Agent, request } from 'node:http'
import type { Prepared } from './requests.ts'

/** Milliseconds a request may take before the run is given up. */
const TIMEOUT = 20_000

export interface Looped {
  readonly seconds: number
  /** Microseconds of every request, in no order. */
  readonly micros: Float64Array
  readonly texts: readonly string[]
}

/**
 * Sends every request once over `inFlight` kept-alive connections, spread over the servers, each caller the next one
 * as soon as it has its answer. Rejects at the first answer that is not HTTP 200 with the content it must have.
 */
export async function closedLoop(
  origins: readonly string[],
  requests: readonly Prepared[],
  inFlight: number,
  keepTexts: boolean,
): Promise<Looped> {
  const agent = new Agent({ keepAlive: true, maxSockets: inFlight })
  const targets = origins.map((origin) => ({
    agent,
    hostname: new URL(origin).hostname,
    port: new URL(origin).port,
  }))
  const micros = new Float64Array(requests.length)
  const texts: string[] = []
  let next = 0
  async function caller(target: Target): Promise<void> {
    while (next < requests.length) {
      const index = next++
      const one = requests[index]!
      const from = performance.now()
      const answer = await send(target, one)
      micros[index] = (performance.now() - from) * 1000
      const text = one.check(answer)
      if (keepTexts && text !== null) texts.push(text)
    }
  }
  const from = performance.now()
  try {
    await Promise.all(Array.from({ length: inFlight }, (_, n) => caller(targets[n % targets.length]!)))
    return { seconds: (performance.now() - from) / 1000, micros, texts }
  } finally {
    agent.destroy()
  }
}

interface Target {
  readonly agent: Agent
  readonly hostname: string
  readonly port: string
}

function send(target: Target, { method, path, body }: Prepared): Promise<string> {
  const headers =
    body === null ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
  return new Promise((resolve, reject) => {
    const sent = request({ ...target, method, path, headers, timeout: TIMEOUT }, (response) => {
      const chunks: string[] = []
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        if (response.statusCode === 200) resolve(chunks.join(''))
        else reject(new Error(`HTTP ${response.statusCode}: ${chunks.join('')}`))
      })
    })
    sent.on('timeout', () => sent.destroy(new Error(`no answer within ${TIMEOUT} ms`)))
    sent.on('error', reject)
    sent.end(body)
  })
}
