import { createHash } from 'node:crypto'
import type { RunningHash } from '../authority/move/moving.ts'

/** SHA-256 (FIPS 180-4) of bytes that come one piece after another. */
export function runningSha256(): RunningHash {
  const hash = createHash('sha256')
  return {
    update(bytes) {
      hash.update(bytes)
    },
    digest: () => hash.copy().digest('hex'),
  }
}
