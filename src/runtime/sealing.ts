import type { Ambient, Sealing } from '../authority/host.ts'
import { createSealing } from '../crypto/sealing.ts'
import { decodeBase64url } from '../format/base64url.ts'

/** The master key as its source spells it, and the one before it while `keys reseal` is under way. */
export interface MasterKeys {
  readonly current: string
  readonly previous: string | null
}

type Random = Pick<Ambient, 'random'>

/** Seals under the current key; while the key is being changed, what the one before it sealed opens too. */
export function sealingUnderBoth({ current, previous }: MasterKeys, ambient: Random): Sealing {
  const now = sealingUnder(current, ambient)
  return previous === null ? now : openingToo(now, sealingUnder(previous, ambient))
}

/** Throws RangeError for a text that is not 32 bytes of base64url. */
export function sealingUnder(key: string, ambient: Random): Sealing {
  return createSealing(decodeBase64url(key) ?? new Uint8Array(), (length) => ambient.random(length))
}

function openingToo(now: Sealing, before: Sealing): Sealing {
  return {
    seal: now.seal,
    open(purpose, sealed) {
      try {
        return now.open(purpose, sealed)
      } catch {
        return before.open(purpose, sealed)
      }
    },
  }
}
