import type { Sha256 } from '../format/bytes.ts'
import { type Bounded, bounded } from './bounded.ts'
import type { Steps } from './steps.ts'
import { isTrust, NO_TRUST, type OpenedTrust, open, type Trust } from './trust.ts'
import { partsOf } from './trust-input.ts'

/** Opens trust, and remembers what it opened, so that a program may hand in the same manifests on every call. */
export interface TrustMemory {
  open(input: unknown): Steps<OpenedTrust>
  /** As `open`; what cannot be trusted becomes a trust in nothing. */
  trustIn(input: unknown): Steps<Trust>
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

  return { open: openRemembered, trustIn }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function sameParts(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((part, i) => part === b[i])
}
