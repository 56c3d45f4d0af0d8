import type { License } from '../../domain/license.ts'
import { type Result, yes } from '../../domain/result.ts'
import type { Seconds } from '../../domain/time.ts'
import type { Authority } from '../authority.ts'
import type { Snapshot } from '../configuration.ts'
import { bindsWhole, type NotMade, textForDevice } from '../device-codes.ts'
import { licenseText } from '../issue.ts'
import type { MarketplaceCode } from '../marketplace-codes.ts'
import { signStatement } from '../statement.ts'
import type { ValidationAnswer } from '../validate.ts'
import { rfc3339, verdictOf, viewOf } from '../view.ts'

/** As validation answers, with the license text itself, and how old the marketplace's word on it is. */
export interface ActivationAnswer extends Omit<ValidationAnswer, 'currentCode'> {
  /** Installed by the software; null where the license has none that may be handed out. */
  readonly text: string | null
  /** When the marketplace last said what the code is, RFC 3339; null: never yet. */
  readonly confirmedAt: string | null
  /** Whole seconds since then. */
  readonly ageSeconds: number | null
}

/** An answer without a license. */
export function refusedAnswer(
  { keyring }: Snapshot,
  reason: string,
  standing: string | null,
): ActivationAnswer {
  const nothing = { license: null, text: null, statement: null, confirmedAt: null, ageSeconds: null }
  return { valid: false, standing, reason, ...nothing, certificates: keyring.certificates }
}

/**
 * The license of a code as it is here now. Frozen and released ones are described, and have no text; a license bound to
 * another device is not described at all. null: no active key may sign the statement.
 */
export async function describeLicense(
  authority: Authority,
  snapshot: Snapshot,
  license: License,
  watched: MarketplaceCode | null,
  device: { readonly fingerprint: string | null; readonly binding: string | null },
  now: Seconds,
): Promise<ActivationAnswer | null> {
  const bound = license.status === 'pending' ? null : (license.terms?.binding ?? null)
  if (bound !== null && bound !== device.binding) return refusedAnswer(snapshot, 'wrong_device', null)
  const text = await textFor(authority, snapshot, license, device.binding, now)
  if (!text.ok) return text.no === 'no_seat' ? refusedAnswer(snapshot, 'wrong_device', null) : null
  const wish = { fingerprint: device.fingerprint, nonce: null }
  const statement = await signStatement(authority, snapshot, license, wish, now)
  if (statement === null && hasTerms(license)) return null
  const confirmed = watched?.confirmedAt ?? null
  return {
    ...verdictOf(license, now),
    license: viewOf(snapshot.catalog, license),
    text: text.value,
    statement,
    certificates: snapshot.keyring.certificates,
    confirmedAt: confirmed === null ? null : rfc3339(confirmed),
    ageSeconds: confirmed === null ? null : Math.max(0, now - confirmed),
  }
}

/**
 * Of a license with more seats than one each device has a code of its own, as many as there are seats; who names no
 * device gets the license's. null: nothing may be handed out now.
 */
async function textFor(
  authority: Authority,
  snapshot: Snapshot,
  license: License,
  device: string | null,
  now: Seconds,
): Promise<Result<string | null, NotMade | 'contended'>> {
  if (license.status !== 'active') return yes(null)
  if (device !== null && license.terms.binding === null && !bindsWhole(license.terms)) {
    const made = await textForDevice(authority, snapshot, license, device, now)
    return !made.ok && made.no === 'no_code' ? yes(null) : made
  }
  const code = await authority.store.newestCode(license.id)
  return yes(code && licenseText(authority.crypto, snapshot.keyring, code))
}

const hasTerms = (license: License): boolean => license.status !== 'pending' && license.terms !== null
