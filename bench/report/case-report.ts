/** What a case found, ready to be printed and to be kept as JSON. */
export interface CaseReport {
  readonly name: string
  readonly title: string
  /** What is not in the figures, and what was seen beside them. */
  readonly notes: readonly string[]
  readonly tables: readonly Table[]
  readonly ratios: readonly Ratio[]
  /** Every round as it was measured. */
  readonly rounds: unknown
}

export interface Table {
  readonly title: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (string | number | null)[])[]
}

export interface Ratio {
  readonly what: string
  /** Median over the rounds; null when it could not be measured here. */
  readonly value: number | null
  readonly target: Target | null
}

export interface Target {
  readonly relation: 'at least' | 'at most'
  readonly bound: number
  /** A requirement of the project, or a goal beyond it. */
  readonly kind: 'required' | 'goal'
}

export const required = (relation: Target['relation'], bound: number): Target => ({
  relation,
  bound,
  kind: 'required',
})
export const goal = (relation: Target['relation'], bound: number): Target => ({
  relation,
  bound,
  kind: 'goal',
})

export function isMet(value: number, { relation, bound }: Target): boolean {
  return relation === 'at least' ? value >= bound : value <= bound
}
