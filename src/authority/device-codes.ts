import { grant } from '../domain/grant.ts'
import type { LicenseId } from '../domain/ids.ts'
import type { License, Terms } from '../domain/license.ts'
import { no, type Result, yes } from '../domain/result.ts'
import { isAhead, type PaidUntil, type Seconds, worksUntil } from '../domain/time.ts'
import { type Authority, MOST_TRIES } from './authority.ts'
import type { Snapshot } from './configuration.ts'
import { issueCode, licenseText } from './issue.ts'
import type { Batch, IssuedCode } from './ports.ts'

/**
 * Codes of one license for one device each, beside the license's own. They have the revision of the license at their
 * time: making one is no change of the license.
 */
export interface DeviceCodes {
  deviceCode(license: LicenseId, digest: string): Promise<DeviceCode | null>
  newestDeviceCode(license: LicenseId, device: string): Promise<DeviceCode | null>
  places(license: LicenseId, device: string | null, now: Seconds): Promise<Places>
}

export interface DeviceCode extends IssuedCode {
  /** As the binding of `Terms`; null where the code is for any device. */
  readonly device: string | null
  readonly at: Seconds
  readonly worksUntil: PaidUntil
}

/** The first of two codes with the same ordinal of a license is kept, the other is a conflict. */
export interface NewDeviceCode extends DeviceCode {
  readonly ordinal: number
}

/**
 * Of a license at a moment. A device holds a place while a code that was made for it works: until its end, or until
 * `license reissue --leaked` shuts it out.
 */
export interface Places {
  /** How many other devices hold one. */
  readonly others: number
  /** How many of these have held theirs for longer. */
  readonly elder: number
  readonly isHeld: boolean
  /** The ordinal of the next code. */
  readonly next: number
}

/**
 * Whether the device has a place, or there is one for it. No seats are unlimited ones. Where seats were given up, those
 * who have held theirs for longest keep them.
 */
export const hasRoom = ({ others, elder, isHeld }: Places, seats: number): boolean =>
  seats === 0 || (isHeld ? elder : others) < seats

/** Whether one device takes up the whole license: then the license itself is bound to it. */
export const bindsWhole = ({ seats }: Pick<Terms, 'seats'>): boolean => seats === 1

/** What was made for a device, how it is written down, and what the customer installs. */
export interface MadeForDevice {
  readonly digest: string
  /** Nothing where the same code is there already: made twice in one second, it has the same bytes. */
  readonly keep: Pick<Batch, 'deviceCode'>
  readonly text: string
}

export type NotMade = 'no_seat' | 'no_code' | 'no_key'

/**
 * A code of the license as it is now for one device, which ends no later than the license: decided and signed, not
 * stored. `no_code`: the license gives none now (`grant`). Without a device it is as the license itself, bound where
 * support has bound that.
 */
export async function makeForDevice(
  authority: Authority,
  { keyring }: Snapshot,
  license: License,
  device: string | null,
  end: PaidUntil,
  now: Seconds,
): Promise<Result<MadeForDevice, NotMade>> {
  const due = grant(license, now)
  if (due === null) return no('no_code')
  const places = await authority.store.places(license.id, device, now)
  if (!hasRoom(places, due.terms.seats)) return no('no_seat')
  const terms = { ...due.terms, binding: device ?? due.terms.binding, paidUntil: end ?? due.terms.paidUntil }
  const issued = await issueCode(authority, keyring, { ...due, terms }, now)
  if (!issued.ok) return no('no_key')
  const { code, text } = issued.value
  const { digest } = code
  if ((await authority.store.deviceCode(license.id, digest)) !== null) return yes({ digest, keep: {}, text })
  const works = worksUntil(terms.paidUntil, terms.graceDays)
  const deviceCode = { ...code, device, at: now, worksUntil: works, ordinal: places.next }
  return yes({ digest, keep: { deviceCode }, text })
}

/** Whether what its key signed is still believed. */
export const isOfGoodKey = ({ known }: Snapshot['keyring'], { kid }: Pick<IssuedCode, 'kid'>): boolean =>
  known.some((key) => key.kid === kid && key.status !== 'revoked')

/**
 * The newest text for the device of a code that was made for it and is older than the license, or of a revoked key. It is
 * made when the device asks for it, once for each revision; null where the code is the newest or the license gives none.
 */
export async function nextForDevice(
  authority: Authority,
  snapshot: Snapshot,
  license: License,
  sent: DeviceCode,
  device: string,
  now: Seconds,
): Promise<string | null> {
  if (license.status !== 'active' || isCurrent(snapshot, license, sent)) return null
  const found = await textForDevice(authority, snapshot, license, device, now)
  return found.ok ? found.value : null
}

/**
 * The text for a device: of the code that it has of this revision, else of one made now. `contended`: others kept coming
 * first.
 */
export async function textForDevice(
  authority: Authority,
  snapshot: Snapshot,
  license: License,
  device: string,
  now: Seconds,
): Promise<Result<string, NotMade | 'contended'>> {
  const { store, crypto } = authority
  for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
    const newest = await store.newestDeviceCode(license.id, device)
    if (newest !== null && isCurrent(snapshot, license, newest))
      return yes(licenseText(crypto, snapshot.keyring, newest))
    const made = await makeForDevice(authority, snapshot, license, device, null, now)
    if (!made.ok) return made
    if ((await store.commit(made.value.keep)) === 'committed') return yes(made.value.text)
  }
  return no('contended')
}

const isCurrent = ({ keyring }: Snapshot, license: License, code: IssuedCode): boolean =>
  code.revision === license.revision && isOfGoodKey(keyring, code)

/** Its code has run out, and other devices have taken all seats since. */
export async function lostItsPlace(
  { store }: Authority,
  license: License,
  { device, worksUntil: works }: DeviceCode,
  now: Seconds,
): Promise<boolean> {
  if (license.status !== 'active' || isAhead(works, now)) return false
  return !hasRoom(await store.places(license.id, device, now), license.terms.seats)
}
