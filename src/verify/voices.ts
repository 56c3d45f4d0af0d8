/** What has a say about a license: its code, a statement, a revocation list. */
export type Speaker = 'code' | 'statement' | 'list'

/** What one of them says. All but `active` are refusals. */
export type Word = 'active' | 'pending' | 'superseded' | 'frozen' | 'released'

export interface Voice {
  readonly by: Speaker
  /** The revision it speaks of; of a list entry, the first revision that it does not refuse. */
  readonly revision: number
  /** Its issued at, Unix seconds. */
  readonly at: number
  readonly word: Word
  /** Name of the key that signed it. */
  readonly key: string
}

/**
 * The voice that decides (contract 1.5, "Precedence"): released always wins; then the higher revision; at equal
 * revision the later issue; then the refusal. A list entry that does not refuse the code's revision is silent.
 */
export function decisive(code: Voice, others: readonly Voice[]): Voice {
  return others.filter((voice) => speaksTo(code, voice)).reduce(stronger, code)
}

function speaksTo(code: Voice, voice: Voice): boolean {
  return voice.by !== 'list' || voice.word === 'released' || code.revision < voice.revision
}

/** Of two that are equal in everything, the second. */
function stronger(a: Voice, b: Voice): Voice {
  if ((a.word === 'released') !== (b.word === 'released')) return a.word === 'released' ? a : b
  if (a.revision !== b.revision) return a.revision > b.revision ? a : b
  if (a.at !== b.at) return a.at > b.at ? a : b
  return a.word !== 'active' && b.word === 'active' ? a : b
}
