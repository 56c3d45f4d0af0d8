import { randomBytes } from 'node:crypto'
import type { Ambient } from '../authority/host.ts'

/** The machine's clock and randomness; nothing below this floor reads either. */
export const ambient: Ambient = {
  now: () => Math.floor(Date.now() / 1000),
  nowMs: () => Date.now(),
  random: (length) => (length <= SHORT ? shortRandom(length) : randomBytes(length)),
}

/** Ids and initialisation vectors; whatever is longer may be a key and is drawn on its own. */
const SHORT = 16
const POOL = 4_096

let pool = randomBytes(POOL)
let used = 0

/** The next bytes of a pool, each given away once: asking the system costs the same for 8 bytes as for thousands. */
function shortRandom(length: number): Uint8Array {
  if (used + length > POOL) {
    pool = randomBytes(POOL)
    used = 0
  }
  used += length
  return pool.subarray(used - length, used)
}
