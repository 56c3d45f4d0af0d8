import type { Sha256 } from '../format/bytes.ts'
import type { KeyCertificate } from '../format/key-certificate.ts'
import type { LicenseCode } from '../format/license-code.ts'
import type { SignedObject } from '../format/license-text.ts'
import type { RevocationList } from '../format/revocations.ts'
import type { Statement } from '../format/statement.ts'
import { attestedList, attestedStatement } from './attestation.ts'
import { type Clock, isAhead } from './clock.ts'
import { audDigest } from './floors.ts'
import type { Memory } from './memory.ts'
import type { Steps } from './steps.ts'
import type { Trust } from './trust.ts'
import type { Voice } from './voices.ts'
import type { Warning } from './warnings.ts'

/** One genuine code, with all that statements and lists about it are judged by. */
export interface Hearing {
  readonly code: LicenseCode
  readonly certificates: readonly SignedObject<KeyCertificate>[]
  readonly trust: Trust
  readonly sha256: Sha256
  /** The product's code, where the program named it. */
  readonly productCode: string | null
  readonly nonce: unknown
  readonly memory: Memory
  /** Takes what the program should know. */
  readonly warn: (warning: Warning) => void
}

/** A statement or a list that is listened to. */
export interface Heard<T> {
  readonly claims: T
  /** Name of the key that signed it. */
  readonly key: string
}

export interface HeardStatement extends Heard<Statement> {
  /** It echoes the nonce that the program sent. */
  readonly isFresh: boolean
}

/** The statement when it is genuine, about this license and not dated ahead; else null, and a warning. */
export function* hearStatement(hearing: Hearing, text: unknown, clock: Clock): Steps<HeardStatement | null> {
  const { code, certificates, trust, sha256, productCode, nonce, warn } = hearing
  if (text === undefined || text === null) return null
  const found = yield* attestedStatement(text, certificates, trust, sha256)
  if (!found.ok) return unheard(warn, `statement_${found.reason}`)
  const { claims, key } = found
  if (claims.sub !== code.licenseId) return unheard(warn, 'statement_wrong_license')
  if (claims.product !== code.product || !isNamed(claims.aud, productCode)) {
    return unheard(warn, 'statement_wrong_product')
  }
  const isFresh = typeof nonce === 'string' && claims.nonce === nonce
  if (nonce !== undefined && !isFresh) warn('statement_not_fresh')
  // Proof of the present outranks a clock that is known to be wrong, and no other.
  const isProof = isFresh && clock.rolledBack
  if (isAhead(clock, claims.iat) && !isProof) return unheard(warn, 'statement_not_yet_valid')
  return { claims, key, isFresh }
}

export interface HeardList extends Heard<RevocationList> {
  /** Its number is below one that was accepted before: it is not listened to, and the program must be told. */
  readonly isRolledBack: boolean
}

/** The list when it is genuine, of this product and not dated ahead; else null, and a warning. */
export function* hearList(
  hearing: Hearing,
  text: unknown,
  clock: Clock,
  statement: HeardStatement | null,
): Steps<HeardList | null> {
  const { code, certificates, trust, sha256, memory, warn } = hearing
  if (text === undefined || text === null) return null
  const found = yield* attestedList(text, code.product, certificates, trust, sha256)
  if (!found.ok) return unheard(warn, `list_${found.reason}`)
  const { claims, key } = found
  const productCode = hearing.productCode ?? statement?.claims.aud ?? null
  if (!isNamed(claims.aud, productCode)) return unheard(warn, 'list_wrong_product')
  if (isAhead(clock, claims.iat)) return unheard(warn, 'list_not_yet_valid')
  if (clock.now > claims.next_update) warn('list_overdue')
  const aud = audDigest(claims.aud, sha256)
  const floor = memory.lists.find((one) => one.aud === aud)
  return { claims, key, isRolledBack: floor !== undefined && claims.number < floor.number }
}

function unheard(warn: Hearing['warn'], warning: Warning): null {
  warn(warning)
  return null
}

const isNamed = (aud: string, productCode: string | null): boolean =>
  productCode === null || aud === productCode

export function statementVoice({ claims: { rev, iat, status }, key }: HeardStatement): Voice {
  return { by: 'statement', revision: rev, at: iat, word: status, key }
}

/** A list that is newer than a remembered entry and says nothing takes it back, unless the license was released. */
export function isTakenBack(voice: Voice, list: HeardList | null, listed: readonly Voice[]): boolean {
  if (voice.by !== 'list' || voice.word === 'released' || list === null) return false
  return listed.length === 0 && !list.isRolledBack && list.claims.iat > voice.at
}

/** What the list says of a license: nothing, or one voice for each of its entries. */
export function listVoices(
  { claims: { entries, iat }, key }: HeardList,
  licenseId: string,
): readonly Voice[] {
  const voices: Voice[] = []
  for (const [id, revision, word] of entries) {
    if (id === licenseId) voices.push({ by: 'list', revision, at: iat, word, key })
  }
  return voices
}
