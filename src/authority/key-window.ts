import { daysLeft, type KnownKey } from '../domain/keyring.ts'
import { SECONDS_PER_DAY, type Seconds } from '../domain/time.ts'
import { grantsUsage, inIssuingWindow, type KeyCertificate, USAGE } from '../format/key-certificate.ts'
import type { Authority } from './authority.ts'
import { OVERLAP } from './keys/request.ts'
import type { Alert } from './ports.ts'

/** Days before its window closes at which support hears of a key; the last one first. */
const THRESHOLDS = [7, 30, 60]

/** The same where the key that follows is certified already: what is left is to promote it. */
const PREPARED_THRESHOLDS = [7, 30]

/** A key that opens later than this before the other closes leaves less than a week to promote it, and is no successor. */
const LAST_THRESHOLD: Seconds = 7 * SECONDS_PER_DAY

/** A successor is good for as long as this after the other closes: promoting one that ends with it gains nothing. */
const GAIN: Seconds = 60 * SECONDS_PER_DAY

/**
 * Queues an alert for each active key whose issuing window closes in less than 60, 30 or 7 days, once for each
 * of them. A certificate that opens a further window starts anew. Pending keys and spares are no alarm of their own:
 * one that can take over in time is named in the alert, with when it `opens` where it is not open yet, and makes
 * the first of the three needless.
 */
export async function warnOfClosingKeys(authority: Authority, now: Seconds): Promise<void> {
  const { keyring } = await authority.configuration.current(now)
  const active = keyring.known.filter(({ status }) => status === 'active')
  const alerts = active.flatMap((key) => alertOf(key, successorOf(key, keyring.known, now), now))
  if (alerts.length > 0) await authority.store.commit({ alerts })
}

/** One that was queued before stays as it is. A window that is closed or not open yet is for readiness to report. */
function alertOf(key: KnownKey, successor: Successor | undefined, now: Seconds): Alert[] {
  const days = daysLeft(key, now)
  const thresholds = successor === undefined ? THRESHOLDS : PREPARED_THRESHOLDS
  const threshold = days > 0 ? thresholds.find((limit) => days < limit) : undefined
  if (threshold === undefined) return []
  const closes = closesAt(key, now)
  return [
    {
      kind: 'key_window',
      key: `key_window:${key.kid}:${closes}:${threshold}`,
      detail: {
        kid: key.kid,
        usage: key.usage,
        days: threshold,
        closes,
        ...(successor && { successor: successor.kid }),
        ...(successor && successor.from > now && { opens: successor.from }),
      },
      at: now,
    },
  ]
}

const closesAt = (key: KnownKey, now: Seconds): Seconds =>
  Math.round(now + daysLeft(key, now) * SECONDS_PER_DAY)

interface Successor {
  readonly kid: string
  /** First second in which it can be promoted. */
  readonly from: Seconds
}

/**
 * A pending key, perhaps a spare, that one certificate lets sign what this one may: from the last alert on, and for
 * `GAIN` after the window of this one closes; of several, the one of the certificate that `byRank` puts first.
 */
function successorOf(key: KnownKey, known: readonly KnownKey[], now: Seconds): Successor | undefined {
  const closes = closesAt(key, now)
  const needed = [closes - LAST_THRESHOLD, closes + GAIN]
  const own = granted(key).filter(({ to }) => to === closes)
  const [first] = known
    .filter(({ usage, status }) => status === 'pending' && usage === key.usage)
    .flatMap((other) =>
      granted(other)
        .filter((one) => needed.every((at) => inIssuingWindow(one, at)))
        .filter((one) => own.every((lesser) => isAsWide(one, lesser)))
        .map((certificate) => ({ kid: other.kid, certificate })),
    )
    .sort((a, b) => byRank(a.certificate, b.certificate, closes - OVERLAP))
  return first && { kid: first.kid, from: first.certificate.from }
}

const granted = ({ usage, certificates }: KnownKey): readonly KeyCertificate[] =>
  certificates.filter((one) => grantsUsage(one, USAGE[usage]))

/** Every product before one, any term before a longest. */
const isAsWide = (one: KeyCertificate, other: KeyCertificate): boolean =>
  (one.product === 0 || one.product === other.product) &&
  (one.maxTermMonths === 0 || (other.maxTermMonths !== 0 && one.maxTermMonths >= other.maxTermMonths))

/**
 * The spare that was made to follow opens when the `overlap` begins, or later where it was made later; then one for a
 * leak is made after it. So it is the first to open from there on. Without one, the key that closes last.
 */
function byRank(a: KeyCertificate, b: KeyCertificate, overlap: Seconds): number {
  const follows = ({ from }: KeyCertificate): boolean => from >= overlap
  if (follows(a) !== follows(b)) return follows(a) ? -1 : 1
  return (follows(a) ? a.from - b.from : b.to - a.to) || a.serial - b.serial
}
