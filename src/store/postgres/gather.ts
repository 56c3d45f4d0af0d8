/** Somebody who waits for what becomes of an input. */
export interface Waiting<I, O> {
  readonly input: I
  readonly succeed: (output: O) => void
  readonly fail: (thrown: unknown) => void
}

export interface Gathering<I, O> {
  /** Settles as the work says. */
  submit(input: I): Promise<O>
  /** Settles when nothing is under way any more. */
  finished(): Promise<void>
}

export interface Limits {
  /** Inputs that are worked on together; more wait for the next. */
  readonly most: number
  /** Works under way at one time. */
  readonly lanes: number
}

/**
 * Has everything worked on together that arrives in one turn of the event loop, or while all lanes are taken. `work` tells
 * each who waits what became of it; its lane is free when it settles, and it never throws.
 */
export function gathering<I, O>(
  { most, lanes }: Limits,
  work: (waiting: readonly Waiting<I, O>[]) => Promise<void>,
): Gathering<I, O> {
  const pending = new Set<Promise<unknown>>()
  let queue: Waiting<I, O>[] = []
  let busy = 0
  let scheduled = false

  function schedule(): void {
    if (scheduled || busy === lanes || queue.length === 0) return
    scheduled = true
    setImmediate(turn)
  }

  function turn(): void {
    scheduled = false
    const waiting = queue.slice(0, most)
    queue = queue.slice(most)
    busy++
    void work(waiting).then(() => {
      busy--
      schedule()
    })
    schedule()
  }

  return {
    submit(input) {
      const settled = new Promise<O>((succeed, fail) => {
        queue.push({ input, succeed, fail })
        schedule()
      })
      pending.add(settled)
      const forget = () => void pending.delete(settled)
      settled.then(forget, forget)
      return settled
    },
    async finished() {
      await Promise.allSettled(pending)
    },
  }
}
