import { type Sha256, toHex, utf8 } from '../format/bytes.ts'
import { AHEAD_TOLERANCE } from './clock.ts'
import type { LicenseFloor, ListFloor, Memory, TimeFloor } from './memory.ts'
import { newestIn, type Trust } from './trust.ts'
import type { Voice } from './voices.ts'

/** A program is of one product; these bounds only keep the stored text small. What was set last stays. */
const MOST_LISTS = 16
const MOST_LICENSES = 64
/** More than one manifest has room for. */
const MOST_REVOKED = 600

/** The memory without what a key set that is revoked by now (contract 1.5, "Floors"). */
export function standingFloors(memory: Memory, { revoked }: Trust): Memory {
  const stands = ({ key }: { readonly key: string }) => !revoked.has(key)
  return {
    ...memory,
    time: memory.time !== null && stands(memory.time) ? memory.time : null,
    lists: memory.lists.filter(stands),
    licenses: memory.licenses.filter(({ voice }) => stands(voice)),
  }
}

/** The memory with the newest manifest of this trust; a shorter chain makes it forget nothing. */
export function withManifests(memory: Memory, trust: Trust): Memory {
  const revoked = [...trust.revoked].slice(0, MOST_REVOKED)
  return { ...memory, root: Math.max(memory.root, newestIn(trust)), revoked }
}

/** A date that a key signed. */
export interface SignedTime {
  readonly at: number
  readonly key: string
}

/**
 * The time floor after these dates were accepted. The clock counts at most a day above the newest of them: one that
 * was far ahead must not lock its honest owner out later. `now` is null for a clock that is not believed.
 */
export function raisedTime(
  floor: TimeFloor | null,
  accepted: readonly SignedTime[],
  now: number | null,
): TimeFloor | null {
  const before = floor === null ? [] : [{ at: floor.signed, key: floor.key }]
  const [newest] = [...before, ...accepted].sort((a, b) => b.at - a.at)
  if (newest === undefined) return null
  const clock = now === null ? 0 : Math.min(Math.floor(now), newest.at + AHEAD_TOLERANCE)
  return { seen: Math.max(floor?.seen ?? 0, newest.at, clock), signed: newest.at, key: newest.key }
}

export function audDigest(aud: string, sha256: Sha256): string {
  return toHex(sha256(utf8(aud)).subarray(0, 8))
}

export function raisedList(lists: readonly ListFloor[], floor: ListFloor): readonly ListFloor[] {
  const same = lists.find(({ aud }) => aud === floor.aud)
  if (same !== undefined && same.number >= floor.number) return lists
  return [...lists.filter((one) => one !== same), floor].slice(-MOST_LISTS)
}

/** The floor of a license; a word that says the same again does not take the place of who said it first. */
export function withVoice(
  licenses: readonly LicenseFloor[],
  id: string,
  voice: Voice,
): readonly LicenseFloor[] {
  const same = licenses.find((one) => one.id === id)
  if (same !== undefined && saysTheSame(same.voice, voice)) return licenses
  return [...licenses.filter((one) => one !== same), { id, voice }].slice(-MOST_LICENSES)
}

function saysTheSame(a: Voice, b: Voice): boolean {
  return (
    a.revision === b.revision && a.at === b.at && a.word === b.word && (a.word === 'active' || a.by === b.by)
  )
}
