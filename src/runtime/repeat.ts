export interface Repeating {
  /** Starts no further round; resolves when the one under way has ended. */
  stop(): Promise<void>
}

/**
 * Runs a task again and again, `pause` milliseconds after it ended: rounds never overlap. The first begins after `first`
 * milliseconds.
 */
export function repeat(
  pause: number,
  task: () => Promise<unknown>,
  failed: (thrown: unknown) => void,
  first: number = pause,
): Repeating {
  let timer: ReturnType<typeof setTimeout> | undefined
  let running: Promise<unknown> = Promise.resolve()
  let stopped = false
  const round = () => {
    running = task()
      .catch(failed)
      .finally(() => next(pause))
  }
  const next = (wait: number) => {
    if (!stopped) timer = setTimeout(round, wait)
  }
  next(first)
  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}
