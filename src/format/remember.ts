/** Keeps the value under the key, of at most `limit`: a full memory is emptied, and fills anew with what is in use. */
export const remember = <V>(memory: Map<string, V>, limit: number, key: string, value: V): V => {
  if (memory.size >= limit) memory.clear()
  memory.set(key, value)
  return value
}
