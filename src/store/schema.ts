import type { ApplicationRow, DeviceCodeRow } from './application-rows.ts'
import type { KitEntryRow, KitPartRow } from './kit-rows.ts'

/** The tables of `schema.sql` as Kysely sees them. A change here is a change there, and of the version. */
export interface Database {
  licenses: LicenseRow
  license_events: EventRow
  test_codes: { digest: string }
  customers: { license_id: string; sealed: string }
  answer_forms: { form: number; body: string }
  answers: AnswerRow
  replay_marks: MarkRow
  parked_calls: ParkedRow
  channels: ChannelRow
  access_keys: AccessKeyRow
  signing_keys: SigningKeyRow
  key_events: KeyEventRow
  root_manifests: { version: number; manifest: string }
  revocation_lists: RevocationListRow
  alerts: AlertRow
  open_apis: OpenApiRow
  outgoing_calls: OutgoingCallRow
  orders: OrderRow
  marketplace_codes: MarketplaceCodeRow
  applications: ApplicationRow
  device_codes: DeviceCodeRow
  kit_parts: KitPartRow
  kit_entries: KitEntryRow
  settings: { name: string; value: string }
  leases: LeaseRow
}

/** Rises with every change of `schema.sql`; a database says in its settings which one it has. */
export const SCHEMA_VERSION = 3

export interface LicenseRow {
  id: string
  channel: string | null
  instance: string | null
  order_id: string | null
  order_line: string | null
  status: string
  revision: number
  product: number | null
  edition: number | null
  seats: number | null
  features: number | null
  trial: number | null
  grace_days: number | null
  paid_until: number | null
  binding: string | null
  freeze_reason: string | null
  held: string | null
  orders: string | null
  hand_over_floor: number
  codes_until: number | null
  shut_out_below: number | null
  shut_out_until: number | null
  due: number | null
  listed_until: number | null
  created_at: number
  code_revision: number | null
  code_kid: string | null
  code_bytes: string | null
  answer_form: number | null
  answer_code: string | null
  answer_fields: string | null
}

export interface EventRow {
  license_id: string
  revision: number
  type: string
  data: string
  at: number
  who: string
  reason: string | null
  code_digest: string | null
}

export interface AnswerRow {
  channel: string
  answer_key: string
  fields: string
  body: string
}

export interface MarkRow {
  access_key: string
  signature: string
  nonce: string | null
  request: string
  answer: string
  expires: number
}

export interface ParkedRow {
  call_key: string
  channel: string
  instance: string | null
  order_id: string | null
  why: string
  intent: string
  at: number
  ordinal: number
}

export interface ChannelRow {
  name: string
  kind: string
  time_zone: string
  timestamp_window: number
  auth_token_window: number
}

export interface AccessKeyRow {
  id: string
  channel: string
  sealed: string
  created_at: number
  ordinal: number
}

export interface SigningKeyRow {
  kid: string
  usage: string
  status: string
  public_key: string
  sealed: string | null
  certificates: string
  created_at: number
  spare: number
  request: string | null
  certified_at: number | null
}

export interface KeyEventRow {
  ordinal: number
  kid: string | null
  type: string
  detail: string
  at: number
  who: string
  reason: string | null
}

export interface RevocationListRow {
  product: number
  changes: number
  number: number | null
  digest: string | null
  issued_at: number | null
}

export interface AlertRow {
  kind: string
  alert_key: string
  detail: string
  at: number
  due: number | null
  attempts: number
}

export interface OpenApiRow {
  channel: string
  site: string
  sealed: string
  since: number
}

export interface OutgoingCallRow {
  id: string
  channel: string
  type: string
  call_key: string
  sealed: string | null
  at: number
  state: string
  due: number | null
  attempts: number
  error: string | null
  tried_at: number | null
}

export interface OrderRow {
  channel: string
  order_id: string
  order_line: string
  cause: string
  license_id: string | null
  state: string
  noted_at: number
  learnt_at: number | null
  kind: string | null
  ordered_at: number | null
  charging: string | null
  paid_until: number | null
  marketplace_product: string | null
  sku: string | null
  quantity: string | null
}

export interface LeaseRow {
  name: string
  holder: string
  until: number
}

export interface MarketplaceCodeRow {
  license_id: string
  activated_at: number | null
  confirmed_at: number | null
  said: string | null
  repaired: string | null
  repaired_at: number | null
  due: number | null
}
