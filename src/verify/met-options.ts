import { MANIFESTS_PER_CHAIN } from '../format/limits.ts'
import { manifestsIn, type TrustInput, textOf } from './trust-input.ts'

/** What a program has met since it was shipped. */
export interface MetOptions {
  /** Root manifests met since the pinned ones, in any order; those that do not follow change nothing. */
  readonly manifests?: TrustInput
  /** The newest statement about this license, a compact JWT; null when there is none yet. */
  readonly statement?: string | null
  /** The newest revocation list of the product, a compact JWT; null when there is none yet. */
  readonly list?: string | null
  /** The nonce the program sent when it asked for the statement: one that echoes it was made now. */
  readonly nonce?: string
  /** What the last verdict gave to be stored; the empty text for the first time. */
  readonly state?: string
}

/** Manifests as texts; the others as they were given, undefined when left out. */
export type Met = readonly [
  manifests: readonly string[],
  statement: unknown,
  list: unknown,
  nonce: unknown,
  state: unknown,
  /** False when all of them were left out. */
  isGiven: boolean,
]

/** Throws for a member that does not exist, so that no evidence is passed over in silence; and for nothing else. */
export function readMet(met: unknown): Met {
  const { manifests, statement, list, nonce, state, ...others } = membersOf(met)
  const [foreign] = Object.keys(others)
  if (foreign) throw new TypeError(`metSince knows no ${foreign}`)
  const isGiven = [manifests, statement, list, nonce, state].some((one) => one !== undefined)
  return [manifests === undefined ? [] : boundedIn(manifests), statement, list, nonce, state, isGiven]
}

/** What cannot be looked at is a state that nobody wrote: the verdict warns of it. */
function membersOf(met: unknown): Readonly<Record<string, unknown>> {
  try {
    return { ...(met as object) }
  } catch {
    return { state: null }
  }
}

/** Room for manifests that are older than the pinned one, or repeated. */
const MOST = 2 * MANIFESTS_PER_CHAIN

/** Where there are too many, one that is no manifest stands for the rest. */
function boundedIn(manifests: unknown): readonly string[] {
  const all = manifestsIn(textOf(manifests))
  return all.length > MOST ? [...all.slice(0, MOST), ''] : all
}
