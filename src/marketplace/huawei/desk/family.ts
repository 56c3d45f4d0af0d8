import type { FamilyName, MarketOrder, Product, Resource } from './market.ts'
import type { Step } from './step.ts'

/** The calls that each happening at the marketplace makes, in their order; null: the family has none for it. */
export interface Family {
  readonly name: FamilyName
  readonly title: string
  /** What becomes of a purchase whose delivery was given up (reference 3.11). */
  readonly givenUp: 'refunded' | 'waits'
  readonly sell: (resource: Resource) => readonly Step[]
  readonly renew: (resource: Named, order: MarketOrder) => readonly Step[]
  /** A trial turns formal. */
  readonly formal: (resource: Named, order: MarketOrder) => readonly Step[]
  /** A renewal is cancelled: the end goes back. */
  readonly cancel:
    | ((resource: Named, renewal: MarketOrder, cancellation: MarketOrder) => readonly Step[])
    | null
  /** Past the grace. */
  readonly expire: (resource: Named) => readonly Step[]
  /** For a violation, and its end. */
  readonly freeze: ((resource: Named) => readonly Step[]) | null
  readonly unfreeze: ((resource: Named) => readonly Step[]) | null
  /** Whether the marketplace unfreezes by a call after a renewal. */
  readonly unfreezesAfterRenewal: boolean
  readonly upgrade: ((resource: Named, order: MarketOrder) => readonly Step[]) | null
  /** A renewal that changes what is bought. */
  readonly change: ((resource: Named, order: MarketOrder, product: Product) => readonly Step[]) | null
  readonly apply: ((resource: Named, application: Applied) => readonly Step[]) | null
  /** The buyer looks at what was bought. */
  readonly show: ((resource: Named) => readonly Step[]) | null
  readonly release: (resource: Named, cancellation: MarketOrder) => readonly Step[]
}

/** A resource that calls can name. */
export type Named = Resource & { readonly id: string }

export interface Applied {
  readonly event: string
  readonly device: string | null
  readonly fromMs: number
  readonly untilMs: number
}
