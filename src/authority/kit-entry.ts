import type { Seconds } from '../domain/time.ts'
import type { Page } from './ports.ts'

/**
 * What a marketplace tells a seller of the enterprises that buy: the enterprise itself, the application it was given,
 * those who may use it, and the departments they are in. It is kept and shown; no license depends on it.
 */
export const KIT_KINDS = ['tenant', 'application', 'user', 'department'] as const
export type KitKind = (typeof KIT_KINDS)[number]

/** All entries of one kind of one enterprise; the instance is empty before anything was bought. */
export interface KitPart {
  readonly channel: string
  readonly kind: KitKind
  readonly instance: string
  readonly tenant: string
}

/** What an entry says, as the marketplace spelled it. */
export type KitFacts = Readonly<Record<string, string>>

export interface KitEntry {
  /** What tells it from the other entries of its part; empty where there is one. */
  readonly key: string
  /** null: it is deleted. */
  readonly facts: { readonly open: KitFacts; readonly personal: KitFacts } | null
}

/** What a marketplace says of entries of one part, some of them or all there are. */
export interface KitSync extends Omit<KitPart, 'channel'> {
  readonly type: 'kit_sync'
  readonly test: boolean
  /** As in `KitChange`. */
  readonly sentAt: number
  readonly replaces: boolean
  readonly entries: readonly KitEntry[]
}

/**
 * A change of one part: an entry that is there from a later time stays, any other gives way, also one of the same time.
 * What is deleted is remembered by its id alone, so that an older call does not bring it back.
 */
export interface KitChange {
  readonly part: KitPart
  /** By the marketplace's own clock, Unix milliseconds. */
  readonly sentAt: number
  /** When it came. */
  readonly at: Seconds
  /** Every entry of the part that is not in `entries` is deleted. */
  readonly replaces: boolean
  /** No id twice; `sealed` null: it is deleted. */
  readonly entries: readonly { readonly id: string; readonly sealed: string | null }[]
}

export interface KeptKitEntry extends KitPart {
  readonly id: string
  readonly sealed: string
  readonly sentAt: number
  readonly at: Seconds
}

export interface KitStore {
  /** When the part was last replaced as a whole, Unix milliseconds; null: never. What is older counts no more. */
  kitReplacedAt(part: KitPart): Promise<number | null>
  /**
   * Keyset page of a channel's entries that are not deleted, by kind, instance, enterprise and id; `after` is the `next`
   * of the page before, anything else gets an empty page.
   */
  kitPage(
    channel: string,
    kind: KitKind | null,
    after: string | null,
    limit: number,
  ): Promise<Page<KeptKitEntry>>
}
