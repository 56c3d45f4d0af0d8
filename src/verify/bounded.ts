/** A map that holds at most `limit` entries and forgets the one unused for longest. */
export interface Bounded<K, V> {
  get(key: K): V | undefined
  set(key: K, value: V): void
}

export function bounded<K, V>(limit: number): Bounded<K, V> {
  const entries = new Map<K, V>()
  return {
    get(key) {
      const value = entries.get(key)
      if (value === undefined) return undefined
      entries.delete(key)
      entries.set(key, value)
      return value
    },
    set(key, value) {
      entries.delete(key)
      entries.set(key, value)
      if (entries.size > limit) entries.delete(entries.keys().next().value as K)
    },
  }
}
