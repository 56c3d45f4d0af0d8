import type { Sha256 } from '../format/bytes.ts'
import type { KeyCertificate } from '../format/key-certificate.ts'
import type { LicenseFile } from '../format/license-file.ts'
import { readKeyCertificates, type SignedObject } from '../format/license-text.ts'
import { standingFloors, withManifests } from './floors.ts'
import type { Hearing } from './hearing.ts'
import { EMPTY, type Memory, readMemory, writeMemory } from './memory.ts'
import { NOTHING_SINCE, type Question } from './options.ts'
import type { Steps } from './steps.ts'
import { newestIn, type Trust } from './trust.ts'
import type { TrustMemory } from './trust-memory.ts'
import { refused, type Verdict } from './verdict.ts'
import { genuineness } from './verify-license.ts'
import type { Warning } from './warnings.ts'
import { weigh } from './weighing.ts'

/** A license text alone, or what a license file holds beside it. */
export type Bundle = Omit<LicenseFile, 'license'> & { readonly license: unknown }

/**
 * Judges a license with everything met since the program was shipped (contract 1.4, 1.5 and 2): the manifests first,
 * since they decide which keys count; then the code; then what a statement, a list and the stored state add to it.
 * What the options give stands before what the file holds.
 */
export function* combined(
  bundle: Bundle,
  question: Question,
  pinned: Trust,
  trustMemory: TrustMemory,
  sha256: Sha256,
): Steps<Verdict> {
  const since = question.since ?? NOTHING_SINCE
  const warnings = new Set<Warning>()
  const warn = (warning: Warning) => void warnings.add(warning)
  const stored = recall(since.state, warn, sha256)
  const extended = yield* trustMemory.extended(pinned, [since.manifests, bundle.manifests], stored.revoked)
  if (extended.refused) warn('manifests_refused')
  const { trust } = extended
  const memory = withManifests(standingFloors(stored, trust), trust)
  if (memory.root > newestIn(trust)) warn('manifests_behind')

  const certificates = certificatesIn([...question.certificates, ...bundle.certificates], sha256)
  const found = yield* genuineness(bundle.license, certificates, trust, sha256)
  const productCode = typeof question.names?.product === 'string' ? question.names.product : null
  const given = { statement: since.statement ?? bundle.statement, list: since.list ?? bundle.list }
  const about = { certificates, trust, sha256, productCode, nonce: since.nonce, memory, warn }
  const weighed = found.ok
    ? yield* weigh(found, question, given, about)
    : { verdict: refused(found.reason), memory }
  const state = writeMemory(weighed.memory, sha256)
  return { ...weighed.verdict, state, ...(warnings.size > 0 && { warnings: [...warnings] }) }
}

/** The stored state; the empty text and none at all are an empty memory, what is not readable is too, and is told. */
function recall(state: unknown, warn: Hearing['warn'], sha256: Sha256): Memory {
  if (state === undefined || state === '') return EMPTY
  const memory = readMemory(state, sha256)
  if (memory === null) warn('state_unreadable')
  return memory ?? EMPTY
}

export function certificatesIn(
  texts: readonly string[],
  sha256: Sha256,
): readonly SignedObject<KeyCertificate>[] {
  return texts.flatMap((text) => {
    const read = readKeyCertificates(text, sha256)
    return read.ok ? read.certificates : []
  })
}
