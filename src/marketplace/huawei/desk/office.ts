import type { Failure } from './commands.ts'
import type { DeskEvent } from './event.ts'
import { type Delivery, deliver, type Line } from './line.ts'
import type { FamilyName, Market, MarketOrder, OrderType, Product, Resource } from './market.ts'
import type { CheckCrypto } from './open-api/sdk-check.ts'
import type { Gate } from './open-api/serve.ts'
import { type Callers, nameOf, orderIn, type Step, spoken } from './step.ts'

export interface DeskOptions {
  readonly crypto: CheckCrypto
  readonly line: Line
  readonly callers: Callers
  /** Who may call the open APIs. */
  readonly gate: Gate
  /** What the seller sells, the first where a command names none. */
  readonly families: readonly FamilyName[]
  readonly product: Product
  /** Milliseconds of the marketplace's clock. */
  readonly marketMs: () => number
  /** Of the seller's server, where its software is answered. */
  readonly origin: string
  readonly tell: (event: DeskEvent) => void
}

/** The desk from inside. */
export interface Office extends DeskOptions {
  readonly market: Market
  /** How the next open API calls fail, the first first. */
  readonly failures: Failure[]
  /** What was given up and may be restarted. */
  readonly waiting: Waiting[]
  /** Who waits for a day to end. */
  readonly waiters: (() => void)[]
}

export interface About {
  readonly resource: number | null
  /** The delivery of something that was bought. */
  readonly isOrder: boolean
  readonly refunded: boolean
}

interface Waiting {
  readonly step: Step
  readonly about: About
  readonly then: (delivery: Delivery) => void
}

/**
 * Makes a call by its schedule. What is given up is held against the seller, and waits for a restart unless its order is
 * refunded. `then` is told what was delivered, now or after a restart.
 */
export async function call(
  office: Office,
  step: Step,
  about: About,
  then: (delivery: Delivery) => void = () => undefined,
): Promise<boolean> {
  const { market, line, callers, marketMs } = office
  const caller = spoken(callers, step)
  const heard = heardBy(office, step, about)
  const delivery = await deliver(line, caller, step.schedule, caller.build, step, heard)
  if (delivery.delivered) then(delivery)
  else {
    const { resource, refunded, isOrder } = about
    market.undelivered.push({
      activity: step.activity,
      order: orderIn(step),
      resource,
      failure: delivery.failure!,
      atMs: marketMs(),
      refunded,
      isOrder,
    })
    if (!refunded) office.waiting.push({ step, about, then })
  }
  return delivery.delivered
}

function heardBy({ market, tell }: Office, step: Step, { resource }: About) {
  let tries = 0
  return (attempt: Delivery['attempts'][number]) => {
    market.calls.made += 1
    if (attempt.failure !== null) market.calls.failed += 1
    tries += 1
    const about = [resource === null ? '' : `#${resource}`, orderIn(step) ?? ''].join(' ').trim()
    tell({ type: 'call', activity: nameOf(step), about, attempt, tries, most: step.schedule.retries + 1 })
  }
}

/** Everything that waits is called once more, by its schedule (the console's restart by hand). */
export async function restart(office: Office): Promise<void> {
  const { waiting, market, tell } = office
  const again = waiting.splice(0)
  if (again.length === 0) tell({ type: 'note', text: 'Nothing waits for a restart.' })
  for (const { step, about, then } of again) {
    const at = market.undelivered.findIndex(
      (one) =>
        one.activity === step.activity &&
        one.order === orderIn(step) &&
        one.resource === about.resource &&
        !one.refunded,
    )
    if (at >= 0) market.undelivered.splice(at, 1)
    await call(office, step, about, then)
  }
}

const DAY_MS = 86_400_000
export const MONTH_MS = 31 * DAY_MS

/** A new order, which the open APIs know from now on. */
export function newOrder(office: Office, type: OrderType, expiresMs: number, product: Product): MarketOrder {
  const createdMs = office.marketMs()
  const day = new Date(createdMs).toISOString().slice(2, 16).replace(/\D/g, '')
  const id = `CS${day}${wordOf(office, 6)}`
  const order = { id, line: `${id}-000001`, type, createdMs, expiresMs, product }
  office.market.orders.set(id, order)
  return order
}

const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'

/** Letters and digits at random, of 32 kinds. */
export const wordOf = ({ line }: Office, length: number): string =>
  [...line.random(length)].map((byte) => LETTERS[byte % LETTERS.length]).join('')

/** Notes what became of a resource, and of its code where the marketplace made one. */
export function put({ market, marketMs }: Office, resource: Resource): void {
  market.resources.set(resource.number, resource)
  const code = market.codes.get(resource.id ?? '')
  if (code === undefined) return
  const isOver = resource.state === 'frozen' && resource.paidUntilMs <= marketMs()
  const status = resource.state === 'released' ? 'RELEASED' : isOver ? 'EXPIRED' : 'ALIVE'
  const expireTime = new Date(resource.paidUntilMs).toISOString().replace(/\D/g, '').slice(0, 14)
  market.codes.set(resource.id!, { ...code, status, expireTime, amount: resource.product.quantity })
}
