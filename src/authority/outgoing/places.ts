/** Runs `work` as soon as there is a place for it; those that come first go first. */
export type Places = <T>(work: () => Promise<T>) => Promise<T>

/** At most so many at once. A place is free again when its work has ended, well or not. */
export function createPlaces(most: number): Places {
  let free = most
  const waiting: (() => void)[] = []
  async function placeFound(): Promise<void> {
    if (free > 0) free -= 1
    else await new Promise<void>((found) => void waiting.push(found))
  }
  function leave(): void {
    const next = waiting.shift()
    if (next === undefined) free += 1
    else next()
  }
  return async (work) => {
    await placeFound()
    return work().finally(leave)
  }
}
