import { accessKeyPurpose } from './configuration.ts'
import { customerPurpose } from './customer.ts'
import type { Sealing } from './host.ts'
import { kitPurpose } from './kit.ts'
import { openApiPurpose } from './outgoing/credentials.ts'
import { outgoingPurpose } from './outgoing/new-call.ts'
import { signingKeyPurpose } from './purposes.ts'
import { SEALED_KINDS, type SealedChange, type SealedKind, type SealedStore } from './sealed-store.ts'

export interface Resealed {
  /** What was sealed under the old key and is not any more; of a dry run, what would be. */
  readonly resealed: number
  /** What opens under neither key and was left as it is. */
  readonly unreadable: readonly { readonly kind: SealedKind; readonly name: string }[]
}

const PURPOSES: Readonly<Record<SealedKind, (name: string) => string>> = {
  signing_key: signingKeyPurpose,
  access_key: accessKeyPurpose,
  open_api: openApiPurpose,
  customer: customerPurpose,
  outgoing_call: outgoingPurpose,
  kit_entry: kitPurpose,
}

/** Rows of one durable write. */
const BATCH = 500

/**
 * Seals everything in the database that is not under `next` yet anew, in batches, and tells `progress` how many texts
 * were looked at. A text that changed meanwhile is left alone: whoever wrote it sealed it under `next`. It can be
 * interrupted anywhere and run again. A dry run opens everything and writes nothing.
 */
export async function resealAll(
  store: SealedStore,
  before: Sealing,
  next: Sealing,
  dryRun: boolean,
  progress: (done: number) => void,
): Promise<Resealed> {
  let resealed = 0
  let done = 0
  const unreadable: Resealed['unreadable'][number][] = []
  for (const kind of SEALED_KINDS) {
    for await (const page of pages(store, kind)) {
      const changes: SealedChange[] = []
      for (const { name, sealed } of page) {
        const purpose = PURPOSES[kind](name)
        if (opened(next, purpose, sealed) !== null) continue
        const secret = opened(before, purpose, sealed)
        if (secret === null) unreadable.push({ kind, name })
        else changes.push({ name, before: sealed, sealed: next.seal(purpose, secret) })
      }
      if (changes.length > 0 && !dryRun) await store.replaceSealed(kind, changes)
      resealed += changes.length
      done += page.length
      progress(done)
    }
  }
  return { resealed, unreadable }
}

async function* pages(store: SealedStore, kind: SealedKind) {
  let after: string | null = null
  for (;;) {
    const page = await store.sealedTexts(kind, after, BATCH)
    if (page.length > 0) yield page
    if (page.length < BATCH) return
    after = page.at(-1)!.name
  }
}

function opened(sealing: Sealing, purpose: string, sealed: string): Uint8Array | null {
  try {
    return sealing.open(purpose, sealed)
  } catch {
    return null
  }
}
