import type { HuaweiCall, HuaweiCaller, Members, Moment } from '../caller.ts'
import type { HuaweiKitCaller } from '../caller-kit.ts'
import { type AnswerMembers, type Expectation, textIn } from './judge.ts'
import { SCHEDULE, type Schedule } from './schedule.ts'

/** One call to the seller, before it is signed. */
export interface Step extends Expectation {
  readonly activity: string
  /** `KIT`: to an address of its own below the production address, by the kit's own key. */
  readonly method: 'GET' | 'POST' | 'KIT'
  readonly members: Members
  /** Whether it has a `businessId`, which is another one on every try. */
  readonly business: boolean
  readonly schedule: Schedule
}

/** Who signs calls: one for the base interfaces, one for the kit where the seller has it. */
export interface Callers {
  readonly base: Pick<HuaweiCaller, 'get' | 'post' | 'bodySignHolds'>
  readonly kit: Pick<HuaweiKitCaller, 'post'> | null
}

export interface Spoken extends Pick<HuaweiCaller, 'bodySignHolds'> {
  readonly build: (moment: Moment) => HuaweiCall
}

/** How a step is signed, and its answer checked; no document has a signature on the answers of the kit's version 2. */
export function spoken({ base, kit }: Callers, { activity, method, members, business }: Step): Spoken {
  if (method === 'KIT') {
    if (kit === null) throw new TypeError(`${activity} has no key to be signed by`)
    return { build: (moment) => kit.post(activity, members, moment), bodySignHolds: () => true }
  }
  const all = (nonce: string) => ({ activity, ...(business && { businessId: nonce }), ...members })
  return {
    bodySignHolds: base.bodySignHolds,
    build: (moment) =>
      method === 'GET'
        ? base.get(all(moment.nonce) as Parameters<HuaweiCaller['get']>[0], moment)
        : base.post(all(moment.nonce), moment),
  }
}

/** The same as the debugging console and the probes send it (reference 3.9): a number in the kit, else a text. */
export const asTest = (step: Step): Step => ({
  ...step,
  members: { ...step.members, testFlag: step.method === 'KIT' ? 1 : '1' },
  schedule: SCHEDULE.once,
})

/** The activity, and which of its kinds. */
export const nameOf = ({ activity, members: { scene, status, instanceStatus } }: Step): string =>
  [activity, scene ?? status ?? instanceStatus].filter((word) => word !== undefined).join(' ')

/** The order that a step names to the seller; null where it names none. */
export const orderIn = ({ members: { orderId } }: Step): string | null =>
  typeof orderId === 'string' ? orderId : null

/** What lacks of members that must be texts, beginning with the first. */
export const lacking =
  (...names: readonly string[]) =>
  (members: AnswerMembers): string | null => {
    const missing = names.find((name) => textIn(members, name) === null)
    return missing === undefined ? null : `no ${missing}`
  }
