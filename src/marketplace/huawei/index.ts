import type { Channel, Marketplace, Opened, RawCall } from '../../authority/marketplace.ts'
import { utf8 } from '../../format/bytes.ts'
import { ACTIVITIES, translate } from './activities.ts'
import { answerBody, codeOfAnswer } from './answer.ts'
import { shownSale } from './answer-saas-1.ts'
import { authenticateGet } from './authenticate-get.ts'
import { authenticatePost } from './authenticate-post.ts'
import { revealBy } from './buyer.ts'
import { readZone, type Zone } from './date.ts'
import { KIT_ADDRESSES, openKit } from './kit.ts'
import { openApiDialect } from './open-api/dialect.ts'
import type { LegacyCrypto } from './sensitive.ts'
import { bodySign, type HuaweiCrypto } from './signature.ts'

/**
 * Huawei Cloud Marketplace, License 1.0 (GET, `authToken`) and License 2.0 (POST, `signature`), on one
 * production address (contract 3.1), and the kit below it. `open` never throws, whatever was sent.
 */
export function huaweiMarketplace(crypto: HuaweiCrypto, legacy: LegacyCrypto): Marketplace {
  const zoneOf = rememberZones()

  function open(call: RawCall, channel: Channel, nowMs: number): Opened {
    if (call.below !== undefined) return openKit(crypto, call, call.below, channel, nowMs)
    const seen =
      call.method === 'GET'
        ? authenticateGet(crypto, call, channel, nowMs)
        : authenticatePost(crypto, call, channel, nowMs)
    if (seen.type === 'rejected') return seen
    const { key, mark, content } = seen
    if (!content.ok) return { type: 'authentic', key, mark, activity: null, intent: null, why: content.no }
    const reveal = revealBy(legacy, key.secret)
    const translated = translate(ACTIVITIES[call.method], content.value, zoneOf(channel.timeZone), reveal)
    return { type: 'authentic', key, mark, ...translated }
  }

  return {
    kind: 'huawei',
    acceptsTimeZone: (text) => readZone(text) !== null,
    addresses: KIT_ADDRESSES,
    open,
    answer: (intent, reply, to) => answerBody(intent, reply, (sold) => shownSale(legacy, sold, to)),
    codeOf: codeOfAnswer,
    headers: (body, key) => ({
      'Content-Type': 'application/json',
      ...(key !== null && { 'Body-Sign': bodySign(crypto, key, utf8(body)) }),
    }),
    outgoing: openApiDialect(crypto, zoneOf),
  }
}

/** Building a zone costs far more than using it; there are as many as the channels name. */
function rememberZones(): (name: string) => Zone | null {
  const zones = new Map<string, Zone | null>()
  return (name) => {
    const known = zones.get(name)
    if (known !== undefined) return known
    const zone = readZone(name)
    zones.set(name, zone)
    return zone
  }
}
