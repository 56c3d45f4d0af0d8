import type { QueuedCall } from './calls.ts'

/** What a try tells of the far side; `nothing`: none was made. */
export type Heard = 'answer' | 'silence' | 'nothing'

/** So many tries in a row without an answer, for each that may be under way: for now the far side is thought to be out. */
const SILENCES_EACH = 2

/** The calls of one channel and one type: what hangs there holds up nothing else. */
export interface Lane {
  /** How many calls could be begun now. */
  room(): number
  /**
   * Begins with these, as many at once as may be, in place of what it had not begun. After too many silences it makes
   * one at a time and leaves the rest, until one is answered.
   */
  take(calls: readonly QueuedCall[]): void
  /** Resolves when none is under way. */
  ended(): Promise<void>
}

/** `abreast`: calls under way at once. When `work` throws, the rest is left and `failed` is told; those under way go on. */
export function createLane(
  abreast: number,
  work: (call: QueuedCall) => Promise<Heard>,
  failed: (thrown: unknown) => void,
): Lane {
  let waiting: QueuedCall[] = []
  let silences = 0
  const underWay = new Set<Promise<void>>()
  const most = SILENCES_EACH * abreast
  const isSilent = () => silences >= most
  // Narrower with each silence: at most `most` tries are spent on one that is out, and not those beside the last.
  const room = () => Math.max(0, Math.max(1, Math.min(abreast, most - silences)) - underWay.size)

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
    while (room() > 0) {
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
    room,
    take(calls) {
      waiting = [...calls]
      goOn()
    },
    async ended() {
      while (underWay.size > 0) await Promise.all(underWay)
    },
  }
}
