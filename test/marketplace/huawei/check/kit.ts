import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach } from 'vitest'
import type {
  CheckReport,
  Exchange,
  Exchanged,
  SceneReport,
} from '../../../../src/authority/marketplace-check.ts'
import { legacyCrypto } from '../../../../src/crypto/legacy.ts'
import { nodeCrypto } from '../../../../src/crypto/node.ts'
import { huaweiCheck } from '../../../../src/marketplace/huawei/check/index.ts'
import { ambient } from '../../../../src/runtime/ambient.ts'
import { createExchange } from '../../../../src/runtime/exchange.ts'
import {
  callOf,
  type Habits,
  headersOf,
  MODEL_KEY,
  type ModelSeller,
  modelAnswers,
  modelSeller,
} from '../../../support/model-seller.ts'

export const CHECK = huaweiCheck({ ...nodeCrypto, ...legacyCrypto })

export const FAMILIES = CHECK.families.map(({ name }) => name)

/** Milliseconds; the marketplace's five seconds would make slow tests. */
export const IMPATIENT = 750

const open: ModelSeller[] = []

afterEach(async () => {
  await Promise.all(open.splice(0).map((seller) => seller.close()))
})

export async function seller(changed: Partial<Habits> = {}): Promise<ModelSeller> {
  const made = await modelSeller(changed)
  open.push(made)
  return made
}

export interface Given {
  readonly accessKey?: string
  readonly families?: readonly string[]
  readonly exchange?: Exchange
  /** Milliseconds that an answer may take; five seconds unless a test waits for them. */
  readonly patience?: number
  readonly nowMs?: () => number
}

/** A whole check of this address. */
export function check(address: string, given: Given = {}): Promise<CheckReport> {
  const key = given.accessKey ?? MODEL_KEY
  return CHECK.run({
    address,
    accessKeys: { base: key, kit: key },
    families: given.families ?? FAMILIES,
    exchange: given.exchange ?? createExchange(() => performance.now(), given.patience),
    ambient: { ...ambient, ...(given.nowMs && { nowMs: given.nowMs }) },
  })
}

/** A model seller at the end of no line: quick enough for hundreds of checks. */
export function modelExchange(changed: Partial<Habits> = {}): Exchange {
  const answers = modelAnswers(changed)
  return async ({ url, headers, body }) => {
    const lowered = Object.fromEntries(
      Object.entries(headers).map(([name, one]) => [name.toLowerCase(), one]),
    )
    return answered(answers(callOf({ url, headers: lowered, body: body ?? '' })))
  }
}

export const answered = (body: string, milliseconds = 1): Exchanged & { type: 'answered' } => ({
  type: 'answered',
  status: 200,
  headers: new Map(Object.entries(headersOf(body))),
  body: new TextEncoder().encode(body),
  milliseconds,
})

/** Checks a model seller with this wrong habit, without a line. */
export async function judged(changed: Partial<Habits>, given: Given = {}): Promise<Checked> {
  return must(await check(NOWHERE, { exchange: modelExchange(changed), ...given }))
}

const NOWHERE = 'https://licenses.example.com/isv'

/** The same over a line. */
export async function checked(changed: Partial<Habits>, given: Given = {}): Promise<Checked> {
  return must(await check((await seller(changed)).url, given))
}

function must(report: CheckReport): Checked {
  if (report.type !== 'checked') throw new Error(`unreachable: ${report.why}`)
  return report
}

export type Checked = CheckReport & { readonly type: 'checked' }

export const named = (
  { scenes }: Pick<Checked, 'scenes'>,
  result: SceneReport['result'],
): readonly string[] =>
  scenes.filter((one) => one.result === result).map(({ family, scene }) => `${family}/${scene}`)

/** Advice that every check on this machine gives: it is no public https address. */
export const LOCAL = ['address/https', 'address/domain']

/** A line to a seller on which some calls are lost. */
export async function relay(url: string, loses: () => boolean): Promise<Pick<ModelSeller, 'url' | 'close'>> {
  const server = createServer(async (request, response) => {
    const body = await text(request)
    if (loses()) return
    const { method = 'GET', headers } = request
    const given = new Headers({ 'content-type': headers['content-type'] ?? 'text/plain' })
    const target = new URL(request.url!, url)
    const answer = await fetch(target, { method, headers: given, ...(method === 'POST' && { body }) })
    response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/isv`,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
