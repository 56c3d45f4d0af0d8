/** Work on one subject, one after another. */
export interface Turns {
  /**
   * Runs `work` when all earlier work on the same subject has ended, well or not; what it returns or throws is
   * the caller's alone. Different subjects do not wait for each other.
   */
  take<T>(subject: string, work: () => Promise<T>): Promise<T>
}

/**
 * Calls on one license that come together would meet each other at the commit, and most would lose all their
 * tries. Within a process they take turns; only another process can still be first. A subject is remembered
 * while somebody works on it and no longer.
 */
export function createTurns(): Turns {
  const last = new Map<string, Promise<unknown>>()
  return {
    async take(subject, work) {
      const before = last.get(subject)
      const mine = before === undefined ? work() : before.then(work, work)
      last.set(subject, mine)
      try {
        return await mine
      } finally {
        if (last.get(subject) === mine) last.delete(subject)
      }
    },
  }
}

/** Names what a call changes. Ids hold no control characters, so no two subjects are spelled alike. */
export const instanceSubject = (channel: string, instance: string): string =>
  ['instance', channel, instance].join('\n')

export const orderSubject = (
  channel: string,
  order: { readonly id: string; readonly line: string },
): string => ['order', channel, order.id, order.line].join('\n')
