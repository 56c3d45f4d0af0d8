/** When one fails no further one is begun, and those under way are waited for. */
export async function inParallel<T>(
  items: readonly T[],
  inFlight: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0
  const worker = async () => {
    try {
      while (next < items.length) await work(items[next++]!)
    } catch (thrown) {
      next = items.length
      throw thrown
    }
  }
  const ends = await Promise.allSettled(Array.from({ length: inFlight }, worker))
  const failed = ends.find((end) => end.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}
