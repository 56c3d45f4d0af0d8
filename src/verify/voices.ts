/** What has a say about a license: its code, a statement, a revocation list. */
export type Speaker = 'code' | 'statement' | 'list'

/** What one of them says. All but `active` are refusals. */
export type Word = 'active' | 'pending' | 'superseded' | 'frozen' | 'released'

export type Voice = readonly [
  by: Speaker,
  /** The revision it speaks of; of a list entry, the first revision that it does not refuse. */
  revision: number,
  /** Its issued at, Unix seconds. */
  at: number,
  word: Word,
  /** The x of the key that signed it. */
  key: string,
]

/**
 * The voice that decides (contract 1.5, "Precedence"): released always wins; then the higher revision; at equal
 * revision the later issue; then the refusal. A list entry that does not refuse the code's revision is silent.
 */
export function decisive(code: Voice, others: readonly Voice[]): Voice {
  const speaks = ([by, revision, , word]: Voice) => by !== 'list' || word === 'released' || code[1] < revision
  return others.filter(speaks).reduce(stronger, code)
}

/** Of two that are equal in everything, the second. */
function stronger(a: Voice, b: Voice): Voice {
  const is = (word: Word, { 3: said }: Voice) => Number(said === word)
  const ahead =
    is('released', a) - is('released', b) || a[1] - b[1] || a[2] - b[2] || is('active', b) - is('active', a)
  return ahead > 0 ? a : b
}
