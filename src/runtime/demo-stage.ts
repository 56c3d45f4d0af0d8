import type { Ambient } from '../authority/host.ts'
import type { Rotated } from '../authority/keys/rotate.ts'
import { nodeCrypto } from '../crypto/node.ts'
import { toHex } from '../format/bytes.ts'
import {
  type HuaweiCall,
  type HuaweiCaller,
  huaweiCaller,
  type Moment,
} from '../marketplace/huawei/caller.ts'
import { type Verdict, verifySync } from '../verify/node.ts'
import { DEMO_CATALOG } from './demo-catalog.ts'

/** The three who meet in the story: the marketplace, the software with no network, and the software online. */
export interface Stage {
  /** Lets time pass for everybody, seconds. */
  pass(seconds: number): void
  /** Unix milliseconds on the stage. */
  nowMs(): number
  /** The marketplace calls the production address; its answer, with its signature checked. */
  call(build: (caller: HuaweiCaller, moment: Moment) => HuaweiCall): Promise<MarketplaceAnswer>
  /** What shipped software says of a text with the pinned root and no network. */
  offline(text: string): Promise<Verdict>
  /** Support runs `licet keys rotate` for the key that signs codes. */
  rotate(): Promise<Rotated>
  /** What the server says of a text. */
  online(text: string): Promise<OnlineAnswer>
}

export interface MarketplaceAnswer {
  readonly resultCode: string
  readonly license?: string
  readonly instanceId?: string
  readonly signatureHolds: boolean
}

export interface OnlineAnswer {
  readonly valid: boolean
  readonly standing: string | null
  readonly reason: string | null
  readonly currentCode?: string
}

export function openStage(
  address: string,
  accessKey: string,
  clock: Ambient & { pass(seconds: number): void },
  rotate: () => Promise<Rotated>,
): Stage {
  const caller = huaweiCaller(nodeCrypto, `${address}/callbacks/huawei`, accessKey)
  const pinned = fetch(`${address}/v1/keys`).then(
    async (answer) => (await answer.json()) as { roots: object[] },
  )
  const [product] = DEMO_CATALOG.products
  return {
    pass: clock.pass,
    rotate,
    nowMs: clock.nowMs,
    async call(build) {
      const moment = { nowMs: clock.nowMs(), nonce: toHex(clock.random(16)) }
      const { method, url, headers, body } = build(caller, moment)
      const response = await fetch(url, { method, headers, body })
      const text = await response.text()
      const signatureHolds = caller.bodySignHolds(text, response.headers.get('body-sign'))
      return { ...JSON.parse(text), signatureHolds }
    },
    async offline(text) {
      return verifySync(text, (await pinned).roots, { now: clock.now(), ...(product && { product }) })
    },
    async online(text) {
      const headers = { 'content-type': 'application/json' }
      const response = await fetch(`${address}/v1/validate`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ code: text }),
      })
      return (await response.json()) as OnlineAnswer
    },
  }
}
