import type { Catalog } from '../domain/catalog.ts'
import type { Event } from '../domain/events.ts'
import type { InstanceRef, LicenseId, OrderRef } from '../domain/ids.ts'
import type { License } from '../domain/license.ts'
import type { Seconds } from '../domain/time.ts'
import type { Applications, LicenseApplication } from './applications.ts'
import type { CallMemory, RememberedAnswer, ReplayMark } from './call-memory.ts'
import type { DeviceCode, DeviceCodes, NewDeviceCode } from './device-codes.ts'
import type { KeyLicenses } from './key-licenses.ts'
import type { KeyStore } from './key-store.ts'
import type { KitChange, KitStore } from './kit-entry.ts'
import type { Leases } from './leases.ts'
import type { ListStore } from './list-store.ts'
import type { CodeNote, MarketplaceCodes } from './marketplace-codes.ts'
import type { Moving, Unfinished } from './move/moving.ts'
import type { OrderNote, Orders } from './orders.ts'
import type { Alert, Outbox } from './outbox.ts'
import type { CallEnding, Outgoing, OutgoingOrder } from './outgoing/calls.ts'
import type { OpenApiStore, StoredOpenApi } from './outgoing/credentials.ts'
import type { SealedStore } from './sealed-store.ts'

export type { Alert, Outbox, QueuedAlert } from './outbox.ts'

/**
 * What the authority needs from outside, as narrow interfaces. `store/` and `crypto/` implement them,
 * `runtime/` puts them together; nothing here knows an engine.
 */
export interface Store
  extends LicenseReader,
    CallMemory,
    Parking,
    Settings,
    KeyStore,
    KeyLicenses,
    SealedStore,
    ListStore,
    Outbox,
    Outgoing,
    OpenApiStore,
    Leases,
    KitStore,
    Orders,
    MarketplaceCodes,
    Applications,
    DeviceCodes {
  /**
   * Everything of one use case in one atomic batch: all of it is durable, or none of it.
   * `conflict`: another writer was first (a license version, an order line, an instance, a replay mark or an
   * answer already exists; the orders of the license were noted meanwhile; the license that a call is to be
   * parked for exists by now; the outgoing call that it ends was ended, or begun again); load again and decide again.
   * A call parked before and an alert or an outgoing call queued before are no conflict. Throws on an outage.
   */
  commit(batch: Batch): Promise<Committed>
  /**
   * Writes and takes back one row, and asks of each table of a sale that it can be written; throws with the reason
   * when the database cannot be.
   */
  probe(): Promise<void>
  /** Deletes replay marks that expired before `now`, at most `limit`; returns how many. */
  sweepMarks(now: Seconds, limit: number): Promise<number>
  /** Why nobody may use this database yet; null for every other one. */
  unfinished(): Promise<Unfinished | null>
  /** For those who carry the whole database elsewhere. */
  moving(): Moving
  /** `at` of the newest event, or null in an empty database. */
  newestEventAt(): Promise<Seconds | null>
  close(): Promise<void>
}

export type Committed = 'committed' | 'conflict'

export interface Batch {
  readonly change?: LicenseChange
  readonly mark?: ReplayMark
  readonly answer?: RememberedAnswer
  readonly park?: ParkedCall
  /** Keys of parked calls that this batch settles. */
  readonly unpark?: readonly string[]
  /** A code handed to a marketplace's test call: only its digest is kept. */
  readonly testCode?: CodeIdentity
  readonly alerts?: readonly Alert[]
  /** Calls to the marketplace that follow from it. */
  readonly outgoing?: readonly OutgoingOrder[]
  readonly notes?: readonly OrderNote[]
  readonly codes?: readonly CodeNote[]
  /** Whatever is there of it, but for one that was made: that stays. */
  readonly application?: LicenseApplication
  readonly deviceCode?: NewDeviceCode
  readonly kit?: KitChange
  /** The outgoing call that all of it follows from. */
  readonly ending?: CallEnding
}

/**
 * One license before and after. `events` follow on `before.revision`, each raising it by `raiseOf`; their primary key
 * (license, revision) is the optimistic lock. The orders of `after` are noted, also when there is no event.
 * A code has the revision of the last event.
 */
export interface LicenseChange {
  readonly before: License | null
  readonly after: License
  readonly events: readonly Event[]
  readonly by: Actor
  /** The code this change issued, or null where none is due. */
  readonly code: IssuedCode | null
  /** Sealed personal data of the buyer; kept beside the license, erasable. */
  readonly customer: string | null
}

/** Who changed a license and why; kept in the history. `who` is `callback:NAME`, `marketplace:NAME` (what it answered), `operator` or `scheduler`. */
export interface Actor {
  readonly who: string
  readonly reason: string | null
}

/** How the server knows its own codes again. */
export interface CodeIdentity {
  readonly license: LicenseId
  readonly revision: number
  /** `shortDigest` of the signed bytes. */
  readonly digest: string
}

/** What a server knows of a code by its digest. */
export interface Presented {
  /** This server signed exactly this code, for a license or for a test call. */
  readonly issued: boolean
  /** Its license as it is now; null when it is not issued, belongs to a test call, or the license is gone. */
  readonly license: License | null
  /** Where it was made for one device of its license, and is not the license's own. */
  readonly made?: DeviceCode
}

export interface IssuedCode extends CodeIdentity {
  readonly kid: string
  /** base64url of body and signature: the code itself, in its shortest spelling. */
  readonly bytes: string
}

/** A call that cannot be applied yet. `key` names it, so that a re-send is parked once. */
export interface ParkedCall {
  readonly key: string
  readonly channel: string
  /** The instance it waits for; null when an order waits for its offer. */
  readonly instance: string | null
  readonly order: string | null
  readonly why: ParkedReason
  /** The intent as JSON, applied when what it waits for arrives. */
  readonly intent: string
  readonly at: Seconds
}

export type ParkedReason =
  | 'unknown_instance'
  | 'no_matching_offer'
  | 'bad_quantity'
  /** An order that would change a license to another product. */
  | 'other_product'
  | 'unknown_scene'

export interface LicenseReader {
  byId(id: LicenseId): Promise<License | null>
  byInstance(channel: string, instance: string): Promise<License | null>
  byOrder(channel: string, order: OrderRef): Promise<License | null>
  /** The newest code of a license, or null when it never had one. */
  newestCode(id: LicenseId): Promise<IssuedCode | null>
  /**
   * What is known of a code that somebody shows, in one read. License and revision are those that the code itself
   * names: its digest is kept with the event that issued it, so there is no index of digests to feed.
   */
  presented(code: CodeIdentity): Promise<Presented>
  /** Oldest first. */
  history(id: LicenseId): Promise<readonly HistoryEntry[]>
  /** Keyset page in the order of creation; `after` is the `next` of the page before, anything else gets an empty page. */
  page(after: string | null, limit: number): Promise<Page<License>>
  /** Active licenses whose grace has run out at `now`, the longest due first. */
  due(now: Seconds, limit: number): Promise<readonly LicenseId[]>
  /** Sealed personal data, or null. */
  customer(id: LicenseId): Promise<string | null>
}

export interface HistoryEntry {
  readonly revision: number
  readonly event: Event
  readonly by: Actor
}

export interface Page<T> {
  readonly items: readonly T[]
  readonly next: string | null
}

export interface Parking {
  /** All that wait, oldest first; `before` limits to those parked earlier than it. */
  parked(limit: number, before?: Seconds): Promise<readonly ParkedCall[]>
  parkedFor(channel: string, instance: string): Promise<readonly ParkedCall[]>
  /** Those that name an order of this number, of every channel, the oldest first. All that wait are read for it. */
  parkedUnder(order: string): Promise<readonly ParkedCall[]>
  /** Instances whose license is here although calls still wait for it, at most `limit`. */
  arrived(limit: number): Promise<readonly InstanceRef[]>
  parkedCount(): Promise<number>
}

/** Administrative state. Every write raises `generation`, which a running server watches. */
export interface Settings {
  generation(): Promise<number>
  channels(): Promise<readonly StoredChannel[]>
  catalog(): Promise<Catalog>
  /** `conflict` when the name is taken or an access key is already some channel's. */
  addChannel(channel: StoredChannel): Promise<Committed>
  /** As `addChannel`. Makes due what the marketplace refused under every key that the channel had, also what is dead. */
  addAccessKey(channel: string, key: StoredAccessKey): Promise<Committed>
  /** False when the channel has no such key. */
  removeAccessKey(channel: string, keyId: string): Promise<boolean>
  replaceCatalog(catalog: Catalog): Promise<void>
  /** A small named text, such as the check value of the master key. */
  setting(name: string): Promise<string | null>
  setSetting(name: string, value: string): Promise<void>
}

export interface StoredChannel {
  readonly name: string
  readonly kind: string
  readonly timeZone: string
  /** Accepted distance between a call's time and ours, seconds. */
  readonly windows: { readonly timestamp: Seconds; readonly authToken: Seconds }
  /** Newest last. */
  readonly keys: readonly StoredAccessKey[]
  /** null: the marketplace is not called. */
  readonly openApi: StoredOpenApi | null
}

export interface StoredAccessKey {
  /** First 8 hex digits of the SHA-256 of the access key. */
  readonly id: string
  readonly sealed: string
  readonly createdAt: Seconds
}
