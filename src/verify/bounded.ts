/** A map that forgets: it holds the last `limit` entries used, and up to as many again that were used before. */
export interface Bounded<K, V> {
  get(key: K): V | undefined
  set(key: K, value: V): void
}

/**
 * Two generations instead of an order of use: an entry found in the old one moves to the young one, and when the
 * young one is full it becomes the old one. A hit in the young one, the usual case, changes nothing.
 */
export function bounded<K, V>(limit: number): Bounded<K, V> {
  let young = new Map<K, V>()
  let old = new Map<K, V>()

  function set(key: K, value: V): void {
    if (young.size >= limit) {
      old = young
      young = new Map()
    }
    young.set(key, value)
  }

  function get(key: K): V | undefined {
    const found = young.get(key)
    if (found !== undefined) return found
    const older = old.get(key)
    if (older !== undefined) set(key, older)
    return older
  }

  return { get, set }
}
