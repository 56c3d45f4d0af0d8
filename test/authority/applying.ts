import { settleApplications } from '../../src/authority/waiting-applications.ts'
import type { Fields } from '../../src/marketplace/huawei/caller.ts'
import { NOON } from '../support/instance.ts'
import { DAY, type Reply } from './desk.ts'
import type { Market } from './market.ts'

/** As the marketplace writes the times of an application. */
export const utc = (seconds: number): string =>
  `${new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ')} z`

export const inDaysUtc = (days: number): string => utc(NOON + days * DAY)

export interface Applying {
  /** getLicenseAsync for the laptop until the end of the term, or what `fields` say. */
  apply(instanceId: string, fields?: Fields): Promise<Reply>
  /** The text that was uploaded last for an event. */
  uploaded(event: string): string
  /** As the scheduler and the delivery do. */
  settle(): Promise<void>
}

let events = 0
export const newEvent = (): string => `EV-${++events}`

export function applyingAt(market: Market): Applying {
  return {
    apply(instanceId, fields = {}) {
      const wish = { effectiveTime: inDaysUtc(0), expireTime: inDaysUtc(30), deviceFingerprint: 'laptop' }
      return market.send(
        market.caller.getLicenseAsync({ eventId: 'EV', ...wish, instanceId, ...fields }, market.moment()),
      )
    },
    uploaded(event) {
      const upload = market.uploads.findLast((one) => one.event === event)
      if (upload === undefined) throw new Error(`nothing was uploaded for ${event}`)
      return upload.text
    },
    async settle() {
      await market.learn()
      await settleApplications(market.authority)
      await market.learn()
    },
  }
}
