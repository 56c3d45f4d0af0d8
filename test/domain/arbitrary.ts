import fc from 'fast-check'
import type { Command, FreezeCause } from '../../src/domain/commands.ts'
import type { Entitlement, License, Terms } from '../../src/domain/license.ts'
import { step } from '../../src/domain/step.ts'
import type { Seconds } from '../../src/domain/time.ts'
import { day, ID, ORIGIN, TERMS } from './samples.ts'

/** Few orders and few ends, so that repeats, ties and collisions are common. */
const order = fc.constantFrom('buy', 'r1', 'r2', 'r3', 'c1', 's1', null)
export const end = fc.integer({ min: 1, max: 12 }).map((tens) => day(tens * 10))
export const paidUntil = fc.oneof({ weight: 6, arbitrary: end }, { weight: 1, arbitrary: fc.constant(null) })

const entitlement: fc.Arbitrary<Entitlement> = fc.record({
  edition: fc.constantFrom(1, 2),
  seats: fc.constantFrom(0, 5),
  features: fc.constantFrom(0b001, 0b111),
})

export const terms: fc.Arbitrary<Terms> = fc
  .record({ graceDays: fc.constantFrom(0, 3, 20), paidUntil, trial: fc.boolean() })
  .map((over) => ({ ...TERMS, ...over }))

export const renewal: fc.Arbitrary<Command> = fc.record({
  type: fc.constant('renew'),
  order,
  paidUntil,
  formal: fc.boolean(),
})
export const shortening: fc.Arbitrary<Command> = fc.record({
  type: fc.constant('shorten'),
  order,
  paidUntil: end,
})
export const changing: fc.Arbitrary<Command> = fc.record({ type: fc.constant('change'), order, entitlement })
export const reinstating: fc.Arbitrary<Command> = fc.constant({ type: 'reinstate' })
export const freezing = (...causes: readonly FreezeCause[]): fc.Arbitrary<Command> =>
  fc.record({ type: fc.constant('freeze'), cause: fc.constantFrom(...causes) })

const beginning: fc.Arbitrary<Command> = fc.oneof(
  terms.map((sold): Command => ({ type: 'issue', id: ID, origin: ORIGIN, terms: sold })),
  fc.constant<Command>({ type: 'meet', id: ID, origin: { ...ORIGIN, order: null } }),
)

const reissuing: fc.Arbitrary<Command> = fc.boolean().map((leaked) => ({ type: 'reissue', leaked }))

/** Any command; a release is rare, because little can happen after it. */
export const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 4, arbitrary: beginning },
  { weight: 2, arbitrary: terms.map((known): Command => ({ type: 'activate', terms: known })) },
  {
    weight: 1,
    arbitrary: terms.map((known): Command => ({ type: 'activate', order: 'buy2', terms: known })),
  },
  { weight: 6, arbitrary: renewal },
  { weight: 4, arbitrary: shortening },
  { weight: 3, arbitrary: changing },
  { weight: 4, arbitrary: freezing('expiry_call', 'status_call', 'operator', 'past_grace') },
  { weight: 4, arbitrary: reinstating },
  { weight: 2, arbitrary: reissuing },
  { weight: 1, arbitrary: fc.constant<Command>({ type: 'restore' }) },
  { weight: 1, arbitrary: fc.constant<Command>({ type: 'release' }) },
)

/** The license after commands one after another; refused ones are passed over. */
export function run(license: License | null, commands: readonly Command[], now: Seconds): License | null {
  return commands.reduce<License | null>((current, next) => {
    const stepped = step(current, next, now)
    return stepped.ok ? stepped.value.license : current
  }, license)
}
