import type { Kind, MovedTable } from '../authority/move/moving.ts'
import { APPLICATION_TABLES } from './application-tables.ts'
import { KIT_TABLES } from './kit-tables.ts'
import type { Database } from './schema.ts'

/**
 * What an export holds: every table but those of `LEFT_OUT`, each after the tables that its foreign keys lead to. A
 * column that `schema.ts` has and this has not does not compile, nor one of another type; a test compares with
 * `schema.sql`.
 */
export const TABLES: { readonly [T in MovedName]: Moved<Database[T]> } = {
  channels: {
    key: ['name'],
    columns: {
      name: 'text',
      kind: 'text',
      time_zone: 'text',
      timestamp_window: 'integer',
      auth_token_window: 'integer',
    },
  },
  access_keys: {
    key: ['id'],
    columns: { id: 'text', channel: 'text', sealed: 'text', created_at: 'integer', ordinal: 'integer' },
  },
  open_apis: {
    key: ['channel'],
    columns: { channel: 'text', site: 'text', sealed: 'text', since: 'integer' },
  },
  signing_keys: {
    key: ['kid'],
    columns: {
      kid: 'text',
      usage: 'text',
      status: 'text',
      public_key: 'text',
      sealed: 'text?',
      certificates: 'text',
      created_at: 'integer',
      spare: 'integer',
      request: 'text?',
      certified_at: 'integer?',
    },
  },
  key_events: {
    key: ['ordinal'],
    columns: {
      ordinal: 'integer',
      kid: 'text?',
      type: 'text',
      detail: 'text',
      at: 'integer',
      who: 'text',
      reason: 'text?',
    },
  },
  root_manifests: { key: ['version'], columns: { version: 'integer', manifest: 'text' } },
  licenses: {
    key: ['id'],
    columns: {
      id: 'text',
      channel: 'text?',
      instance: 'text?',
      order_id: 'text?',
      order_line: 'text?',
      status: 'text',
      revision: 'integer',
      product: 'integer?',
      edition: 'integer?',
      seats: 'integer?',
      features: 'integer?',
      trial: 'integer?',
      grace_days: 'integer?',
      paid_until: 'integer?',
      binding: 'text?',
      freeze_reason: 'text?',
      held: 'text?',
      orders: 'text?',
      hand_over_floor: 'integer',
      codes_until: 'integer?',
      shut_out_below: 'integer?',
      shut_out_until: 'integer?',
      due: 'integer?',
      listed_until: 'integer?',
      created_at: 'integer',
      code_revision: 'integer?',
      code_kid: 'text?',
      code_bytes: 'text?',
      answer_form: 'integer?',
      answer_code: 'text?',
      answer_fields: 'text?',
    },
  },
  license_events: {
    key: ['license_id', 'revision'],
    columns: {
      license_id: 'text',
      revision: 'integer',
      type: 'text',
      data: 'text',
      at: 'integer',
      who: 'text',
      reason: 'text?',
      code_digest: 'text?',
    },
  },
  customers: { key: ['license_id'], columns: { license_id: 'text', sealed: 'text' } },
  test_codes: { key: ['digest'], columns: { digest: 'text' } },
  answers: {
    key: ['channel', 'answer_key'],
    columns: { channel: 'text', answer_key: 'text', fields: 'text', body: 'text' },
  },
  // Behind the licenses that name them: they are only ever added to.
  answer_forms: { key: ['form'], columns: { form: 'integer', body: 'text' } },
  replay_marks: {
    key: ['access_key', 'signature'],
    columns: {
      access_key: 'text',
      signature: 'text',
      nonce: 'text?',
      request: 'text',
      answer: 'text',
      expires: 'integer',
    },
  },
  parked_calls: {
    key: ['call_key'],
    columns: {
      call_key: 'text',
      channel: 'text',
      instance: 'text?',
      order_id: 'text?',
      why: 'text',
      intent: 'text',
      at: 'integer',
      ordinal: 'integer',
    },
  },
  revocation_lists: {
    key: ['product'],
    columns: {
      product: 'integer',
      changes: 'integer',
      number: 'integer?',
      digest: 'text?',
      issued_at: 'integer?',
    },
  },
  alerts: {
    key: ['kind', 'alert_key'],
    columns: {
      kind: 'text',
      alert_key: 'text',
      detail: 'text',
      at: 'integer',
      due: 'integer?',
      attempts: 'integer',
    },
  },
  outgoing_calls: {
    key: ['id'],
    columns: {
      id: 'text',
      channel: 'text',
      type: 'text',
      call_key: 'text',
      sealed: 'text?',
      at: 'integer',
      state: 'text',
      due: 'integer?',
      attempts: 'integer',
      error: 'text?',
      tried_at: 'integer?',
    },
  },
  orders: {
    key: ['order_id', 'order_line', 'channel'],
    columns: {
      channel: 'text',
      order_id: 'text',
      order_line: 'text',
      cause: 'text',
      license_id: 'text?',
      state: 'text',
      noted_at: 'integer',
      learnt_at: 'integer?',
      kind: 'text?',
      ordered_at: 'integer?',
      charging: 'text?',
      paid_until: 'integer?',
      marketplace_product: 'text?',
      sku: 'text?',
      quantity: 'text?',
    },
  },
  ...APPLICATION_TABLES,
  marketplace_codes: {
    key: ['license_id'],
    columns: {
      license_id: 'text',
      activated_at: 'integer?',
      confirmed_at: 'integer?',
      said: 'text?',
      repaired: 'text?',
      repaired_at: 'integer?',
      due: 'integer?',
    },
  },
  ...KIT_TABLES,
  settings: { key: ['name'], columns: { name: 'text', value: 'text' } },
}

/** What is true of one database and its processes alone: who does what at the moment, and what a write left there. */
export const LEFT_OUT = ['leases', 'write_tokens'] as const

export type MovedName = Exclude<keyof Database, (typeof LEFT_OUT)[number]>

export interface Moved<Row> {
  /** The primary key, in the order of its columns. */
  readonly key: readonly (keyof Row & string)[]
  readonly columns: { readonly [C in keyof Row]-?: KindOf<Row[C]> & Kind }
}

type KindOf<V> = null extends V ? `${BareKind<NonNullable<V>>}?` : BareKind<V>
type BareKind<V> = V extends string ? 'text' : 'integer'

export const MOVED_TABLES: readonly MovedTable[] = Object.entries(TABLES).map(([name, { columns }]) => ({
  name,
  columns: Object.entries(columns),
}))
