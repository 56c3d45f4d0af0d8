import type { OnResource } from './commands.ts'
import { FAMILIES } from './families.ts'
import type { Family, Named } from './family.ts'
import { kitSteps } from './kit.ts'
import type { MarketOrder } from './market.ts'
import { type About, call, MONTH_MS, newOrder, type Office, put } from './office.ts'
import type { Step } from './step.ts'

/** What happens to something that was bought. Each tells what it did, and why where it did nothing. */

export async function renew(office: Office, resource: Named): Promise<void> {
  const order = newOrder(office, 'RENEW', nextEnd(office, resource), resource.product)
  await renewed(office, resource, order, familyOf(resource).renew(resource, order))
}

/** A renewal with another quantity: asked about first, then bought. */
export async function change(office: Office, resource: Named, quantity: number | null): Promise<void> {
  const steps = familyOf(resource).change
  if (steps === null) return cannot(office, resource, 'change with a renewal')
  const product = { ...resource.product, quantity: quantity ?? resource.product.quantity + 1 }
  const order = newOrder(office, 'RENEW', nextEnd(office, resource), product)
  await renewed(office, { ...resource, product }, order, steps(resource, order, product))
}

/** What the kit tells of a product of joint operation. */
export async function synchronise(office: Office, resource: Named): Promise<void> {
  if (office.callers.kit === null)
    return refuse(office, 'The kit has no access key here (--kit-access-key-file).')
  await all(office, resource, kitSteps(resource))
}

async function renewed(
  office: Office,
  resource: Named,
  order: MarketOrder,
  steps: readonly Step[],
): Promise<void> {
  const { unfreezesAfterRenewal, unfreeze } = familyOf(resource)
  const wasFrozen = resource.state === 'frozen'
  const renewals = [...resource.renewals, { order, beforeMs: resource.paidUntilMs }]
  const later = { ...resource, paidUntilMs: order.expiresMs, renewals, state: 'active' } as const
  if (!(await all(office, later, steps))) return
  if (wasFrozen && unfreezesAfterRenewal) await all(office, later, unfreeze?.(resource) ?? [])
}

export async function cancel(office: Office, resource: Named): Promise<void> {
  const { cancel: steps } = familyOf(resource)
  const last = resource.renewals.at(-1)
  if (steps === null) return cannot(office, resource, 'cancel a renewal')
  if (last === undefined) return refuse(office, `#${resource.number} has no renewal to cancel.`)
  const cancellation = newOrder(office, 'UNSUBSCRIBE', last.beforeMs, resource.product)
  const earlier = { ...resource, paidUntilMs: last.beforeMs, renewals: resource.renewals.slice(0, -1) }
  await all(office, earlier, steps(resource, last.order, cancellation))
}

export async function formal(office: Office, resource: Named): Promise<void> {
  if (!resource.trial) return refuse(office, `#${resource.number} is no trial.`)
  const order = newOrder(office, 'TRIAL_TO_FORMAL', nextEnd(office, resource), resource.product)
  const paid = { ...resource, trial: false, paidUntilMs: order.expiresMs }
  await all(office, paid, familyOf(resource).formal(resource, order))
}

export async function upgrade(office: Office, resource: Named, quantity: number | null): Promise<void> {
  const { upgrade: steps } = familyOf(resource)
  if (steps === null) return cannot(office, resource, 'upgrade')
  const product = { ...resource.product, quantity: quantity ?? resource.product.quantity + 1 }
  const order = newOrder(office, 'CHANGE', resource.paidUntilMs, product)
  await all(office, { ...resource, product }, steps(resource, order))
}

/** Past its end and its grace. The seller's clock may say otherwise: the call is the fact. */
export async function expire(office: Office, resource: Named): Promise<void> {
  const over = {
    ...resource,
    state: 'frozen',
    paidUntilMs: Math.min(resource.paidUntilMs, office.marketMs()),
  } as const
  await all(office, over, familyOf(resource).expire(resource))
}

export async function setFrozen(office: Office, resource: Named, to: 'freeze' | 'unfreeze'): Promise<void> {
  const steps = familyOf(resource)[to]
  if (steps === null) return cannot(office, resource, `${to} for a violation`)
  await all(office, { ...resource, state: to === 'freeze' ? 'frozen' : 'active' }, steps(resource))
}

export async function release(office: Office, resource: Named): Promise<void> {
  const order = newOrder(office, 'UNSUBSCRIBE', office.marketMs(), resource.product)
  await all(office, { ...resource, state: 'released' }, familyOf(resource).release(resource, order))
}

/** The resource becomes `after` whatever the seller says; the calls go on until one is given up. */
async function all(office: Office, after: Named, steps: readonly Step[]): Promise<boolean> {
  put(office, after)
  const about: About = { resource: after.number, isOrder: false, refunded: false }
  for (const step of steps) if (!(await call(office, step, about))) return false
  return true
}

export const familyOf = ({ family }: Named): Family => FAMILIES[family]

const nextEnd = ({ marketMs }: Office, { paidUntilMs }: Named): number =>
  Math.max(paidUntilMs, marketMs()) + MONTH_MS

export const refuse = ({ tell }: Office, text: string): void => tell({ type: 'refused', text })

export const cannot = (office: Office, resource: Named, what: string): void =>
  refuse(office, `#${resource.number} is ${familyOf(resource).title}: the family has no call to ${what}.`)

/** Those that need nothing but the resource. */
export const PLAIN: Readonly<
  Record<
    Exclude<OnResource, 'show' | 'repeat' | 'activate' | 'kit'>,
    (office: Office, resource: Named) => Promise<void>
  >
> = {
  renew,
  cancel,
  formal,
  expire,
  freeze: (office, resource) => setFrozen(office, resource, 'freeze'),
  unfreeze: (office, resource) => setFrozen(office, resource, 'unfreeze'),
  release,
}
