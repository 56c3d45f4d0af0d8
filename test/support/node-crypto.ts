import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { Crypto } from '../../src/authority/host.ts'

/** The symmetric half of the crypto port, straight from the engine. */
export const nodeCrypto: Pick<Crypto, 'sha256' | 'hmacSha256' | 'equal'> = {
  sha256: (bytes) => createHash('sha256').update(bytes).digest(),
  hmacSha256: (key, bytes) => createHmac('sha256', key).update(bytes).digest(),
  equal: (a, b) => a.length === b.length && timingSafeEqual(a, b),
}
