import { randomBytes } from 'node:crypto'
import type { Ambient } from '../authority/host.ts'

/** The machine's clock and randomness; nothing below this floor reads either. */
export const ambient: Ambient = {
  now: () => Math.floor(Date.now() / 1000),
  nowMs: () => Date.now(),
  random: (length) => randomBytes(length),
}
