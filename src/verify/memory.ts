import { toHex, utf8 } from '../format/bytes.ts'
import { bytes32, each, either, integer, like, shape, text, time } from '../format/claims.ts'
import { parseStrict } from '../format/strict-json.ts'
import type { Steps } from './steps.ts'
import type { Voice } from './voices.ts'

/**
 * What a program has accepted so far (contract 1.5, "Floors"), each with the x of the key that set it. It is kept
 * by the program as one text and is a speed bump, not a proof: whoever can write the text can also remove it.
 */
export type Memory = readonly [
  /** Version of the newest root manifest accepted; 0 = none yet. */
  root: number,
  /** The keys it revokes: they stay revoked when the manifest is not at hand. */
  revoked: readonly string[],
  time: TimeFloor | null,
  /** Per product; the one set last is the last. */
  lists: readonly ListFloor[],
  /** Per license, by its id; the one set last is the last. */
  licenses: readonly LicenseFloor[],
]

export type TimeFloor = readonly [
  /** Highest time accepted, Unix seconds: at most a day above `signed`. */
  seen: number,
  /** Issued at of the newest signed object accepted. */
  signed: number,
  key: string,
]

/** By a digest of the product code: a code may be of any length. */
export type ListFloor = readonly [aud: string, number: number, key: string]

export type LicenseFloor = readonly [id: string, ...Voice]

export const EMPTY: Memory = [0, [], null, [], []]

const HEAD = 'LS1.'

/** A state that this verifier wrote is shorter: see the bounds of `floors.ts` and of a manifest. */
const STATE_CHARACTERS = 64 * 1024

/** The text a program stores between verifications. Opaque: only `readMemory` of this product reads it. */
export const writeMemory = (memory: Memory): Steps<string> => sealed(JSON.stringify(memory))

/** Of the empty text an empty memory; null for a text that `writeMemory` did not write, or that was damaged since. */
export function* readMemory(state: unknown): Steps<Memory | null> {
  if (state === '') return EMPTY
  if (typeof state !== 'string' || state.length > STATE_CHARACTERS) return null
  const json = state.slice(HEAD.length + 16)
  if (state !== (yield* sealed(json))) return null
  const memory = parseStrict(json)
  return isMemory(memory) ? (memory as Memory) : null
}

function* sealed(json: string): Steps<string> {
  return HEAD + toHex(((yield [utf8(json)]) as Uint8Array).subarray(0, 8)) + json
}

const isMemory = shape([
  integer(0, Number.MAX_SAFE_INTEGER),
  each(bytes32),
  either(null, shape([time, time, bytes32])),
  each(shape([text, integer(0, 0xffffffff), bytes32])),
  each(
    shape([
      text,
      like(/^(code|statement|list)$/),
      integer(0, 0xffff),
      time,
      like(/^(active|pending|superseded|frozen|released)$/),
      bytes32,
    ]),
  ),
])
