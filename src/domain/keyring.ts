import {
  coversProduct,
  coversTerm,
  grantsUsage,
  inIssuingWindow,
  type KeyCertificate,
  USAGE,
} from '../format/key-certificate.ts'
import { no, type Result, yes } from './result.ts'
import { type PaidUntil, SECONDS_PER_DAY, type Seconds } from './time.ts'

/** A signing key as far as choosing one needs it: no private part. */
export interface KnownKey {
  readonly kid: string
  readonly usage: 'codes' | 'statements' | 'lists'
  readonly status: 'pending' | 'active' | 'retired' | 'revoked'
  /** Those that count: genuine, and signed by as many roots as the threshold asks. */
  readonly certificates: readonly KeyCertificate[]
}

/** What is to be signed. */
export interface Need {
  readonly now: Seconds
  readonly product: number
  /** Judged for codes alone: nothing else has a term. */
  readonly paidUntil: PaidUntil
}

/** No active key may sign it now, with what stands in the way of each certificate of each active key. */
export interface NoKey {
  readonly reason: 'no_key'
  readonly usage: KnownKey['usage']
  readonly product: number
  /** Empty when no key of the usage is active. */
  readonly obstacles: readonly { readonly kid: string; readonly why: Obstacle }[]
}

export type Obstacle =
  | 'no_certificate'
  | 'usage_not_certified'
  | 'product_not_certified'
  | 'term_not_certified'
  | 'window_not_open'
  | 'window_closed'

/**
 * The active key that may sign this now under one of its certificates (contract 1.2): usage, product,
 * longest term and issuing window. Of several, the one whose window closes last; then the lowest kid, so
 * that equal keyrings choose alike.
 */
export function chooseKey<K extends KnownKey>(
  keys: readonly K[],
  usage: KnownKey['usage'],
  need: Need,
): Result<K, NoKey> {
  const active = keys.filter((key) => key.status === 'active' && key.usage === usage)
  const [best] = active
    .map((key) => ({ key, until: coveredUntil(key, need) }))
    .filter(({ until }) => until > need.now)
    .sort((a, b) => b.until - a.until || (a.key.kid < b.key.kid ? -1 : 1))
  if (best !== undefined) return yes(best.key)
  return no({
    reason: 'no_key',
    usage,
    product: need.product,
    obstacles: active.flatMap((key) => obstaclesOf(key, need)),
  })
}

/** True when some active key of the usage is in its window, whatever products and terms it is limited to. */
export function canIssue(keys: readonly KnownKey[], usage: KnownKey['usage'], now: Seconds): boolean {
  return keys.some((key) => key.usage === usage && key.status === 'active' && daysLeft(key, now) > 0)
}

/**
 * Days until the last window of a key that is open now closes, a fraction included; 0 when none is open.
 * Says nothing of the status.
 */
export function daysLeft(key: Pick<KnownKey, 'usage' | 'certificates'>, now: Seconds): number {
  const open = key.certificates.filter(
    (one) => grantsUsage(one, USAGE[key.usage]) && inIssuingWindow(one, now),
  )
  return Math.max(0, ...open.map(({ to }) => (to - now) / SECONDS_PER_DAY))
}

/** Days until the first window of a key opens, a fraction included; null when one is open now or none is to open. */
export function daysUntilOpen(key: Pick<KnownKey, 'usage' | 'certificates'>, now: Seconds): number | null {
  const later = key.certificates.filter((one) => grantsUsage(one, USAGE[key.usage]) && one.from > now)
  if (later.length === 0 || daysLeft(key, now) > 0) return null
  return Math.min(...later.map(({ from }) => (from - now) / SECONDS_PER_DAY))
}

/** When the last window closes under which the key covers the need; `now` or earlier when it does not. */
function coveredUntil(key: KnownKey, need: Need): Seconds {
  const covering = key.certificates.filter((certificate) => obstacle(key, certificate, need) === null)
  return Math.max(need.now, ...covering.map(({ to }) => to))
}

function obstaclesOf(key: KnownKey, need: Need): NoKey['obstacles'] {
  const { kid, certificates } = key
  if (certificates.length === 0) return [{ kid, why: 'no_certificate' }]
  return certificates.flatMap((certificate) => {
    const why = obstacle(key, certificate, need)
    return why === null ? [] : [{ kid, why }]
  })
}

function obstacle(
  { usage }: KnownKey,
  certificate: KeyCertificate,
  { now, product, paidUntil }: Need,
): Obstacle | null {
  if (!grantsUsage(certificate, USAGE[usage])) return 'usage_not_certified'
  if (!coversProduct(certificate, product)) return 'product_not_certified'
  if (usage === 'codes' && !coversTerm(certificate, now, paidUntil)) return 'term_not_certified'
  if (inIssuingWindow(certificate, now)) return null
  return now < certificate.from ? 'window_not_open' : 'window_closed'
}
