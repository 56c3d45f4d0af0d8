export interface Repeating {
  /** Starts no further round; resolves when the one under way has ended. */
  stop(): Promise<void>
}

/** Runs a task again and again, `pause` milliseconds after it ended: rounds never overlap. */
export function repeat(
  pause: number,
  task: () => Promise<unknown>,
  failed: (thrown: unknown) => void,
): Repeating {
  let timer: ReturnType<typeof setTimeout> | undefined
  let running: Promise<unknown> = Promise.resolve()
  let stopped = false
  const round = () => {
    running = task().catch(failed).finally(next)
  }
  const next = () => {
    if (!stopped) timer = setTimeout(round, pause)
  }
  next()
  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}
