/**
 * Milliseconds in which a signal counts as the one before it: Control-C reaches the program twice under npm, from the
 * terminal and from npm itself.
 */
const SAME = 500

type Signals = Pick<NodeJS.Process, 'on'>

export interface StopSignals {
  /** Somebody wants the program to end. */
  readonly first: Promise<void>
  /** Somebody wants it at once. */
  readonly second: Promise<void>
}

/**
 * SIGTERM and SIGINT. Listened to before anything else is done: the first process of a container ignores a signal that
 * it has not asked for, and would be killed in the end.
 */
export function stopSignals(process: Signals, nowMs: () => number): StopSignals {
  const asked = Promise.withResolvers<void>()
  const pressed = Promise.withResolvers<void>()
  let firstAt: number | null = null
  const heard = () => {
    if (firstAt === null) {
      firstAt = nowMs()
      asked.resolve()
    } else if (nowMs() - firstAt > SAME) pressed.resolve()
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, heard)
  return { first: asked.promise, second: pressed.promise }
}
