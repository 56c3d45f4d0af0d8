import type { CheckKeys, CheckOrder } from '../../../authority/marketplace-check.ts'
import { toHex, utf8 } from '../../../format/bytes.ts'
import { huaweiCaller } from '../caller.ts'
import { huaweiKitCaller } from '../caller-kit.ts'
import { decryptSensitive, type LegacyCrypto } from '../sensitive.ts'
import type { HuaweiCrypto } from '../signature.ts'
import type { Callers, Props, Stage } from './scene.ts'

export type CheckCrypto = HuaweiCrypto & LegacyCrypto

/** Names, moments and both sides of the line for one run. */
export function stageOf(
  crypto: CheckCrypto,
  { address, accessKeys, ambient }: Pick<CheckOrder, 'address' | 'accessKeys' | 'ambient'>,
): Stage {
  const draw = (bytes: number) => toHex(ambient.random(bytes))
  const nobody = { base: `nobody-${draw(16)}`, kit: `nobody-${draw(16)}` }
  return {
    callers: callersOf(crypto, address, accessKeys),
    strangers: callersOf(crypto, address, nobody),
    props: propsOf(draw(8)),
    opens: (type, text) => decryptSensitive(crypto, type, utf8(accessKeys.base), text),
    moment: (agoMs = 0) => ({ nowMs: ambient.nowMs() - agoMs, nonce: draw(16) }),
  }
}

const callersOf = (crypto: CheckCrypto, address: string, { base, kit }: CheckKeys): Callers => ({
  base: huaweiCaller(crypto, address, base),
  kit: huaweiKitCaller(crypto, address, kit, 2),
  elderKit: huaweiKitCaller(crypto, address, kit, 1),
})

const propsOf = (mark: string): Props => ({
  mark,
  order: `CHECK${mark}`,
  line: `CHECK${mark}-000001`,
  instance: `check-instance-${mark}`,
  code: `PLCHECK${mark}`,
  event: `check-event-${mark}`,
})
