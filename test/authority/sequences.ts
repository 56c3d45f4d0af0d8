import type { World } from './memory-ledger.ts'

export interface Sequences<Letter, Rules> {
  readonly letters: readonly Letter[]
  readonly length: number
  readonly memory: { world: World }
  /** Before the first letter. */
  readonly rules: Rules
  /** The rules, written down a second time and without a license: what holds after one more letter. */
  ruled(before: Rules, letter: Letter): Rules
  /** Makes it happen in the memory's world, as the letter at this place of the sequence. */
  step(letter: Letter, place: number): Promise<void>
  /** Compares the world with the rules. It may go on in the world, which is gone back to afterwards. */
  check(rules: Rules, path: readonly Letter[]): Promise<void> | void
  /** What else a step depends on. */
  also?(): unknown
}

/**
 * Every sequence of up to `length` letters, repeats included; answers with their number. A node is a sequence; its world is
 * gone back to for each of its continuations. Sequences that end in equal worlds, of which the rules say the same,
 * have equal continuations: these are walked once.
 */
export async function walkAll<Letter, Rules>(of: Sequences<Letter, Rules>): Promise<number> {
  const { letters, length, memory, also = () => null } = of
  const walked = new Set<string>()
  const continuations = (left: number): number =>
    left === 0 ? 1 : 1 + letters.length * continuations(left - 1)

  async function walk(path: readonly Letter[], rules: Rules): Promise<number> {
    const here = memory.world
    const left = length - path.length
    const name = JSON.stringify([left, plain(rules), plain(also()), plain(here)])
    if (walked.has(name)) return continuations(left)
    walked.add(name)
    await of.check(rules, path)
    let count = 1
    for (const letter of left === 0 ? [] : letters) {
      memory.world = here
      await of.step(letter, path.length)
      count += await walk([...path, letter], of.ruled(rules, letter))
    }
    memory.world = here
    return count
  }

  return walk([], of.rules)
}

/** Maps and sets by what is in them, and not by who came first. */
function plain(value: unknown): unknown {
  if (value instanceof Map || value instanceof Set)
    return [...value].map((one) => JSON.stringify(plain(one))).sort()
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]))
}
