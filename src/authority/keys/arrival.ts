import { no, type Result, yes } from '../../domain/result.ts'
import type { Seconds } from '../../domain/time.ts'
import { USAGE } from '../../format/key-certificate.ts'
import { CERTIFICATES_PER_TEXT } from '../../format/limits.ts'
import { countedCertificates, type Grant } from '../ceremony/count.ts'
import type { Crypto } from '../host.ts'
import type { KeyEvent, KeyReplacement, KeyUsage, StoredKey } from '../key-store.ts'
import { countedTexts, isRevokedBy, publicKeyOf } from './counting.ts'
import { type KeysNow, storedKey } from './now.ts'
import type { KeyRefusal } from './refusal.ts'

/** What certificates grant to a key that had it not before. */
export interface ArrivedGrant {
  readonly kid: string
  readonly usage: KeyUsage
  readonly serial: number
  readonly from: Seconds
  readonly to: Seconds
  readonly product: number
  readonly maxTermMonths: number
  /** Kids of the roots that signed. */
  readonly roots: readonly string[]
}

export interface Arrival {
  /** null when the key has them all already. */
  readonly replacement: KeyReplacement | null
  readonly grants: readonly ArrivedGrant[]
  readonly events: readonly KeyEvent[]
}

/**
 * Certificates that come to a key. Those that count are kept beside those that it has and that still count; all of
 * the new ones must count, be for the key's usage and no other, and fit into a license text together with the old ones.
 */
export function arrival(
  now: KeysNow,
  key: StoredKey,
  texts: readonly string[],
  crypto: Pick<Crypto, 'sha256' | 'verify'>,
): Result<Arrival, KeyRefusal> {
  const { kid, usage } = key
  const { chain } = now
  const publicKey = publicKeyOf(key)
  if (key.status === 'revoked' || isRevokedBy(chain, publicKey)) return no({ reason: 'key_revoked', kid })
  const held = countedTexts(key, chain, crypto)
  const all = [...new Set([...held, ...texts])]
  const judged = countedCertificates(chain, publicKey, all, crypto)
  const fault = faultOf(judged, key)
  if (fault !== null) return no(fault)
  const fresh = judged.counted.filter((text) => !held.includes(text))
  if (fresh.length === 0) return yes({ replacement: null, grants: [], events: [] })
  if (judged.counted.length > CERTIFICATES_PER_TEXT)
    return no({ reason: 'too_many_certificates', kid, most: CERTIFICATES_PER_TEXT })
  const grants = judged.grants
    .filter((grant) => grant.texts.some((text) => fresh.includes(text)))
    .map((grant) => grantOf(kid, usage, grant))
  const before = storedKey(now, kid)
  const certifiedAt = held.length > 0 ? before.certifiedAt : now.now
  return yes({
    replacement: { before, after: { ...before, certificates: judged.counted, certifiedAt } },
    grants,
    events: grants.map(eventOf),
  })
}

function faultOf(
  { short, refused, grants }: ReturnType<typeof countedCertificates>,
  { kid, usage }: StoredKey,
): KeyRefusal | null {
  const [bad] = refused
  if (bad !== undefined) return { reason: 'bad_certificate', kid, why: bad.why }
  const [missing] = short
  if (missing !== undefined) return { reason: 'below_threshold', kid, have: missing.have, need: missing.need }
  const other = grants.find(({ certificate }) => certificate.usages !== USAGE[usage])
  return other === undefined ? null : { reason: 'certificate_for_other_usage', kid, usage }
}

function grantOf(kid: string, usage: KeyUsage, { certificate, roots }: Grant): ArrivedGrant {
  const { serial, from, to, product, maxTermMonths } = certificate
  return { kid, usage, serial, from, to, product, maxTermMonths, roots }
}

function eventOf({ kid, roots, ...grant }: ArrivedGrant): KeyEvent {
  return { kid, type: 'certified', detail: { ...grant, roots: roots.join(' ') } }
}
