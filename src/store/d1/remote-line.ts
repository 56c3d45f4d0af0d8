import { OPERATOR_PATH, type RemoteAnswers, type RemoteRequest } from '../../authority/remote.ts'
import { StoreError } from '../errors.ts'
import { remoteError } from './remote-errors.ts'

export interface RemoteLineOptions {
  /** Of the Worker, without a path of its own. */
  readonly url: string
  /** The operator's token. */
  readonly token: string
  readonly fetch: typeof fetch
}

/** The line to the operator's door of a Worker. What it is asked throws `StoreError` with a sentence where there is no answer. */
export interface RemoteLine {
  asked<K extends RemoteRequest['ask']>(
    request: RemoteRequest & { readonly ask: K },
  ): Promise<RemoteAnswers[K]>
  /** The address that the Worker signs as; null where it does not tell: it has none yet, or is of an older Licet. */
  publicUrl(): Promise<string | null>
}

type Members = Readonly<Record<string, unknown>>

/** Whether it is what the door says to such a question; not all that answers with 200 is a door. */
const ANSWERS: Readonly<Record<RemoteRequest['ask'], (answer: Members) => boolean>> = {
  rows: ({ rows }) => Array.isArray(rows),
  write: ({ outcome }) => outcome === 'committed' || outcome === 'conflict',
  landed: ({ landed }) => typeof landed === 'boolean',
  public_url: ({ publicUrl }) =>
    publicUrl === null || (typeof publicUrl === 'string' && isHttpUrl(publicUrl)),
}

/** Milliseconds; D1 itself gives a statement 30 s. */
const PATIENCE = 35_000

/** What a door says to a question that it does not know. */
const NOT_KNOWN = 400

export function remoteLine({ url, token, fetch }: RemoteLineOptions): RemoteLine {
  const address = `${url.replace(/\/+$/, '')}${OPERATOR_PATH}`

  async function sent(request: RemoteRequest): Promise<{ status: number; answer: Members | null }> {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const response = await fetch(address, {
      method: 'POST',
      headers,
      body: JSON.stringify(request),
      // The token is for this address alone.
      redirect: 'error',
      signal: AbortSignal.timeout(PATIENCE),
    }).catch((thrown: unknown) => {
      throw new StoreError('failed', `${url} cannot be reached: ${reasonOf(thrown)}.`, thrown)
    })
    const text = await response.text().catch((thrown: unknown) => {
      throw new StoreError('failed', `The answer of ${url} was cut off.`, thrown)
    })
    return { status: response.status, answer: parsed(text) }
  }

  function said<K extends RemoteRequest['ask']>(
    ask: K,
    { status, answer }: { status: number; answer: Members | null },
  ): RemoteAnswers[K] {
    if (status === 200 && answer !== null && ANSWERS[ask](answer))
      return answer as unknown as RemoteAnswers[K]
    throw remoteError(url, status, typeof answer?.detail === 'string' ? answer.detail : null)
  }

  return {
    asked: async (request) => said(request.ask, await sent(request)),
    async publicUrl() {
      const heard = await sent({ ask: 'public_url' })
      return heard.status === NOT_KNOWN ? null : said('public_url', heard).publicUrl
    },
  }
}

function parsed(text: string): Members | null {
  try {
    return { ...JSON.parse(text) }
  } catch {
    return null
  }
}

const isHttpUrl = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)

/** The code of the system, where there is one. */
function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return 'for an unknown reason'
  const { cause } = thrown
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : null
  return code ?? (thrown.name === 'TimeoutError' ? 'it does not answer' : thrown.message)
}
