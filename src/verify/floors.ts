import { toHex, utf8 } from '../format/bytes.ts'
import { AHEAD_TOLERANCE } from './clock.ts'
import type { LicenseFloor, ListFloor, Memory, TimeFloor } from './memory.ts'
import type { Steps } from './steps.ts'
import { newestIn, type Trust } from './trust.ts'

/** A program is of one product; these bounds only keep the stored text small. What was set last stays. */
const MOST_LISTS = 16
const MOST_LICENSES = 64
/** More than one manifest has room for. */
const MOST_REVOKED = 600

/**
 * The memory without what a key set that is revoked by now (contract 1.5, "Floors"), and with the newest manifest of
 * this trust; a shorter chain makes it forget nothing.
 */
export function standing([root, , time, lists, licenses]: Memory, trust: Trust): Memory {
  const stands = (floor: readonly unknown[]) => !trust.revoked.has(floor.at(-1) as string)
  return [
    Math.max(root, newestIn(trust)),
    [...trust.revoked].slice(0, MOST_REVOKED),
    time && stands(time) ? time : null,
    lists.filter(stands),
    licenses.filter(stands),
  ]
}

/** A date that a key signed. */
export type SignedTime = readonly [at: number, key: string]

/**
 * The time floor after these dates were accepted. The clock counts at most a day above the newest of them: one that
 * was far ahead must not lock its honest owner out later. -Infinity is a clock that is not believed.
 */
export function raisedTime(
  floor: TimeFloor | null,
  accepted: readonly SignedTime[],
  now: number,
): TimeFloor | null {
  const dates = [...(floor ? [[floor[1], floor[2]] as const] : []), ...accepted]
  const newest = dates.sort(([a], [b]) => b - a)[0]
  if (newest === undefined) return null
  const clock = Math.min(Math.floor(now), newest[0] + AHEAD_TOLERANCE)
  return [Math.max(floor?.[0] ?? 0, newest[0], clock), ...newest]
}

export function* audDigest(aud: string): Steps<string> {
  return toHex(((yield [utf8(aud)]) as Uint8Array).subarray(0, 8))
}

export function raisedList(lists: readonly ListFloor[], floor: ListFloor): readonly ListFloor[] {
  const same = lists.find(([aud]) => aud === floor[0])
  return same && same[1] >= floor[1] ? lists : replaced(lists, same, floor, MOST_LISTS)
}

/** The floor of a license; a word that says the same again does not take the place of who said it first. */
export function raisedLicense(
  licenses: readonly LicenseFloor[],
  floor: LicenseFloor,
): readonly LicenseFloor[] {
  const [id, by, revision, at, word] = floor
  const same = licenses.find((one) => one[0] === id)
  const saysTheSame =
    same &&
    same[2] === revision &&
    same[3] === at &&
    same[4] === word &&
    (word === 'active' || same[1] === by)
  return saysTheSame ? licenses : replaced(licenses, same, floor, MOST_LICENSES)
}

const replaced = <T>(floors: readonly T[], old: T | undefined, floor: T, most: number): readonly T[] =>
  [...floors.filter((one) => one !== old), floor].slice(-most)
