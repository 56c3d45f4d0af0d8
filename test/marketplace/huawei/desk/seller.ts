import { nodeCrypto } from '../../../../src/crypto/node.ts'
import { huaweiCaller } from '../../../../src/marketplace/huawei/caller.ts'
import { huaweiKitCaller } from '../../../../src/marketplace/huawei/caller-kit.ts'
import { type Command, readCommand } from '../../../../src/marketplace/huawei/desk/commands.ts'
import { type Desk, openDesk } from '../../../../src/marketplace/huawei/desk/desk.ts'
import type { DeskEvent } from '../../../../src/marketplace/huawei/desk/event.ts'
import type { Heard } from '../../../../src/marketplace/huawei/desk/judge.ts'
import type { Line } from '../../../../src/marketplace/huawei/desk/line.ts'
import type { FamilyName } from '../../../../src/marketplace/huawei/desk/market.ts'

export const ACCESS_KEY = 'access-key-of-the-desk-0001'
export const CREDENTIALS = { accessKeyId: 'AKDESK', secret: 'secret-key-of-the-desk' }
/** 2026-11-21T12:00:00Z. */
export const NOON_MS = Date.UTC(2026, 10, 21, 12)
export const DAY_MS = 86_400_000

/** A call as a little server reads it, without looking at its signature. */
export interface Seen {
  readonly activity: string
  readonly members: Readonly<Record<string, unknown>>
  readonly isTest: boolean
}

/** What a little server says: members of a signed answer, or whatever came over the line instead. */
export type Says = (seen: Seen) => Readonly<Record<string, unknown>> | Heard

export interface Played {
  readonly desk: Desk
  readonly seen: readonly Seen[]
  readonly events: readonly DeskEvent[]
  /** Milliseconds of the marketplace that were waited, pause by pause. */
  readonly pauses: readonly number[]
  /** Lines of commands, one after the other. */
  play(...lines: readonly string[]): Promise<void>
  days(count: number): Promise<void>
  refusals(): readonly string[]
}

/** The desk before a little server of one function, with a clock that only pauses move. */
export function played(says: Says, families: readonly FamilyName[] = ['license-1'], withKit = false): Played {
  const base = huaweiCaller(nodeCrypto, 'https://seller.example.com/callbacks', ACCESS_KEY)
  const kit = huaweiKitCaller(nodeCrypto, 'https://seller.example.com/callbacks', 'kit-key')
  const [seen, events, pauses]: [Seen[], DeskEvent[], number[]] = [[], [], []]
  let [passed, drawn] = [0, 0]
  const line: Line = {
    nowMs: () => NOON_MS,
    random: (length) => Uint8Array.from({ length }, () => (drawn++ * 7919) % 251),
    async pause(ms) {
      pauses.push(ms)
      passed += ms
    },
    rest: async () => undefined,
    async send({ method, url, body }) {
      const { pathname, searchParams } = new URL(url)
      const members = method === 'GET' ? Object.fromEntries(searchParams) : JSON.parse(body ?? '{}')
      const activity = members.activity ?? pathname.split('/').at(-1)
      const isTest = `${members.testFlag ?? 0}` === '1'
      seen.push({ activity, members, isTest })
      const said = says({ activity, members, isTest })
      return 'type' in said ? (said as Heard) : signed(said)
    },
  }
  const desk = openDesk({
    ...{ crypto: nodeCrypto, line, callers: { base, kit: withKit ? kit : null }, families },
    gate: { credentials: CREDENTIALS, accessKey: ACCESS_KEY },
    product: { productId: 'OFFI-1', sku: 'sku-1', quantity: 5 },
    marketMs: () => NOON_MS + passed,
    origin: 'https://seller.example.com',
    tell: (event) => void events.push(event),
  })
  return {
    ...{ desk, seen, events, pauses },
    async play(...lines) {
      for (const text of lines) await desk.perform(commandOf(text))
    },
    async days(count) {
      for (let day = 0; day < count; day++) await desk.passDay()
    },
    refusals: () => events.flatMap((event) => (event.type === 'refused' ? event.text : [])),
  }
}

function commandOf(text: string): Command {
  const read = readCommand(text)
  if (!read.ok || read.value === null) throw new Error(`${text}: ${read.ok ? 'nothing' : read.no}`)
  return read.value
}

/** As a server with the access key answers. */
export function signed(members: object, tookMs = 3): Heard {
  const body = JSON.stringify(members)
  const bytes = (text: string) => new TextEncoder().encode(text)
  const mac = Buffer.from(nodeCrypto.hmacSha256(bytes(ACCESS_KEY), bytes(body))).toString('base64')
  const bodySign = `sign_type="HMAC-SHA256", signature= "${mac}"`
  return { type: 'answer', status: 200, contentType: 'application/json', bodySign, body, tookMs }
}

export const OK = { resultCode: '000000', resultMsg: 'success.' }
export const BROKEN = { resultCode: '000005', resultMsg: 'internal error.' }

/** A seller who does everything right, and names each instance by its order. */
export const RIGHT: Says = ({ activity, members: { orderId, instanceId } }) => {
  const appInfo = { frontEndUrl: 'https://seller.example.com/' }
  const instance = `instance-of-${orderId}`
  switch (activity) {
    case 'getLicense':
      return { ...OK, license: `license-of-${orderId}`, instanceId: instance }
    case 'newInstance':
      return { ...OK, instanceId: instance, appInfo }
    case 'queryInstance':
      return { ...OK, info: [{ instanceId, appInfo }] }
    default:
      return OK
  }
}

/** Right in all but one activity, or in all but real or test calls of it. */
export const wrongIn =
  (activity: string | RegExp, says: Says | object): Says =>
  (seen) => {
    const isWrong = typeof activity === 'string' ? seen.activity === activity : activity.test(seen.activity)
    if (!isWrong) return RIGHT(seen)
    return typeof says === 'function' ? (says as Says)(seen) : (says as ReturnType<Says>)
  }

/** Right but for probes and other test calls. */
export const failsProbes: Says = (seen) => (seen.isTest ? BROKEN : RIGHT(seen))
