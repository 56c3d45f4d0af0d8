import type { Family, Named } from './family.ts'
import { kitSteps } from './kit.ts'
import type { Product } from './market.ts'
import { mockOrder } from './market-books.ts'
import { asTest, type Step } from './step.ts'

/**
 * The debug cases of a family as the probes replay them (reference 3.9, 3.10): every happening once, with
 * `testFlag` 1, about an instance and orders that the console invented.
 */
export function probesOf(
  family: Family,
  product: Product,
  nowMs: number,
  serial: string,
  withKit: boolean,
): readonly Step[] {
  const mock = (name: string) => mockOrder(name, product, nowMs)!
  const resource: Named = {
    ...{ number: 0, family: family.name, purchase: mock('MOCKPERIODYEARNEW'), id: `probe-${serial}` },
    ...{ state: 'active', paidUntilMs: nowMs, product, trial: false, renewals: [], license: null },
  }
  const renewal = mock('MOCKMONTYRENEW')
  const applied = { event: `probe-${serial}`, device: 'probe', fromMs: nowMs, untilMs: renewal.expiresMs }
  const steps = [
    family.sell(resource),
    family.renew(resource, renewal),
    family.formal(resource, mock('MOCKMONTYTRIALTOFORMAL')),
    family.cancel?.(resource, renewal, mock('MOCKMONTYUNSUBSCRIBE')),
    family.expire(resource),
    family.unfreeze?.(resource),
    family.upgrade?.(resource, mock('MOCKMONTYCHANGE')),
    family.change?.(resource, mock('MOCKMONTYCHANGE'), product),
    family.apply?.(resource, applied),
    family.show?.(resource),
    withKit && family.name.startsWith('saas') ? kitSteps(resource) : null,
    family.release(resource, mock('MOCKMONTYUNSUBSCRIBE')),
  ]
  return steps.flatMap((some) => some ?? []).map(asTest)
}
