import type { QueuedCall } from './calls.ts'

/** What a try tells of the far side; `nothing`: none was made. */
export type Heard = 'answer' | 'silence' | 'nothing'

/** Calls of one lane under way at once. */
const ABREAST = 4

/** So many tries in a row without an answer: for now the far side is thought to be out. */
const MOST_SILENCES = 8

/** The calls of one channel and one type: what hangs there holds up nothing else. */
export interface Lane {
  /** Whether a call could be begun now. */
  hasRoom(): boolean
  /**
   * Begins with these, as many at once as may be, in place of what it had not begun. After `MOST_SILENCES` it makes one
   * at a time and leaves the rest, until one is answered.
   */
  take(calls: readonly QueuedCall[]): void
  /** Resolves when none is under way. */
  ended(): Promise<void>
}

/** When `work` throws, the rest is left and `failed` is told; those under way go on. */
export function createLane(
  work: (call: QueuedCall) => Promise<Heard>,
  failed: (thrown: unknown) => void,
): Lane {
  let waiting: QueuedCall[] = []
  let silences = 0
  const underWay = new Set<Promise<void>>()
  const isSilent = () => silences >= MOST_SILENCES
  // Narrower with each silence: at most `MOST_SILENCES` tries are spent on one that is out, and not those beside the last.
  const hasRoom = () => underWay.size < Math.max(1, Math.min(ABREAST, MOST_SILENCES - silences))

  async function make(call: QueuedCall): Promise<void> {
    try {
      const heard = await work(call)
      if (heard !== 'nothing') silences = heard === 'silence' ? silences + 1 : 0
      if (heard === 'silence' && isSilent()) waiting = []
    } catch (thrown) {
      waiting = []
      failed(thrown)
    }
  }
  function goOn(): void {
    while (hasRoom()) {
      const call = waiting.shift()
      if (call === undefined) return
      const made = make(call).then(() => {
        underWay.delete(made)
        goOn()
      })
      underWay.add(made)
    }
  }
  return {
    hasRoom,
    take(calls) {
      waiting = [...calls]
      goOn()
    },
    async ended() {
      while (underWay.size > 0) await Promise.all(underWay)
    },
  }
}
