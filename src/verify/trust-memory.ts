import type { Sha256 } from '../format/bytes.ts'
import { type Bounded, bounded } from './bounded.ts'
import { walkOn } from './chain.ts'
import type { Steps } from './steps.ts'
import { isTrust, NO_TRUST, type OpenedTrust, open, prepare, type Trust } from './trust.ts'
import { partsOf, readParts } from './trust-input.ts'

/** Opens trust, and remembers what it opened, so that a program may hand in the same manifests on every call. */
export interface TrustMemory {
  open(input: unknown): Steps<OpenedTrust>
  /** As `open`; what cannot be trusted becomes a trust in nothing. */
  trustIn(input: unknown): Steps<Trust>
  /** The trust walked on over manifests met since, with keys that are known to be revoked from elsewhere. */
  extended(trust: Trust, met: readonly Parts[], alsoRevoked: readonly string[]): Steps<Extended>
}

/** Manifests of one source, unread; what a lone text holds may be a list of them. */
export type Parts = readonly unknown[]

export interface Extended {
  readonly trust: Trust
  /** Something that was met is malformed or does not follow. */
  readonly refused: boolean
}

/** Distinct texts remembered; programs pin one or two. */
const REMEMBERED_TEXTS = 16

interface Remembered {
  readonly parts: readonly unknown[]
  readonly opened: OpenedTrust
}

/**
 * Remembered by the last part, the newest manifest, and used again only when every part is the same text or the
 * same object: a manifest added to a list is seen at once. A parsed manifest that is changed in place is not.
 */
export function trustMemory(sha256: Sha256): TrustMemory {
  const texts: Bounded<string, Remembered> = bounded(REMEMBERED_TEXTS)
  const objects = new WeakMap<object, Remembered>()
  const extensions = new WeakMap<Trust, { readonly given: readonly unknown[]; readonly extended: Extended }>()

  function recall(parts: readonly unknown[]): OpenedTrust | null {
    const last = parts.at(-1)
    const found = typeof last === 'string' ? texts.get(last) : isObject(last) ? objects.get(last) : undefined
    return found !== undefined && sameParts(found.parts, parts) ? found.opened : null
  }

  function remember(remembered: Remembered): void {
    const last = remembered.parts.at(-1)
    if (typeof last === 'string') texts.set(last, remembered)
    else if (isObject(last)) objects.set(last, remembered)
  }

  function* openRemembered(input: unknown): Steps<OpenedTrust> {
    if (isTrust(input)) return { ok: true, trust: input }
    const parts = partsOf(input)
    if (parts === null) return { ok: false, why: 'no root manifests, or too many' }
    const recalled = recall(parts)
    if (recalled !== null) return recalled
    const opened = yield* open(parts, sha256)
    remember({ parts, opened })
    return opened
  }

  function* trustIn(input: unknown): Steps<Trust> {
    const opened = yield* openRemembered(input)
    return opened.ok ? opened.trust : NO_TRUST
  }

  /** The last extension of each trust is remembered; without anything new the trust is its own. */
  function* extended(trust: Trust, met: readonly Parts[], alsoRevoked: readonly string[]): Steps<Extended> {
    const missing = alsoRevoked.filter((name) => !trust.revoked.has(name))
    const given = [...met.flat(), ...missing]
    if (given.length === 0) return { trust, refused: false }
    const known = extensions.get(trust)
    if (known !== undefined && sameParts(known.given, given)) return known.extended
    const { manifests, refused } = yield* walkOn(
      trust.manifests,
      met.flatMap((parts) => readParts(parts, sha256)),
    )
    const isNew = manifests.length > trust.manifests.length || missing.length > 0
    const found = { trust: isNew ? prepare(manifests, missing) : trust, refused }
    extensions.set(trust, { given, extended: found })
    return found
  }

  return { open: openRemembered, trustIn, extended }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function sameParts(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((part, i) => part === b[i])
}
