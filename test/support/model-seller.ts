import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export const MODEL_KEY = 'access-key-of-the-model-0001'

/** A call as the model seller sees it. */
export interface ModelCall {
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingMessage['headers']
  readonly body: string
  readonly fields: Readonly<Record<string, unknown>>
}

/** How the model seller works; a test replaces one of them by something wrong. */
export interface Habits {
  readonly believes: (call: ModelCall) => boolean
  readonly isFresh: (call: ModelCall) => boolean
  /** Whether a nonce that was used before is taken again. */
  readonly forgets: boolean
  readonly knows: (activity: string) => boolean
  readonly lacks: (call: ModelCall, activity: string) => boolean
  readonly works: (call: ModelCall, activity: string) => object
  readonly sends: (response: ServerResponse, body: string, call: ModelCall) => void
}

export interface ModelSeller {
  readonly url: string
  readonly received: readonly ModelCall[]
  close(): Promise<void>
}

/** A seller's server that is not Licet: small, after the marketplace's documents, and with nothing of ours in it. */
export async function modelSeller(changed: Partial<Habits> = {}): Promise<ModelSeller> {
  const received: ModelCall[] = []
  const answers = modelAnswers(changed)
  const server = createServer(async (request, response) => {
    const call = callOf({ url: request.url!, headers: request.headers, body: await text(request) })
    received.push(call)
    ;(changed.sends ?? sends)(response, answers(call), call)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/isv`,
    received,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** What the model seller answers to each call, without a line between. */
export function modelAnswers(changed: Partial<Habits> = {}): (call: ModelCall) => string {
  const habits: Habits = { ...RIGHT, ...changed }
  const nonces = new Set<string>()
  return (call) => JSON.stringify(answered(habits, nonces, call))
}

export function callOf(request: Pick<ModelCall, 'headers' | 'body'> & { readonly url: string }): ModelCall {
  const { pathname, searchParams } = new URL(request.url, 'http://model.seller')
  const { headers, body } = request
  const fields = body === '' ? Object.fromEntries(searchParams) : JSON.parse(body)
  return { path: pathname, query: searchParams, headers, body, fields }
}

const code = (resultCode: string, more: object = {}) => ({ resultCode, resultMsg: 'a message', ...more })

function answered(habits: Habits, nonces: Set<string>, call: ModelCall): object {
  if (!habits.believes(call)) return code('000001')
  if (!habits.isFresh(call)) return code('000002')
  const nonce = call.query.get('nonce') ?? call.headers['x-nonce']
  if (typeof nonce === 'string' && nonces.has(nonce) && !habits.forgets) return code('000001')
  nonces.add(String(nonce))
  const activity = String(call.fields.activity ?? call.path.split('/').at(-1))
  if (!habits.knows(activity) || habits.lacks(call, activity)) return code('000002')
  return code('000000', habits.works(call, activity))
}

const hmac = (key: string, data: string) => createHmac('sha256', key).update(data)

/** Signed by the key of the model in one of the three ways, whichever the call brings. */
function believes({ query, headers, body, fields }: ModelCall): boolean {
  const [given, sign, token] = [query.get('signature'), headers['x-sign'], query.get('authToken')]
  if (given !== null) {
    const inner = hmac(MODEL_KEY, body).digest('hex')
    const signed = `${MODEL_KEY}${query.get('nonce')}${query.get('timestamp')}${inner}`
    return given.toLowerCase() === hmac(MODEL_KEY, signed).digest('hex')
  }
  if (typeof sign === 'string') {
    const signed = `${MODEL_KEY}${headers['x-nonce']}${headers['x-timestamp']}${body}`
    return sign.toLowerCase() === hmac(MODEL_KEY, signed).digest('hex')
  }
  const names = Object.keys(fields).filter((name) => name !== 'authToken')
  const joined = names.sort().map((name) => `${name}=${fields[name]}`)
  const expected = hmac(`${MODEL_KEY}${fields.timeStamp}`, joined.join('&')).digest('base64')
  return (token ?? headers.authtoken) === expected
}

function isFresh({ query, headers, fields }: ModelCall): boolean {
  const unix = query.get('timestamp') ?? headers['x-timestamp']
  return Math.abs(Date.now() - (unix === undefined ? stampMs(fields, headers) : Number(unix))) <= 60_000
}

/** The kit writes China's time. */
function stampMs({ timeStamp }: ModelCall['fields'], headers: ModelCall['headers']): number {
  const [y, mo, d, h, mi, s] = [...String(timeStamp).matchAll(/^\d{4}|\d\d/g)].map(Number)
  const utc = Date.UTC(y!, mo! - 1, d!, h!, mi!, s!)
  return headers.authtoken === undefined ? utc : utc - 8 * 3_600_000
}

const ACTIVITIES: ReadonlySet<string> = new Set([
  ...['getLicense', 'refreshLicense', 'expireLicense', 'releaseLicense'],
  ...['refreshLicenseCode', 'updateLicenseCodeStatus', 'releaseLicenseCode'],
  ...['newInstance', 'refreshInstance', 'updateInstanceStatus', 'releaseInstance', 'getLicenseAsync'],
  ...['queryInstance', 'upgradeInstance', 'changeInstanceCheck', 'orderNotify'],
  ...['expireInstance', 'upgrade', 'instanceStatus'],
  ...['tenantSync', 'applicationSync', 'authSync', 'singleOrgSync', 'allOrgSync'],
])

const ORDERED: ReadonlySet<string> = new Set(['getLicense', 'newInstance', 'orderNotify'])

function lacks({ fields, path }: ModelCall, activity: string): boolean {
  const lacking = (name: string) => fields[name] === undefined
  if (path.includes('/produceAPI/')) return lacking('tenantId')
  if (ORDERED.has(activity)) return lacking('orderId') && lacking('orderInfo')
  return activity === 'refreshLicenseCode' && lacking('license')
}

export function works({ fields }: ModelCall, activity: string): object {
  const [older = {}] = (fields.orderInfo ?? []) as { readonly businessId?: string }[]
  const instanceId = `i-${fields.orderId}`
  switch (activity) {
    case 'getLicense':
      return { license: `a license for ${fields.orderId}`, instanceId }
    case 'newInstance':
      return fields.customerId === undefined
        ? { instanceId: fields.businessId ?? older.businessId }
        : { instanceId, appInfo: { frontEndUrl: 'https://model.example.com/' } }
    case 'queryInstance':
      return { info: [{ instanceId: fields.instanceId }] }
    default:
      return {}
  }
}

export const headersOf = (body: string) => ({
  'content-type': 'application/json',
  'body-sign': `sign_type="HMAC-SHA256", signature= "${hmac(MODEL_KEY, body).digest('base64')}"`,
})

function sends(response: ServerResponse, body: string): void {
  response.writeHead(200, headersOf(body))
  response.end(body)
}

const RIGHT: Habits = {
  believes,
  isFresh,
  forgets: false,
  knows: (activity) => ACTIVITIES.has(activity),
  lacks,
  works,
  sends,
}
